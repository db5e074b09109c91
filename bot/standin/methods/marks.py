"""Marks on messages: reactions and pins."""

from bot.standin.errors import bad_request
from bot.standin.methods.recipient import named_chat, named_message
from bot.standin.parameters import Parameters
from bot.standin.world import World


async def set_message_reaction(world: World, asked: Parameters) -> bool:
    """The bot's one reaction to a message; an empty list takes it back."""
    chat, message = named_message(world, asked, "react")
    reactions = asked.json("reaction") or []
    if not isinstance(reactions, list) or len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat.reactions.pop(message["message_id"], None)
    for reaction in reactions:
        if not isinstance(reaction, dict) or reaction.get("type") != "emoji":
            raise bad_request("REACTION_INVALID")
        chat.reactions[message["message_id"]] = str(reaction.get("emoji", ""))
    world.events.publish("chat", chat=chat.id)
    return True


async def pin_chat_message(world: World, asked: Parameters) -> bool:
    """Pin a message."""
    chat, message = named_message(world, asked, "pin")
    if message["message_id"] in chat.pinned:
        chat.pinned.remove(message["message_id"])
    chat.pinned.append(message["message_id"])
    world.events.publish("chat", chat=chat.id)
    return True


async def unpin_chat_message(world: World, asked: Parameters) -> bool:
    """Unpin a message, or the latest pinned one."""
    chat = named_chat(world, asked)
    message_id = asked.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    world.events.publish("chat", chat=chat.id)
    return True


async def unpin_all_chat_messages(world: World, asked: Parameters) -> bool:
    """Unpin everything."""
    chat = named_chat(world, asked)
    chat.pinned.clear()
    world.events.publish("chat", chat=chat.id)
    return True


METHODS = {
    "setMessageReaction": set_message_reaction,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
}
