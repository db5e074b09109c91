"""Telegram's updates in the platform-neutral form. Whatever comes in, an Inbound comes out."""

import re
from collections.abc import Iterator
from typing import Any, Final

import structlog
from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Message,
    MessageEntity,
    Update,
    User,
)
from telegram.helpers import effective_message_type

from bot.conversation.inbound import (
    Event,
    Ignored,
    Inbound,
    Joined,
    Left,
    Migrated,
    Origin,
    Place,
    Press,
    Returned,
    Unreadable,
    Words,
)
from storage.vocabulary import GroupKind

PLATFORM: Final = "telegram"
NO_ID: Final = -1
EPHEMERAL_ID: Final = "ephemeral_message_id"

# Telegram's own accounts that stand in for somebody unknown: an anonymous admin, a channel, Telegram itself.
_NOBODY: Final = frozenset((1087968824, 136817688, 777000))

# What we ask Telegram for; everything else it keeps to itself.
KINDS: Final = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")

_KINDS_OF_GROUP: Final = {
    Chat.GROUP: GroupKind.GROUP,
    Chat.SUPERGROUP: GroupKind.SUPERGROUP,
    Chat.CHANNEL: GroupKind.CHANNEL,
}

# fmt: off
_UNREADABLE: Final = frozenset((
    "animation", "audio", "checklist", "contact", "dice", "document", "game", "live_photo", "paid_media",
    "photo", "poll", "sticker", "story", "venue", "video", "video_note", "voice",
))
# fmt: on

# What a message may say of the part of a chat in which it stands, or of who sees it.
_UNUSUAL: Final = frozenset((EPHEMERAL_ID, "is_topic_message"))

# A command, and the bot that it names if it names one.
_COMMAND: Final = re.compile(r"/\w*(?:@(\w+))?")

_log = structlog.get_logger(__name__)


def to_inbound(update: Update | dict[str, Any], account: str) -> Inbound:
    """One update, as an object or as JSON. Never raises; what is no concern of ours is Ignored.

    `Origin.sender` is empty when nobody can be held to be the speaker: an anonymous admin, a linked channel.
    An update without a usable id has NO_ID.
    """
    try:
        return _press_in_private(update, account) or _inbound(_parsed(update), account)
    except Exception as error:
        _log.warning("update_unreadable", error=type(error).__name__)
        return _salvaged(update, account)


def _press_in_private(update: Update | dict[str, Any], account: str) -> Inbound | None:
    """The commonest update, read past the library, whose objects cost more than all else before the door.

    None for any other update, and for one that is not just as we know it: then the library reads it.
    """
    match update:
        case {
            "update_id": int(number),
            "callback_query": {
                "id": str(query),
                "data": str(token),
                "from": {"id": int(sender), "first_name": str(first), **more},
                "message": {"message_id": int(ref), "chat": {"id": int(chat), "type": Chat.PRIVATE}, **rest},
            },
            **others,
        } if not others and _UNUSUAL.isdisjoint(rest) and sender not in _NOBODY:
            last, username = (_text_or_none(more.get(part)) or "" for part in ("last_name", "username"))
            origin = Origin(
                platform=PLATFORM,
                account=account,
                chat=str(chat),
                sender=str(sender),
                language=_text_or_none(more.get("language_code")),
                name=_legible(" ".join(filter(None, (first, last)))),
                username=_legible(username),
            )
            return Inbound(number, origin, Press(_legible(token), str(ref) if ref else None, query))
    return None


def _parsed(update: Update | dict[str, Any]) -> Update:
    parsed = update if isinstance(update, Update) else Update.de_json(update, None)
    if not isinstance(parsed.update_id, int):
        raise TypeError("the update has no id")
    return parsed


def _inbound(update: Update, account: str) -> Inbound:
    for chat, sender, event in _readings(update, account):
        return Inbound(update.update_id, _origin(account, chat, sender), event)
    return Inbound(update.update_id, _origin(account, None, None))


def _readings(update: Update, account: str) -> Iterator[tuple[Chat | User | None, User | None, Event]]:
    """The part of the update that concerns us, if any: where, who, what."""
    if message := update.message or update.edited_message:
        yield message.chat, _speaker(message), _said(message, account, edited=update.message is None)
    elif post := update.channel_post:
        yield post.chat, None, _posted(post)
    elif query := update.callback_query:
        # A button in a message that Telegram no longer knows: the person's own chat remains.
        yield (query.message.chat if query.message else query.from_user), query.from_user, _pressed(query)
    elif change := update.my_chat_member:
        yield change.chat, change.from_user, _came_or_went(change)


def _origin(account: str, chat: Chat | User | None, sender: User | None) -> Origin:
    return Origin(
        platform=PLATFORM,
        account=account,
        chat=str(chat.id) if chat else "",
        sender=str(sender.id) if sender and sender.id not in _NOBODY else "",
        private=isinstance(chat, User) or (chat is not None and chat.type == Chat.PRIVATE),
        language=_text_or_none(sender.language_code) if sender else None,
        name=_legible(" ".join(filter(None, (sender.first_name, sender.last_name)))) if sender else "",
        username=_legible(sender.username or "") if sender else "",
    )


def _speaker(message: Message) -> User | None:
    """Who said it. With `sender_chat` the `from` is a placeholder that Telegram puts there for old bots."""
    return None if message.sender_chat else message.from_user


