"""When an open dose is asked for, asked for again or held back, and how it ends by itself. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.conversation.quiet import QuietHours, comes_at
from storage.vocabulary import DoseState

LATE_AFTER = timedelta(minutes=5)


class Delivery(StrEnum):
    """What became of the newest reminder of a dose."""

    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    FAILED = "failed"


class DoseView(NamedTuple):
    """An open dose. `asked` counts the reminders so far; `next_ask_at` is when the next one is wanted.

    `wished`: at that time because the person put it off until then. `moved`: the person chose the time at
    which it is due. `spread`: how much later than due the first reminder comes. `reachable`: the person can
    be written to. `heard`: false when we were away while the dose could be answered.
    """

    dose_id: int
    due_at: datetime
    window_end: datetime
    asked: int = 0
    next_ask_at: datetime | None = None
    delivery: Delivery = Delivery.UNDER_WAY
    was_delivered: bool = False
    spread: timedelta = timedelta(0)
    reachable: bool = True
    heard: bool = True
    wished: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Nudging:
    """How often the bot may repeat itself, and when it keeps quiet. `quiet` None: at no time."""

    count: int
    every: timedelta
    quiet: QuietHours | None = None

    def quiet_until(self, moment: datetime) -> datetime | None:
        """The end of the quiet hours that hold at a moment; None outside them."""
        return self.quiet.until(moment) if self.quiet is not None else None


@dataclass(frozen=True, slots=True)
class Step:
    """What follows now: doses to ask for in one message, doses that end, and when to look again."""

    ask: tuple[int, ...]
    end: tuple[tuple[int, DoseState], ...]
    postpone: tuple[tuple[int, datetime], ...]
    next_wake: datetime | None


NOTHING = Step((), (), (), None)


def step(doses: Sequence[DoseView], nudging: Nudging, now: datetime) -> Step:
    """What follows for open doses at this moment; the same answer however often it is asked."""
    ended = tuple((dose.dose_id, _end_of(dose, now)) for dose in doses if dose.window_end <= now)
    alive = [dose for dose in doses if dose.window_end > now]
    ask, postpone, wakes = [], [], [dose.window_end for dose in alive]
    for dose in alive:
        at = ask_at(dose, nudging, now)
        if at is None:
            continue
        if at > now:
            wakes.append(at)
        elif dose.asked and dose.delivery is Delivery.UNDER_WAY:
            postpone.append((dose.dose_id, now + nudging.every))
            wakes.append(now + nudging.every)
        else:
            ask.append(dose.dose_id)
    return Step(tuple(ask), ended, tuple(postpone), min(wakes, default=None))


def ask_at(dose: DoseView, nudging: Nudging, now: datetime) -> datetime | None:
    """When this dose wants to be asked for next; None when it was asked for often enough.

    Nobody is asked who cannot be reached. A reminder that could not be delivered does not count. A repeat of
    ours waits until the dose is due, which one moved to a later time may not be, and until the quiet hours
    are over; by then the window may be, and it is dropped. What the person asked for is not held.
    """
    if not dose.reachable:
        return None
    if dose.wished:
        return dose.next_ask_at
    if dose.asked == 0 or dose.delivery is Delivery.FAILED:
        return _first_at(dose, nudging, now)
    if dose.next_ask_at is None:
        return None
    wanted = max(dose.next_ask_at, dose.due_at)
    return max(wanted, nudging.quiet_until(max(wanted, now)) or wanted)


def _first_at(dose: DoseView, nudging: Nudging, now: datetime) -> datetime:
    """When the first reminder is wanted: after the quiet hours, if the dose can still be taken then.

    One whose window would be over comes at its own time, without a sound: dropped, the dose would be lost.
    One that the person moved comes when they said.
    """
    wanted = dose.due_at + dose.spread
    if dose.moved:
        return wanted
    earliest = max(wanted, now)
    comes = comes_at(nudging.quiet, earliest, dose.window_end)
    return wanted if comes in {None, earliest} else comes


def next_nudge(asked: int, nudging: Nudging, now: datetime) -> datetime | None:
    """When to ask again after having asked `asked` times in a row; None when that was enough."""
    return now + nudging.every if asked <= nudging.count else None


def _end_of(dose: DoseView, now: datetime) -> DoseState:
    """Unanswered is "missed" only if a reminder arrived, an answer could reach us, and we were here for it.

    A window is closed within seconds of its end; one that is closed late ended while we were down.
    """
    on_time = now - dose.window_end <= LATE_AFTER
    missed = dose.was_delivered and dose.reachable and dose.heard and on_time
    return DoseState.MISSED if missed else DoseState.UNKNOWN


def heard(due_at: datetime, window_end: datetime, outages: Iterable[tuple[datetime, datetime]]) -> bool:
    """False when one of our outages (began, ended) took more than a moment of the time for an answer."""
    return all(min(ended, window_end) - max(began, due_at) <= LATE_AFTER for began, ended in outages)


def is_late(asked: Sequence[DoseView], nudging: Nudging, now: datetime) -> bool:
    """True when first reminders come so much later than wanted that the message should say so."""
    return now - min(_first_at(dose, nudging, dose.due_at) for dose in asked) > LATE_AFTER


def place_in_spread(who: str) -> float:
    """Where in a spread somebody's reminders come, from 0 to below 1: always the same, and evenly for all."""
    return int.from_bytes(hashlib.blake2b(who.encode(), digest_size=6).digest()) / 2**48


def spread(due_at: datetime, window_end: datetime, limit: timedelta, place: float) -> timedelta:
    """How much later than due the first reminder comes: up to the limit, and to half of the window."""
    most = max(min(limit, (window_end - due_at) / 2), timedelta(0))
    return timedelta(seconds=int(most.total_seconds() * place))
