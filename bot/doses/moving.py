"""How far one dose may be moved: nearer to its own time than to its neighbours'. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.localtime import instant, local
from scheduler.plans import WINDOW_CAP
from scheduler.timing import Planned, Slot

FURTHEST = timedelta(hours=12)
AT_LEAST = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Room:
    """From when until when a dose may be moved, both included, in whole minutes."""

    earliest: datetime
    latest: datetime

    def holds(self, at: datetime) -> bool:
        """Whether the dose may be moved there."""
        return self.earliest <= at <= self.latest


def gaps(slots: Iterable[Planned], one: Planned) -> tuple[timedelta | None, timedelta | None]:
    """The times to the planned doses before and after one of them; None where there is no neighbour."""
    others = [slot.due_at for slot in slots if slot.slot != one.slot]
    before = [one.due_at - at for at in others if at <= one.due_at]
    after = [at - one.due_at for at in others if at > one.due_at]
    return min(before, default=None), min(after, default=None)


def room(slots: Iterable[Planned], one: Planned, now: datetime) -> Room | None:
    """Where a dose may be moved from its planned time: to less than half way to either neighbour.

    Never into the past, and at most 12 hours away. None when that leaves nothing.
    """
    before, after = gaps(slots, one)
    earliest = one.due_at - _reach(before)
    latest = one.due_at + _reach(after)
    next_minute = now.replace(second=0, microsecond=0) + _MINUTE
    found = Room(max(earliest, next_minute), latest)
    return found if found.earliest <= found.latest else None


def _reach(gap: timedelta | None) -> timedelta:
    """Less than half of the gap, in whole minutes."""
    if gap is None:
        return FURTHEST
    most = (gap / 2 - timedelta(microseconds=1)) // _MINUTE * _MINUTE
    return min(max(most, timedelta(0)), FURTHEST)


def moving_together(
    slots: Sequence[Planned], due: Mapping[Slot, datetime], by: timedelta, now: datetime
) -> set[Slot]:
    """Which doses of a day move when all of them shall, by as much. `due`: when each of those is due now.

    What moves with a dose does not hold it back; what has to stay does.
    """
    going = set(due)
    while True:
        stuck = {slot for slot in going if not _goes(slots, slot, going, due[slot] + by, now)}
        if not stuck:
            return going
        going -= stuck


def _goes(slots: Sequence[Planned], slot: Slot, going: Collection[Slot], to: datetime, now: datetime) -> bool:
    staying = [each for each in slots if each.slot == slot or each.slot not in going]
    one = planned_slot(staying, slot)
    found = room(staying, one, now) if one is not None else None
    return found is not None and found.holds(to)


def window_end(to: datetime, one: Planned, after: timedelta | None) -> datetime:
    """Until when a moved dose may be taken: half way from its planned time to the next dose, as before.

    At most 4 hours, and always an hour. `after`: the time from its planned time to the next dose.
    """
    half_way = to + WINDOW_CAP if after is None else one.due_at + after / 2
    return max(min(to + WINDOW_CAP, half_way), to + AT_LEAST)


def planned_slot(slots: Sequence[Planned], wanted: Slot) -> Planned | None:
    """The planned dose of a slot."""
    return next((slot for slot in slots if slot.slot == wanted), None)


def nearest(at: time, to: datetime, zone: ZoneInfo) -> list[datetime]:
    """The instants around another one at which the clock shows `at`, the nearest first."""
    here: date = local(to, zone).date()
    found = (instant(here + ahead * _DAY, at, zone) for ahead in (-1, 0, 1))
    return sorted((each for each in found if each is not None), key=lambda each: abs(each - to))


def moved_to(at: time, one: Planned, room: Room, zone: ZoneInfo) -> datetime | None:
    """The instant within the room at which the clock shows `at`; None when there is none."""
    return next((each for each in nearest(at, one.due_at, zone) if room.holds(each)), None)


def taken_at(at: time, due_at: datetime, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When a dose was taken that was due at `due_at`, as the clock showed it; None for a time still to come.

    On the day it was due, or in the night after it; on the day before only if it was due soon after midnight.
    """
    here = local(due_at, zone)
    early = timedelta(hours=4)
    past = (each for each in nearest(at, due_at, zone) if each <= now)
    return next(
        (each for each in past if local(each, zone).date() >= here.date() or due_at - each <= early), None
    )


def whole_minute(at: datetime) -> datetime:
    """The minute in which an instant lies."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)