def _said(message: Message, account: str, edited: bool) -> Event:
    if message.migrate_to_chat_id:
        return Migrated(str(message.migrate_to_chat_id))
    if message.from_user and message.from_user.is_bot and not message.sender_chat:
        return Ignored()
    words = message.text or message.caption
    if words:
        forwarded = message.forward_origin is not None
        called = _called(message, words, account)
        return Words(
            _legible(words), edited, forwarded, _topic(message), _ref(message), called, _whispered(message)
        )
    return Ignored() if edited else _wordless(message)


def _called(message: Message, words: str, account: str) -> frozenset[str] | None:
    """To whom it speaks. In privacy mode Telegram shows us nothing from groups but what speaks to us."""
    answered = message.reply_to_message.from_user if message.reply_to_message else None
    if message.chat.type == Chat.PRIVATE or (answered is not None and str(answered.id) == account):
        return None
    if _whispered(message) is not None:
        return None  # Telegram shows it to one bot alone
    if command := _COMMAND.match(words):
        return frozenset((command[1].lower(),)) if command[1] else None
    entities = message.entities if message.text else message.caption_entities
    if any(each.user is not None and str(each.user.id) == account for each in entities):
        return None
    mentions = [each for each in entities if each.type == MessageEntity.MENTION]
    return frozenset(_stretch(words, each).removeprefix("@").lower() for each in mentions)


def _stretch(words: str, entity: MessageEntity) -> str:
    """What an entity covers; Telegram counts in units of UTF-16."""
    units = words.encode("utf-16-le", "surrogatepass")
    return units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le", "replace")


def _topic(message: Message) -> str | None:
    """In a group without topics a thread is only a chain of replies.

    An ephemeral command names no topic; it answers the message with which the topic began.
    """
    begun = message.reply_to_message if _whispered(message) is not None else None
    bearer = begun or message
    thread = bearer.message_thread_id if bearer.is_topic_message else None
    return str(thread) if thread is not None else None


def _ref(message: MaybeInaccessibleMessage) -> str | None:
    """None for an ephemeral message, whose id is 0: nothing can be done with it by that."""
    return str(message.message_id) if message.message_id else None


def _whispered(message: Message) -> str | None:
    """The id that an ephemeral message has besides; the library does not know of it yet."""
    return _whole(message.api_kwargs.get(EPHEMERAL_ID))


def _whole(number: object) -> str | None:
    return str(number) if isinstance(number, int) and number else None


def _posted(post: Message) -> Event:
    """What a channel says is no concern of ours, but a command is."""
    words = post.text or ""
    command = _COMMAND.match(words)
    called = frozenset((command[1].lower(),)) if command and command[1] else None
    return Words(_legible(words), called=called) if words.startswith("/") else Ignored()


def _wordless(message: Message) -> Event:
    if message.location:
        return Place(float(message.location.latitude), float(message.location.longitude))
    kind = effective_message_type(message)
    return Unreadable(str(kind)) if kind in _UNREADABLE else Ignored()


def _pressed(query: CallbackQuery) -> Press:
    message = _ref(query.message) if query.message else None
    topic = _topic(query.message) if isinstance(query.message, Message) else None
    return Press(_legible(query.data or ""), message, str(query.id), topic)


def _came_or_went(change: ChatMemberUpdated) -> Event:
    """In a private chat the bot is banned by being blocked, and a member again by being unblocked."""
    now = change.new_chat_member
    if change.chat.type != Chat.PRIVATE:
        kind, anew = _KINDS_OF_GROUP[change.chat.type], not _may_write(change.old_chat_member)
        return Joined(kind, anew) if _may_write(now) else Left()
    match now.status:
        case ChatMember.BANNED:
            return Left()
        case ChatMember.MEMBER:
            return Returned()
    return Ignored()


def _may_write(bot: ChatMember) -> bool:
    match bot:
        case ChatMemberRestricted(is_member=is_member, can_send_messages=can_send_messages):
            return bool(is_member and can_send_messages)
        case ChatMemberAdministrator(can_post_messages=can_post_messages):
            return can_post_messages is not False  # of channels alone
    return bot.status in (ChatMember.MEMBER, ChatMember.OWNER)


def _legible(words: str) -> str:
    """The words without halves of characters, which no database takes. Raises AttributeError for no text."""
    return words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _salvaged(update: Update | dict[str, Any], account: str) -> Inbound:
    """The words of an update in a form the library does not know yet.

    Telegram may change its messages tomorrow; a person in a crisis must be heard all the same.
    """
    fields = update if isinstance(update, dict) else {}
    number = fields.get("update_id")
    update_id = number if isinstance(number, int) else NO_ID
    message = _table(fields.get("message") or fields.get("edited_message"))
    chat, sender = _table(message.get("chat")), _table(message.get("from"))
    words = message.get("text") or message.get("caption")
    chat_id, sender_id = chat.get("id"), sender.get("id")
    if not (isinstance(words, str) and isinstance(chat_id, int) and isinstance(sender_id, int)):
        return Inbound(update_id, _origin(account, None, None))
    unknown = sender_id in _NOBODY or "sender_chat" in message
    speaker = "" if unknown else str(sender_id)
    origin = Origin(PLATFORM, account, str(chat_id), speaker, private=chat.get("type") == "private")
    edited, whispered = "message" not in fields, _whole(message.get(EPHEMERAL_ID))
    return Inbound(update_id, origin, Words(_legible(words), edited, whispered=whispered))


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
