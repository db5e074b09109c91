"""What became of a send, and what follows from it. Pure: the time and the jitter are passed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from scheduler.lanes import Lane
from storage.outbox import OutboxKind, OutboxState

MAX_COPIES = 3
MAX_IDEMPOTENT_ATTEMPTS = 5
MAX_MOVES = 5

RETRY_FIRST = 1.0
RETRY_MOST = 60.0
HOLD_MOST = 900.0  # an absurd retry_after must not silence the bot for a day
IDEMPOTENT_AGAIN = 5.0

# Seconds until the next copy, by how many may have arrived. Lanes not named here are treated as sent:
# their second copy would be worse than none. A dose waits long enough for a lost reply to show itself
# (the person presses a button), and long enough for a short outage of the platform to end.
COPY_AGAIN: dict[int, tuple[float, ...]] = {
    Lane.CRISIS: (0.0, 0.0),
    Lane.REPLY: (5.0,),
    Lane.DOSE: (90.0, 300.0),
}


class AccountRefused(Exception):
    """The platform does not accept this account any more (a revoked token): nothing was sent, nothing can be.

    A platform raises it instead of returning an outcome; the courier puts the row back and stops.
    """


@dataclass(frozen=True, slots=True)
class Delivered:
    """Accepted. `message_ref` is the platform's id of the message; None when the reply could not be read.

    `astray`: in the chat, but not in the part of it where it was to stand, for that is gone; an edit, for the
    message is gone.
    """

    message_ref: str | None = None
    astray: bool = False


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive: refused for the moment, or no connection.

    `retry_after` in seconds when the platform named a wait, for this chat or for the whole account.
    """

    retry_after: float | None = None
    whole_account: bool = False


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have arrived: no reply, a broken connection after writing, a server error, a lapsed lease."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new ref."""

    new_ref: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Nobody is there: the bot is blocked, or the chat does not exist."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will never take this message, not even as plain text."""


@dataclass(frozen=True, slots=True)
class SurplusRefused:
    """Not sent, because the platform grants no surplus. There is nothing wrong with the message."""


Outcome = Delivered | NotSent | Unsure | Moved | Unreachable | Refused | SurplusRefused


@dataclass(frozen=True, slots=True)
class Returned:
    """Not tried: it goes back to its place in the line."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """Not tried: its time passed while it was on its way out."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Not tried: consent ended."""


Landing = Outcome | Returned | Overdue | Withheld


class Facts(Protocol):
    """What the decision looks at. `attempt` counts this attempt; `copies` does not count this one yet."""

    @property
    def lane(self) -> int: ...
    @property
    def kind(self) -> OutboxKind: ...
    @property
    def attempt(self) -> int: ...
    @property
    def copies(self) -> int: ...
    @property
    def not_before(self) -> datetime: ...
    @property
    def not_after(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Next:
    """The row's next state. PENDING means once more, at `not_before`."""

    state: OutboxState
    not_before: datetime
    attempt: int
    copies: int
    message_ref: str | None = None


def follow(landing: Landing, row: Facts, now: datetime, jitter: float) -> Next:
    """What follows from a landing. `jitter` is a random number in [0, 1) that spreads the retries."""
    match landing:
        case Delivered(message_ref):
            return _end(row, OutboxState.DELIVERED, copies=_one_more(row), message_ref=message_ref)
        case NotSent(retry_after):
            return _again(row, now, _retry_delay(row, retry_after, now, jitter))
        case Unsure():
            return _after_doubt(row, now)
        case Moved():
            return _after_move(row, now)
        case Unreachable():
            return _end(row, OutboxState.UNREACHABLE)
        case Refused():
            return _end(row, OutboxState.REFUSED)
        case Returned() | SurplusRefused():
            return Next(OutboxState.PENDING, row.not_before, row.attempt - 1, row.copies)
        case Overdue():
            return _end(row, _too_late(row.copies))
        case Withheld():
            return _end(row, OutboxState.WITHHELD)


def hold_seconds(retry_after: float | None) -> float:
    """How long a chat or an account is left alone after it was told to wait."""
    return 0.0 if retry_after is None else min(max(retry_after, RETRY_FIRST), HOLD_MOST)


def _retry_delay(row: Facts, retry_after: float | None, now: datetime, jitter: float) -> float:
    if retry_after is not None:
        return hold_seconds(retry_after) + jitter * RETRY_FIRST
    growing = min(RETRY_FIRST * 2.0 ** min(row.attempt - 1, 10), RETRY_MOST) * (0.5 + 0.5 * jitter)
    if row.not_after is None:
        return growing
    last_chance = (row.not_after - now).total_seconds() - RETRY_FIRST
    return min(growing, last_chance) if last_chance >= RETRY_FIRST else growing


def _after_move(row: Facts, now: datetime) -> Next:
    """Once more at the new place. What was to be changed stayed behind, and its id names another there."""
    if row.kind != OutboxKind.SEND:
        return _end(row, OutboxState.SUPERSEDED)
    return _again(row, now, 0.0) if row.attempt <= MAX_MOVES else _end(row, OutboxState.REFUSED)


def _after_doubt(row: Facts, now: datetime) -> Next:
    """It may have arrived: never repeat blindly."""
    if row.kind != OutboxKind.SEND:
        if row.attempt >= MAX_IDEMPOTENT_ATTEMPTS:
            return _end(row, OutboxState.UNSURE)
        return _again(row, now, IDEMPOTENT_AGAIN)
    copies = _one_more(row)
    waits = COPY_AGAIN.get(row.lane, ())
    if copies > len(waits) or copies >= MAX_COPIES:
        return _end(row, OutboxState.UNSURE, copies=copies)
    return _again(row, now, waits[copies - 1], copies=copies)


def _one_more(row: Facts) -> int:
    """Copies including this one; an edit makes none."""
    return row.copies + 1 if row.kind == OutboxKind.SEND else row.copies


def _again(row: Facts, now: datetime, delay: float, *, copies: int | None = None) -> Next:
    """Once more after `delay` seconds, unless that is too late."""
    count = row.copies if copies is None else copies
    at = now + timedelta(seconds=delay)
    if row.not_after is not None and at > row.not_after:
        return Next(_too_late(count), row.not_before, row.attempt, count)
    return Next(OutboxState.PENDING, at, row.attempt, count)


def _end(
    row: Facts, state: OutboxState, *, copies: int | None = None, message_ref: str | None = None
) -> Next:
    return Next(state, row.not_before, row.attempt, row.copies if copies is None else copies, message_ref)


def _too_late(copies: int) -> OutboxState:
    """What may have arrived did not simply expire."""
    return OutboxState.UNSURE if copies else OutboxState.EXPIRED
