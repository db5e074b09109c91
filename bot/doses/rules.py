"""When a dose is asked for, asked for again, and when it ends by itself. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain
from zoneinfo import ZoneInfo

from scheduler.localtime import instant, local
from scheduler.timing import Planned, Slot, Timing, following, half_gap, planned, window_end
from storage.vocabulary import DoseState

LATE_AFTER = timedelta(minutes=5)
SNOOZED_DOSE_STAYS = timedelta(hours=1)
LONGEST_LOOK_BACK = timedelta(days=35)
UNDO_WITHIN = timedelta(hours=12)
TONIGHT = time(20, 0)


class Delivery(StrEnum):
    """What became of the newest reminder of a dose."""

    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RegimenView:
    """What planning needs to know of a regimen. `planned_through`: its doses exist up to this instant."""

    regimen_id: int
    version_id: int
    timing: Timing
    zone: ZoneInfo
    planned_through: datetime


@dataclass(frozen=True, slots=True)
class DoseView:
    """An open dose. `asked` counts the reminders so far; `next_ask_at` is when the next one is wanted.

    `snoozed`: the person named that time. `spread`: how much later than due the first reminder comes.
    """

    dose_id: int
    due_at: datetime
    window_end: datetime
    asked: int = 0
    next_ask_at: datetime | None = None
    delivery: Delivery = Delivery.UNDER_WAY
    was_delivered: bool = False
    snoozed: bool = False
    spread: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class NewDose:
    """A dose that has fallen due and gets its row."""

    regimen: RegimenView
    planned: Planned
    window_end: datetime
    snooze_limit: datetime


@dataclass(frozen=True, slots=True)
class Nudging:
    """How often the bot may repeat itself, and when it keeps quiet. `quiet_until` None: not a quiet hour."""

    count: int
    every: timedelta
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What follows now: doses to ask for in one message, doses that end, and when to look again."""

    ask: tuple[int, ...]
    end: tuple[tuple[int, DoseState], ...]
    postpone: tuple[tuple[int, datetime], ...]
    next_wake: datetime | None


@dataclass(frozen=True, slots=True)
class Snooze:
    """One way to put a dose off."""

    kind: str
    until: datetime


def due_doses(regimens: Iterable[RegimenView], now: datetime) -> list[NewDose]:
    """Doses that fell due since each regimen was last planned, in order of instant."""
    fallen = chain.from_iterable(_fallen_due(regimen, now) for regimen in regimens)
    return sorted(fallen, key=lambda dose: (dose.planned.due_at, dose.regimen.regimen_id))


def _fallen_due(regimen: RegimenView, now: datetime) -> Iterable[NewDose]:
    after = max(regimen.planned_through, now - LONGEST_LOOK_BACK)
    for slot in planned(regimen.timing, regimen.zone, after=after, until=now):
        yield new_dose(regimen, slot)


def new_dose(regimen: RegimenView, slot: Planned) -> NewDose:
    """The window and the snooze limit of a planned slot."""
    end = window_end(regimen.timing, regimen.zone, slot)
    half = half_gap(regimen.timing, regimen.zone, slot)
    return NewDose(regimen, slot, end, end if half is None else slot.due_at + half)


def next_due(regimens: Iterable[RegimenView], now: datetime) -> datetime | None:
    """The earliest instant at which a dose falls due that has no row yet.

    It may be past: whoever presses a button just then must not put off the wake that is about to write it.
    """
    ahead = (
        following(r.timing, r.zone, max(r.planned_through, now - LONGEST_LOOK_BACK), 1) for r in regimens
    )
    return min((slots[0].due_at for slots in ahead if slots), default=None)


def step(doses: Sequence[DoseView], nudging: Nudging, now: datetime) -> Step:
    """What follows for open doses at this moment; the same answer however often it is asked."""
    ended = tuple((dose.dose_id, _end_of(dose, now)) for dose in doses if dose.window_end <= now)
    alive = [dose for dose in doses if dose.window_end > now]
    ask, postpone, wakes = [], [], [dose.window_end for dose in alive]
    for dose in alive:
        at = ask_at(dose, nudging)
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


