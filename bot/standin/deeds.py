"""What people do: write, press buttons, block, join, leave. Every deed becomes an update for the bot."""

import re
from dataclasses import dataclass
from typing import Any

from bot.standin.methods.chats import member
from bot.standin.queries import Query
from bot.standin.sample import SAMPLE_PICTURE
from bot.standin.view import buttons_of
from bot.standin.world import ANONYMOUS_ADMIN, Chat, Person, World, written

STATUSES = ("creator", "administrator", "member", "restricted", "left", "kicked")
TOPIC_STATES = ("open", "closed", "deleted")
KINDS = ("text", "voice", "sticker", "photo", "edited", "forward")
PRESENT = ("creator", "administrator", "member", "restricted")


class ImpossibleError(Exception):
    """A deed that cannot be done, said in one short sentence."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a person; `update_id` is None when the bot does not get to see it."""

    chat: Chat
    message_id: int
    update_id: int | None


def chat_of(world: World, chat_id: Any) -> Chat:
    """The chat with this id."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        raise ImpossibleError(f"there is no chat {chat_id!r}")
    return chat


def person_of(world: World, given: Any) -> Person:
    """The person with this id, or described by an object; a new one is welcomed."""
    described = given if isinstance(given, dict) else {"id": given}
    person_id = described.get("id")
    if not isinstance(person_id, int) or isinstance(person_id, bool) or person_id <= 0:
        raise ImpossibleError("from is a person's id (a positive number), or an object with such an id")
    known = world.people.get(person_id)
    if known is None:
        name = str(described.get("first_name") or f"Person {person_id}")
        known = world.add_person(Person(person_id, name))
    _describe(world, known, described)
    return known


def _describe(world: World, person: Person, described: dict[str, Any]) -> None:
    """Take over what is said about a person beyond the id."""
    given = {
        name: described[name] for name in ("first_name", "username", "language_code") if name in described
    }
    if not given:
        return
    for name, value in given.items():
        if value is not None and not isinstance(value, str):
            raise ImpossibleError(f"{name} is a text")
        setattr(person, name, value)
    world.chats[person.id].card = person.as_chat()


# Writing


def say(world: World, given: dict[str, Any]) -> Said:
    """A person writes, shares a place, sends a voice message, or corrects what they wrote."""
    person = person_of(world, given.get("from"))
    chat = chat_of(world, given["chat"] if given.get("chat") is not None else person.id)
    _check_presence(chat, person)
    if given.get("kind") == "edited":
        return _correct(world, chat, person, given)
    if given.get("ephemeral"):
        return _whisper(world, chat, person, given)
    content = _content(world, given) | _reply(chat, given) | _topic(chat, given)
    if chat.private:
        _reach(world, chat, person, content)
    _put_keyboard_away(chat)
    author, extra = _author(chat, person, given)
    message = world.post(chat, author, extra | content)
    kind = "channel_post" if chat.kind == "channel" else "message"
    update_id = world.updates.add(kind, message) if _bot_sees(world, chat, message) else None
    return Said(chat, message["message_id"], update_id)


def _whisper(world: World, chat: Chat, person: Person, given: dict[str, Any]) -> Said:
    """A command that nobody else in the group sees. In a topic it answers the message that began it."""
    content = written(_text(given))
    if chat.kind not in ("group", "supergroup") or not content["text"].startswith("/"):
        raise ImpossibleError("only a command in a group can be ephemeral")
    if chat.bot_status not in PRESENT or not world.knows_ephemeral:
        raise ImpossibleError("there is no bot here that could see it")
    if given.get("topic") is not None:
        _topic(chat, given)
        content["reply_to_message"] = chat.messages[given["topic"]] | {
            "message_thread_id": given["topic"],
            "is_topic_message": True,
        }
    message = world.whisper(chat, person.as_user(), world.bot, content)
    return Said(chat, message["message_id"], world.updates.add("message", message))


def _check_presence(chat: Chat, person: Person) -> None:
    if chat.migrated_to is not None:
        raise ImpossibleError(f"this group has become the supergroup {chat.migrated_to}")
    if chat.private and chat.id != person.id:
        raise ImpossibleError("only its own person writes in a private chat")
    if not chat.private and chat.members.get(person.id) in ("left", "kicked"):
        raise ImpossibleError(f"{person.first_name} is not in this chat")
    if not chat.private:
        chat.members.setdefault(person.id, "member")


def _reach(world: World, chat: Chat, person: Person, content: dict[str, Any]) -> None:
    """A blocked bot is started again by /start, and by nothing else."""
    if person.deactivated:
        raise ImpossibleError(f"{person.first_name} has no account any more")
    if person.blocked:
        if not content.get("text", "").startswith("/start"):
            raise ImpossibleError(f"{person.first_name} has blocked the bot; unblock it, or write /start")
        block(world, person, blocked=False)
    person.started = True


def _content(world: World, given: dict[str, Any]) -> dict[str, Any]:
    kind = given.get("kind") or "text"
    if kind not in KINDS:
        raise ImpossibleError(f"kind is one of: {', '.join(KINDS)}")
    if given.get("location") is not None:
        return {"location": _place(given["location"])}
    if kind in ("voice", "sticker"):
        return {kind: _VOICE if kind == "voice" else _STICKER}
    if kind == "photo":
        caption = {"caption": given["text"]} if given.get("text") else {}
        return {"photo": world.files.keep_photo(SAMPLE_PICTURE).as_photo()} | caption
    content = written(_text(given))
    if kind == "forward":
        origin = {"type": "hidden_user", "sender_user_name": "Someone", "date": world.timestamp()}
        content |= {"forward_origin": origin}
    return content


def _text(given: dict[str, Any]) -> str:
    text = given.get("text")
    if not isinstance(text, str) or not text:
        raise ImpossibleError("text is missing")
    return text


def _place(given: Any) -> dict[str, float]:
    try:
        latitude, longitude = float(given["latitude"]), float(given["longitude"])
    except (KeyError, TypeError, ValueError):
        raise ImpossibleError("location has a latitude and a longitude") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ImpossibleError("latitude lies within 90 degrees and longitude within 180")
    return {"latitude": latitude, "longitude": longitude}


def _reply(chat: Chat, given: dict[str, Any]) -> dict[str, Any]:
    if given.get("reply_to") is None:
        return {}
    original = chat.messages.get(_message_id(given, "reply_to"))
    if original is None:
        raise ImpossibleError(f"there is no message {given['reply_to']!r} to reply to")
    return {"reply_to_message": {key: value for key, value in original.items() if key != "reply_to_message"}}


def _topic(chat: Chat, given: dict[str, Any]) -> dict[str, Any]:
    """The topic in which somebody writes; without one it is General."""
    topic = given.get("topic")
    if topic is None:
        return {}
    if not isinstance(topic, int) or chat.topics.get(topic) != "open":
        raise ImpossibleError(f"there is no open topic {topic!r} here")
    return {"message_thread_id": topic, "is_topic_message": True}


def _message_id(given: dict[str, Any], name: str = "message_id") -> int:
    message_id = given.get(name, 0)
    if not isinstance(message_id, int):
        raise ImpossibleError(f"{name} is a number")
    return message_id


def _author(
    chat: Chat, person: Person, given: dict[str, Any]
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    if chat.kind == "channel":
        return None, {"sender_chat": chat.card}
    if given.get("is_anonymous_admin"):
        return ANONYMOUS_ADMIN, {"sender_chat": chat.card}
    return person.as_user(), {}


def _put_keyboard_away(chat: Chat) -> None:
    if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
        chat.keyboard = None


def _bot_sees(world: World, chat: Chat, message: dict[str, Any]) -> bool:
    """Group privacy mode: commands, replies and mentions only, unless the bot is an administrator."""
    if chat.bot_status not in PRESENT:
        return False
    if chat.private or chat.kind == "channel" or chat.bot_status == "administrator":
        return True
    text, name = message.get("text", ""), world.bot["username"]
    command = re.match(r"/\w+(?:@(\w+))?", text)
    if command:
        return command[1] is None or command[1].lower() == name.lower()
    reply = message.get("reply_to_message", {}).get("from", {})
    return reply.get("id") == world.bot["id"] or f"@{name}" in text


def _correct(world: World, chat: Chat, person: Person, given: dict[str, Any]) -> Said:
    message = chat.messages.get(_message_id(given))
    if message is None or message.get("from", {}).get("id") != person.id or "text" not in message:
        raise ImpossibleError("message_id names no text that this person wrote")
    kept = {key: value for key, value in message.items() if key != "entities"}
    edited = world.replace(chat, kept | written(_text(given)) | {"edit_date": world.timestamp()})
    update_id = world.updates.add("edited_message", edited) if _bot_sees(world, chat, edited) else None
    return Said(chat, edited["message_id"], update_id)


# Pressing


def press(world: World, given: dict[str, Any]) -> tuple[Query, int | None]:
    """A person presses a button under a message, or forges a press that no button offers."""
    person = person_of(world, given.get("from"))
    chat = chat_of(world, given["chat"] if given.get("chat") is not None else person.id)
    message_id = _message_id(given)
    message = chat.messages.get(message_id)
    forged = given.get("data")
    data = _pressed(message, given.get("button")) if forged is None else str(forged)
    query = world.queries.ask(chat.id, person.id)
    gone = {"chat": chat.card, "message_id": message_id, "date": 0}
    content = {
        "id": query.id,
        "from": person.as_user(),
        "message": message if message is not None else gone,
        "chat_instance": str(-chat.id * 7919),
        "data": data,
    }
    return query, world.updates.add("callback_query", content)


def _pressed(message: dict[str, Any] | None, wanted: Any) -> str:
    """The callback data of the one button that is meant."""
    if message is None:
        raise ImpossibleError("message_id names no message that is there now")
    buttons = [button for row in buttons_of(message) for button in row]
    offered = ", ".join(f"{button['text']!r}" for button in buttons) or "none"
    matching = [
        button for button in buttons if wanted is not None and wanted in (button["data"], button["text"])
    ]
    exact = [button for button in matching if button["data"] == wanted] or matching
    if len({button["data"] for button in exact}) != 1:
        problem = "more than one button is called" if exact else "there is no button"
        raise ImpossibleError(f"{problem} {wanted!r}; the buttons are: {offered}")
    if exact[0]["data"] is None:
        raise ImpossibleError(f"the button {wanted!r} opens a link; the bot hears nothing of it")
    return str(exact[0]["data"])


# Coming and going


def block(world: World, person: Person, *, blocked: bool) -> int | None:
    """A person blocks the bot, or lets it in again."""
    if person.blocked == blocked:
        return None
    person.blocked = blocked
    person.started = True
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    world.events.publish("chats")
    return _bot_status_changed(world, world.chats[person.id], person.as_user(), before, after)


def create_chat(world: World, given: dict[str, Any]) -> Chat:
    """A new group with its members; the first one made it, and the bot is invited unless `bot` is false."""
    kind, name = given.get("kind", "group"), given.get("name")
    if kind not in ("group", "supergroup", "channel"):
        raise ImpossibleError("kind is one of: group, supergroup, channel")
    if not isinstance(name, str) or not name.strip():
        raise ImpossibleError("name is missing")
    people = [person_of(world, one) for one in given.get("members") or [1001]]
    chat = world.add_chat(kind, name)
    chat.members = {person.id: "member" for person in people} | {people[0].id: "creator"}
    chat.bot_status = "left"
    if given.get("bot", True):
        set_bot_status(world, chat, people[0], "administrator" if kind == "channel" else "member")
    return chat


def set_bot_status(world: World, chat: Chat, by: Person, status: str) -> int | None:
    """Somebody adds, promotes, demotes or removes the bot."""
    before, chat.bot_status = chat.bot_status, status
    update_id = _bot_status_changed(world, chat, by.as_user(), before, status)
    if before not in PRESENT and status in PRESENT and chat.kind != "channel":
        joined = world.post(chat, by.as_user(), {"new_chat_members": [world.bot]})
        world.updates.add("message", joined)
    elif before in PRESENT and status not in PRESENT:
        world.post(chat, by.as_user(), {"left_chat_member": world.bot})
    return update_id


def set_member_status(world: World, chat: Chat, person: Person, status: str) -> int | None:
    """Somebody joins, leaves, or gets other rights."""
    before = chat.members.get(person.id, "left")
    chat.members[person.id] = status
    user = person.as_user()
    if chat.bot_status in PRESENT and chat.kind != "channel":
        if before not in PRESENT and status in PRESENT:
            world.updates.add("message", world.post(chat, user, {"new_chat_members": [user]}))
        elif before in PRESENT and status not in PRESENT:
            world.updates.add("message", world.post(chat, user, {"left_chat_member": user}))
    if chat.bot_status != "administrator":
        return None
    return world.updates.add("chat_member", _change(world, chat, user, user, before, status))


def set_topic(world: World, chat: Chat, given: dict[str, Any]) -> int:
    """A topic is opened (without an id it is a new one), closed or deleted with all that stands in it."""
    state, topic = given.get("state", "open"), given.get("topic")
    if chat.kind != "supergroup":
        raise ImpossibleError("only a supergroup has topics")
    if state not in TOPIC_STATES:
        raise ImpossibleError(f"state is one of: {', '.join(TOPIC_STATES)}")
    if topic is None:
        author = world.user(next(iter(chat.members), 0)) or ANONYMOUS_ADMIN
        name = {"name": str(given.get("name") or "Topic"), "icon_color": 7322096}
        topic = world.post(chat, author, {"forum_topic_created": name})["message_id"]
        chat.card["is_forum"] = True
    elif topic not in chat.topics:
        raise ImpossibleError(f"there is no topic {topic!r}")
    chat.topics[topic] = state
    if state == "deleted":
        del chat.topics[topic]
        for message_id in [
            m for m, shown in chat.messages.items() if shown.get("message_thread_id") == topic
        ]:
            world.remove(chat, message_id)
    return int(topic)


def check_status(status: Any) -> str:
    """A status that a member can have."""
    if status not in STATUSES:
        raise ImpossibleError(f"status is one of: {', '.join(STATUSES)}")
    return str(status)


def migrate(world: World, chat: Chat, *, told: bool = True) -> Chat:
    """A group becomes a supergroup; both sides say so, at once or only when this is called again."""
    if chat.migrated_to is not None and chat.untold:
        return _tell_of_move(world, chat)
    if chat.kind != "group" or chat.migrated_to is not None:
        raise ImpossibleError("only a group that has not moved yet can become a supergroup")
    moved = world.add_chat("supergroup", chat.name)
    moved.members, moved.bot_status = dict(chat.members), chat.bot_status
    chat.migrated_to, chat.untold = moved.id, True
    world.events.publish("chats")
    return _tell_of_move(world, chat) if told else moved


def _tell_of_move(world: World, chat: Chat) -> Chat:
    moved = world.chats[chat.migrated_to or 0]
    chat.untold = False
    author = world.user(next(iter(chat.members), 0)) or ANONYMOUS_ADMIN
    world.updates.add("message", world.post(chat, author, {"migrate_to_chat_id": moved.id}))
    world.updates.add("message", world.post(moved, author, {"migrate_from_chat_id": chat.id}))
    return moved


def _bot_status_changed(world: World, chat: Chat, by: dict[str, Any], before: str, after: str) -> int | None:
    return world.updates.add("my_chat_member", _change(world, chat, by, world.bot, before, after))


def _change(
    world: World, chat: Chat, by: dict[str, Any], user: dict[str, Any], before: str, after: str
) -> dict[str, Any]:
    return {
        "chat": chat.card,
        "from": by,
        "date": world.timestamp(),
        "old_chat_member": member(user, before),
        "new_chat_member": member(user, after),
    }


_VOICE = {
    "duration": 3,
    "mime_type": "audio/ogg",
    "file_id": "AwACAgIAAxkDAAIvoice",
    "file_unique_id": "AgADvoice",
    "file_size": 12_345,
}
_STICKER = {
    "type": "regular",
    "width": 512,
    "height": 512,
    "is_animated": False,
    "is_video": False,
    "emoji": "🙂",
    "file_id": "CAACAgIAAxkDAAIsticker",
    "file_unique_id": "AgADsticker",
    "file_size": 23_456,
}
