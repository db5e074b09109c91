"""Which chat a request means, and whether the bot may act in it."""

from typing import Any

from bot.standin.errors import MIGRATED, bad_request, forbidden
from bot.standin.parameters import Parameters
from bot.standin.world import Chat, World


def named_chat(world: World, asked: Parameters) -> Chat:
    """The chat that `chat_id` names; a group that moved says where to."""
    if asked.values.get("chat_id") in (None, ""):
        raise bad_request("chat_id is empty")
    chat = world.chats.get(asked.integer("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        raise bad_request(MIGRATED, migrate_to_chat_id=chat.migrated_to)
    return chat


def chat_to_send_to(world: World, asked: Parameters) -> Chat:
    """The chat, when the bot may write into it."""
    chat = named_chat(world, asked)
    if chat.private:
        _check_person(world, chat.id)
        return chat
    _check_presence(chat)
    if chat.kind == "channel" and chat.bot_status != "administrator":
        raise bad_request("need administrator rights in the channel chat")
    if chat.bot_status == "restricted":
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def _check_presence(chat: Chat) -> None:
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def _check_person(world: World, person_id: int) -> None:
    person = world.people[person_id]
    if person.deactivated:
        raise forbidden("user is deactivated")
    if person.blocked:
        raise forbidden("bot was blocked by the user")
    if not person.started:
        raise forbidden("bot can't initiate conversation with a user")


def named_message(world: World, asked: Parameters, purpose: str) -> tuple[Chat, dict[str, Any]]:
    """The message that `chat_id` and `message_id` name, in a chat where the bot is."""
    chat = named_chat(world, asked)
    if not chat.private:
        _check_presence(chat)
    message = chat.messages.get(asked.integer("message_id"))
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return chat, message