def ask_at(dose: DoseView, nudging: Nudging) -> datetime | None:
    """When this dose wants to be asked for next; None when it was asked for often enough.

    The first reminder comes in quiet hours too (silently), and so does one at a time that the person named;
    a repeat of ours waits until they are over. A reminder that could not be delivered does not count.
    """
    if dose.asked == 0:
        return dose.due_at + dose.spread
    if dose.delivery is Delivery.FAILED:
        return dose.due_at
    if dose.next_ask_at is None:
        return None
    if nudging.quiet_until is not None and not dose.snoozed:
        return max(dose.next_ask_at, nudging.quiet_until)
    return dose.next_ask_at


def next_nudge(asked: int, nudging: Nudging, now: datetime) -> datetime | None:
    """When to ask again after having asked `asked` times in a row; None when that was enough."""
    return now + nudging.every if asked <= nudging.count else None


def _end_of(dose: DoseView, now: datetime) -> DoseState:
    """Unanswered is "missed" only if a reminder arrived and we were here to hear the answer.

    A window is closed within seconds of its end; one that is closed late ended while we were down.
    """
    heard = now - dose.window_end <= LATE_AFTER
    return DoseState.MISSED if dose.was_delivered and heard else DoseState.UNKNOWN


def is_late(wanted_at: datetime, now: datetime) -> bool:
    """True when a first reminder comes so much later than wanted that it should say so."""
    return now - wanted_at > LATE_AFTER


def place_in_spread(who: str) -> float:
    """Where in a spread somebody's reminders come, from 0 to below 1: always the same, and evenly for all."""
    return int.from_bytes(hashlib.blake2b(who.encode(), digest_size=6).digest()) / 2**48


def spread(due_at: datetime, window_end: datetime, limit: timedelta, place: float) -> timedelta:
    """How much later than due the first reminder comes: up to the limit, and to half of the window."""
    most = max(min(limit, (window_end - due_at) / 2), timedelta(0))
    return timedelta(seconds=int(most.total_seconds() * place))


def snoozes(now: datetime, zone: ZoneInfo, limit: datetime) -> tuple[Snooze, ...]:
    """The ways to put a dose off that end before the limit (half way to its next slot)."""
    evening = instant(local(now, zone).date(), TONIGHT, zone)
    offers = [
        Snooze("15", now + timedelta(minutes=15)),
        Snooze("60", now + timedelta(hours=1)),
    ]
    if evening is not None and evening > now + timedelta(hours=1):
        offers.append(Snooze("tonight", evening))
    return tuple(offer for offer in offers if offer.until <= limit)


def window_after_snooze(window_end: datetime, until: datetime) -> datetime:
    """A snoozed dose stays open for an hour after it was asked for again."""
    return max(window_end, until + SNOOZED_DOSE_STAYS)


def slots_of_day(regimen: RegimenView, day: date) -> list[Planned]:
    """Every slot of one local day."""
    midnight = instant(day, time(0), regimen.zone)
    if midnight is None:
        return []
    span = planned(
        regimen.timing,
        regimen.zone,
        after=midnight - timedelta(hours=3),
        until=midnight + timedelta(hours=28),
    )
    return [slot for slot in span if slot.slot.day == day]


def slot_argument(regimen_id: int, slot: Slot) -> str:
    """A slot as a button's argument."""
    return f"{regimen_id}.{slot.day:%y%m%d}{slot.at:%H%M}"


def read_slot_argument(argument: str) -> tuple[int, Slot]:
    """The regimen and slot of a button's argument. Raises ValueError."""
    regimen_id, _, stamp = argument.partition(".")
    moment = datetime.strptime(stamp, "%y%m%d%H%M")  # noqa: DTZ007 - a slot is local by definition
    return int(regimen_id), Slot(moment.date(), moment.time())
