"""The bot's list of commands, per scope and language."""

import re
from typing import Any

from bot.standin.errors import bad_request
from bot.standin.parameters import Parameters
from bot.standin.world import World

NAME = re.compile(r"[a-z0-9_]{1,32}")
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


async def set_my_commands(world: World, asked: Parameters) -> bool:
    """Replace the list of one scope and language."""
    commands = asked.json("commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise bad_request("can't parse commands: an Array of at most 100 BotCommand expected")
    world.commands[_key(asked)] = [_checked(world, command) for command in commands]
    world.events.publish("commands")
    return True


async def get_my_commands(world: World, asked: Parameters) -> list[dict[str, Any]]:
    """The list of exactly this scope and language."""
    return world.commands.get(_key(asked), [])


async def delete_my_commands(world: World, asked: Parameters) -> bool:
    """Forget the list of one scope and language."""
    world.commands.pop(_key(asked), None)
    world.events.publish("commands")
    return True


METHODS = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}


def _key(asked: Parameters) -> tuple[str, str]:
    scope = asked.json("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    fields = SCOPES[scope["type"]]
    name = ":".join([scope["type"], *(str(scope.get(field, "")) for field in fields)])
    return name, asked.text("language_code") or ""


def _checked(world: World, command: Any) -> dict[str, Any]:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(command.get("command", "")).removeprefix("/")
    description = str(command.get("description", "")).strip()
    if not NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    checked = {**command, "command": name, "description": description}
    if not world.knows_ephemeral:
        checked.pop("is_ephemeral", None)  # what a server does not know it leaves out
    return checked
