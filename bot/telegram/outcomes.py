"""Telegram's answers and errors, sorted once, at the door, into what became of a message."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.telegram.request import BrokenReply, NotConnected
from scheduler.outcomes import (
    AccountRefused,
    Delivered,
    Moved,
    NotSent,
    Outcome,
    Refused,
    SurplusRefused,
    Unreachable,
    Unsure,
)

# Refusals of an edit whose message is not there any more.
_NOTHING_THERE = ("message to edit not found", "message can't be edited", "message_id_invalid")

# Refusals of an edit, a deletion or an answer that comes too late to matter.
_NOTHING_TO_DO = (
    "message is not modified",
    "message to delete not found",
    "message can't be deleted",
    "query is too old",
    "query id is invalid",
)

# 400 though nothing is wrong with the message: it cannot reach anybody there.
_NOBODY_THERE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "bot can't initiate",
    "peer_id_invalid",
    "group chat was deactivated",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights",
)

# 400 though nothing is wrong with the message: the topic of the group where it was to stand is gone.
_NO_SUCH_TOPIC = ("message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid")

# Telegram does not list its words for a bot without paid broadcasts, or without Stars. The broad net catches
# nothing else: it is cast only when we asked to pay.
_ABOUT_STARS = ("paid", "payment", "balance", "stars")


@dataclass(frozen=True, slots=True)
class TopicGone(Unreachable):
    """Telegram knows the group, but not (any more) the topic where a message was to stand."""


@dataclass(frozen=True, slots=True)
class Aloud(Delivered):
    """What was to be whispered stands there for all: this server does not know what a whisper is."""


class TokenRefused(AccountRefused):
    """Telegram does not know this bot token (any more); nothing can be sent or received with it."""

    def __init__(self) -> None:
        super().__init__("Telegram refuses the bot token. Ask @BotFather for the current one.")


async def outcome_of(call: Awaitable[Any], *, paid: bool = False, whispered: bool = False) -> Outcome:
    """What became of a message after a call to the Bot API. Raises TokenRefused.

    `paid`: it was to be paid for in Stars, if Telegram asked for that. `whispered`: one member of a group
    alone was to see it.
    """
    try:
        reply = await call
    except InvalidToken:
        raise TokenRefused from None
    except Exception as error:
        if whispered and isinstance(error, BadRequest | Forbidden):
            return Refused()  # in whatever words: a chat where we may not whisper is not gone
        return SurplusRefused() if paid and _is_about_stars(error) else _outcome_of_error(error)
    aloud = whispered and not (isinstance(reply, dict) and "ephemeral_message_id" in reply)
    return Aloud(message_ref(reply)) if aloud else Delivered(message_ref(reply))


def message_ref(reply: Any) -> str | None:
    """Telegram's id of the message in a reply, when there is one; that of an ephemeral message is 0."""
    ref = reply.get("message_id") if isinstance(reply, dict) else None
    return str(ref) if isinstance(ref, int) and ref else None


def _outcome_of_error(error: Exception) -> Outcome:
    match error:
        case BadRequest():  # the library makes it a NetworkError, so it has to come first
            return _outcome_of_refusal(error.message.lower())
        case ChatMigrated():
            return Moved(str(error.new_chat_id))
        case Forbidden():
            return Unreachable()
        case RetryAfter():
            return NotSent(retry_after(error))
        case NotConnected():
            return NotSent(None)
        case BrokenReply():  # only a success that cannot be read comes out of the library like this
            return Delivered(None)
        case _:  # 5xx, a timeout or a reset after writing, or something nobody has seen yet
            return Unsure()


def _is_about_stars(error: Exception) -> bool:
    refused = isinstance(error, BadRequest | Forbidden)
    return refused and any(word in str(error).lower() for word in _ABOUT_STARS)


def _outcome_of_refusal(reason: str) -> Outcome:
    if any(phrase in reason for phrase in _NOTHING_THERE):
        return Delivered(None, astray=True)
    if any(phrase in reason for phrase in _NOTHING_TO_DO):
        return Delivered(None)
    if any(phrase in reason for phrase in _NOBODY_THERE):
        return Unreachable()
    if any(phrase in reason for phrase in _NO_SUCH_TOPIC):
        return TopicGone()
    return Refused()


def retry_after(error: RetryAfter) -> float:
    """How many seconds a 429 asks us to wait."""
    wish = error.retry_after
    return wish.total_seconds() if isinstance(wish, timedelta) else wish
