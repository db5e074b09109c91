"""editMessageText, editMessageCaption, editMessageMedia, editMessageReplyMarkup."""

from typing import Any

from bot.standin.errors import NOT_MODIFIED, bad_request
from bot.standin.markup import checked_markup
from bot.standin.methods.recipient import named_message
from bot.standin.methods.sending import composed_caption, composed_text, document, photo
from bot.standin.parameters import Parameters
from bot.standin.world import Chat, World

CONTENT = {"text", "entities", "caption", "caption_entities", "photo", "document", "reply_markup"}
CAPTION = {"caption", "caption_entities"}


async def edit_message_text(world: World, asked: Parameters) -> dict[str, Any]:
    """Another text, and the keyboard given with it or none."""
    chat, message = _own_message(world, asked)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, chat, message, {"text", "entities"}, composed_text(asked), asked)


async def edit_message_caption(world: World, asked: Parameters) -> dict[str, Any]:
    """Another caption, and the keyboard given with it or none."""
    chat, message = _own_message(world, asked)
    if "text" in message:
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, chat, message, CAPTION, composed_caption(asked), asked)


async def edit_message_media(world: World, asked: Parameters) -> dict[str, Any]:
    """Another picture or file with its caption."""
    chat, message = _own_message(world, asked)
    media = asked.json("media")
    if not isinstance(media, dict) or media.get("type") not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: media of type photo or document expected")
    read = photo if media["type"] == "photo" else document
    content = read(world, asked, media.get("media"), "media") | composed_caption(Parameters(media))
    return _edit(world, chat, message, CONTENT, content, asked)


async def edit_message_reply_markup(world: World, asked: Parameters) -> dict[str, Any]:
    """Another keyboard under the same content."""
    chat, message = _own_message(world, asked)
    return _edit(world, chat, message, set(), {}, asked)


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
}


def _own_message(world: World, asked: Parameters) -> tuple[Chat, dict[str, Any]]:
    """The bot's own message; one that came with a reply keyboard can never be edited."""
    chat, message = named_message(world, asked, "edit")
    own = message.get("from", world.bot)["id"] == world.bot["id"]
    if not own or message["message_id"] in chat.uneditable:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(
    world: World,
    chat: Chat,
    message: dict[str, Any],
    replaced: set[str],
    content: dict[str, Any],
    asked: Parameters,
) -> dict[str, Any]:
    """Put new content in place of the `replaced` fields. The keyboard is always replaced."""
    markup = checked_markup(asked.json("reply_markup"))
    if markup and markup.get("inline_keyboard"):
        content["reply_markup"] = markup
    gone = replaced | {"reply_markup"}
    edited = {key: value for key, value in message.items() if key not in gone} | content
    if _same(edited, message):
        raise bad_request(NOT_MODIFIED)
    edited["edit_date"] = world.timestamp()
    return world.replace(chat, edited)


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(key) == other.get(key) for key in CONTENT)
