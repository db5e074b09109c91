"""deleteMessage and deleteMessages."""

from contextlib import suppress
from typing import Any

from bot.standin.errors import RefusedError, bad_request
from bot.standin.methods.recipient import named_chat
from bot.standin.parameters import Parameters
from bot.standin.world import Chat, World

DELETABLE_SECONDS = 48 * 3600


async def delete_message(world: World, asked: Parameters) -> bool:
    """Delete one message; after 48 hours it is too late."""
    _delete(world, named_chat(world, asked), asked.integer("message_id"))
    return True


async def delete_messages(world: World, asked: Parameters) -> bool:
    """Delete up to a hundred; those that cannot be found are skipped."""
    chat, ids = named_chat(world, asked), asked.json("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 100:
        raise bad_request("there must be 1-100 identifiers of messages to delete")
    for message_id in ids:
        with suppress(RefusedError):
            _delete(world, chat, Parameters({"id": message_id}).integer("id"))
    return True


METHODS = {"deleteMessage": delete_message, "deleteMessages": delete_messages}


def _delete(world: World, chat: Chat, message_id: int) -> None:
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if world.timestamp() - message["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    if not _may_delete(world, chat, message):
        raise bad_request("message can't be deleted")
    world.remove(chat, message_id)


def _may_delete(world: World, chat: Chat, message: dict[str, Any]) -> bool:
    """Its own everywhere, anybody's in a private chat or as an administrator."""
    own = message.get("from", {}).get("id") == world.bot["id"]
    return own or chat.private or chat.bot_status == "administrator"
