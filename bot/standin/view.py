"""Chats as a person sees them now: for the control API and the page."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bot.standin.world import Chat, World

SERVICE = {
    "migrate_to_chat_id": "This group became a supergroup.",
    "migrate_from_chat_id": "This supergroup was a group before.",
    "new_chat_members": "joined",
    "left_chat_member": "left",
    "forum_topic_created": "A topic was made.",
}
PLAIN = ("caption", "caption_entities", "entities", "location")


def chat_line(chat: Chat) -> dict[str, Any]:
    """One line in the list of chats."""
    return {"id": chat.id, "name": chat.name, "kind": chat.kind}


def shown_chat(world: World, chat: Chat, reader: int | None = None) -> dict[str, Any]:
    """The chat with its messages as they stand now: those for everybody, and those for its reader alone."""
    person = world.people.get(chat.id)
    return chat_line(chat) | {
        "messages": [shown_message(chat, message) for message in _seen_by(chat, reader)],
        "keyboard": chat.keyboard,
        "pinned": chat.pinned,
        "migrated_to": chat.migrated_to,
        "bot_status": chat.bot_status,
        "members": [
            {"id": member, "name": world.people[member].first_name, "status": status}
            for member, status in chat.members.items()
        ],
        "blocked": person.blocked if person else False,
    }


def _seen_by(chat: Chat, reader: int | None) -> list[dict[str, Any]]:
    """In the order in which they came."""
    alone = {
        number: message
        for number, message in chat.ephemeral.items()
        if reader in (message["from"]["id"], message["receiver_user"]["id"])
    }
    places = [((number, 0), message) for number, message in chat.messages.items()]
    places += [((chat.after[number], number), message) for number, message in alone.items()]
    return [message for _, message in sorted(places, key=lambda place: place[0])]


def shown_message(chat: Chat, message: dict[str, Any]) -> dict[str, Any]:
    """One message, flat and without Telegram's inner ids."""
    author = message.get("from") or {"id": chat.id, "first_name": chat.name, "is_bot": False}
    shown: dict[str, Any] = {
        "id": message["message_id"],
        "from": {key: author[key] for key in ("id", "first_name", "is_bot")},
        "text": message.get("text", ""),
        "date": datetime.fromtimestamp(message["date"], UTC).isoformat(),
        "edited": "edit_date" in message,
        "buttons": buttons_of(message),
    }
    shown |= {name: message[name] for name in PLAIN if name in message}
    shown |= _attachment(message) | _service(message)
    if "reply_to_message" in message:
        original = message["reply_to_message"]
        shown["reply_to"] = {
            "id": original["message_id"],
            "text": original.get("text", original.get("caption", "")),
        }
    if message.get("is_topic_message"):
        shown["topic"] = message["message_thread_id"]
    if message["message_id"] in chat.reactions:
        shown["reaction"] = chat.reactions[message["message_id"]]
    if "ephemeral_message_id" in message:
        shown |= {"id": -message["ephemeral_message_id"], "ephemeral": True}
    if "forward_origin" in message:
        shown["forwarded"] = True
    return shown


def buttons_of(message: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The inline keyboard: what each button says and does."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[_button(button) for button in row] for row in rows]


def _button(button: dict[str, Any]) -> dict[str, Any]:
    shown = {"text": button["text"], "data": button.get("callback_data")}
    if "copy_text" in button:
        shown["copy"] = button["copy_text"]["text"]
    return shown | {name: button[name] for name in ("url", "style") if name in button}


def _attachment(message: dict[str, Any]) -> dict[str, Any]:
    if "photo" in message:
        largest = message["photo"][-1]
        size = {"width": largest["width"], "height": largest["height"]}
        return {"photo": f"/control/files/{quote(largest['file_id'])}", "photo_size": size}
    if "document" in message:
        document = message["document"]
        url = f"/control/files/{quote(document['file_id'])}"
        return {"document": {"url": url, "filename": document["file_name"], "size": document["file_size"]}}
    return {kind: True for kind in ("voice", "sticker") if kind in message}


def _service(message: dict[str, Any]) -> dict[str, Any]:
    """A line in the middle of the chat, for what nobody wrote."""
    for field, words in SERVICE.items():
        if field in message:
            gone = message[field]
            who = gone[0] if isinstance(gone, list) else gone
            name = who.get("first_name") if isinstance(who, dict) else None
            return {"service": words if name is None else f"{name} {words}"}
    return {}
