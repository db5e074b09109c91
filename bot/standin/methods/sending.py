"""sendMessage, sendPhoto, sendDocument."""

from typing import Any

from bot.standin.entities import CAPTION_LIMIT, TEXT_LIMIT, compose, utf16_length
from bot.standin.errors import bad_request
from bot.standin.files import File
from bot.standin.markup import checked_markup
from bot.standin.methods.ephemeral import receiver_of
from bot.standin.methods.recipient import chat_to_send_to
from bot.standin.parameters import Parameters
from bot.standin.world import Chat, World


async def send_message(world: World, asked: Parameters) -> dict[str, Any]:
    """A text message."""
    chat = chat_to_send_to(world, asked)
    return deliver(world, chat, asked, composed_text(asked))


async def send_photo(world: World, asked: Parameters) -> dict[str, Any]:
    """A picture with a caption."""
    chat = chat_to_send_to(world, asked)
    return deliver(
        world, chat, asked, photo(world, asked, asked.text("photo"), "photo") | composed_caption(asked)
    )


async def send_document(world: World, asked: Parameters) -> dict[str, Any]:
    """A file with a caption."""
    chat = chat_to_send_to(world, asked)
    content = document(world, asked, asked.text("document"), "document")
    return deliver(world, chat, asked, content | composed_caption(asked))


METHODS = {"sendMessage": send_message, "sendPhoto": send_photo, "sendDocument": send_document}


def deliver(world: World, chat: Chat, asked: Parameters, content: dict[str, Any]) -> dict[str, Any]:
    """Check the keyboard and the pace, then put the message into the chat."""
    markup = checked_markup(asked.json("reply_markup"))
    content |= _circumstances(chat, asked)
    if markup and "inline_keyboard" in markup:
        content["reply_markup"] = markup
    may_cost = asked.flag("allow_paid_broadcast")
    receiver = receiver_of(world, chat, asked)
    world.limits.spend(chat.id, private=chat.private, may_cost=may_cost)
    if receiver is not None:
        return world.whisper(chat, world.bot, receiver.as_user(), content)
    message = world.post(chat, None if chat.kind == "channel" else world.bot, content)
    if markup and "inline_keyboard" not in markup:
        chat.uneditable.add(message["message_id"])
        chat.keyboard = markup if "keyboard" in markup else None
    return message


def composed_text(asked: Parameters) -> dict[str, Any]:
    """The text of a message, or Telegram's complaint about it."""
    given = asked.text("text") or ""
    text, entities = compose(given, asked.text("parse_mode"), asked.json("entities"))
    if not text:
        raise bad_request("message text is empty")
    if len(text) > TEXT_LIMIT // 2 and utf16_length(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def composed_caption(asked: Parameters) -> dict[str, Any]:
    """The caption of a file, which may be absent."""
    text, entities = compose(
        asked.text("caption") or "", asked.text("parse_mode"), asked.json("caption_entities")
    )
    if utf16_length(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    caption: dict[str, Any] = {"caption": text} if text else {}
    return caption | ({"caption_entities": entities} if entities else {})


def photo(world: World, asked: Parameters, given: str | None, field: str) -> dict[str, Any]:
    """The picture that was uploaded or named."""
    upload = asked.uploads.get(_upload_name(given, field))
    file = world.files.keep_photo(upload.content) if upload else _known(world, given, "photo")
    if not file.width:
        raise bad_request("can't use file of type Document as Photo")
    return {"photo": file.as_photo()}


def document(world: World, asked: Parameters, given: str | None, field: str) -> dict[str, Any]:
    """The file that was uploaded or named."""
    upload = asked.uploads.get(_upload_name(given, field))
    if upload:
        return {"document": world.files.keep_document(*upload).as_document()}
    return {"document": _known(world, given, "document").as_document()}


def _upload_name(given: str | None, field: str) -> str:
    """`attach://name` points at another part of the request; otherwise the part is called like the field."""
    return given.removeprefix("attach://") if given and given.startswith("attach://") else field


def _known(world: World, given: str | None, kind: str) -> File:
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    return world.files.by_id(given)


def _circumstances(chat: Chat, asked: Parameters) -> dict[str, Any]:
    """What a message carries besides its content."""
    found: dict[str, Any] = {}
    reply = asked.json("reply_parameters") or {}
    if not isinstance(reply, dict):
        raise bad_request("can't parse reply parameters: expected an Object")
    target = Parameters(reply).integer("message_id") or asked.integer("reply_to_message_id")
    if target:
        original = chat.messages.get(target)
        if original is not None:
            found["reply_to_message"] = {k: v for k, v in original.items() if k != "reply_to_message"}
        elif not (reply.get("allow_sending_without_reply") or asked.flag("allow_sending_without_reply")):
            raise bad_request("message to be replied not found")
    if asked.flag("protect_content"):
        found["has_protected_content"] = True
    if asked.text("message_effect_id"):
        found["effect_id"] = asked.text("message_effect_id")
    return found | _thread(chat, asked.integer("message_thread_id"))


def _thread(chat: Chat, thread: int) -> dict[str, Any]:
    """The topic of a forum in which a message stands; General has none."""
    if not thread:
        return {}
    if thread not in chat.topics:
        raise bad_request("message thread not found")
    if chat.topics[thread] == "closed" and chat.bot_status != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return {"message_thread_id": thread, "is_topic_message": True}
