"""When the doses of a timing are due.

`day_ends` is the wall-clock time, from 00:00 to 06:00, until which the person's own day lasts into the next
of the calendar; `bounds` are the first and the last own day with doses.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from scheduler.localtime import MIDNIGHT, calendar_day, instant, local, local_day, own_day
from scheduler.timing.days import days, every, times_on
from scheduler.timing.kinds import UNBOUNDED, AsNeeded, Bounds, Interval, OnDays, Planned, Slot, Timing

_LOOK_AHEAD = timedelta(days=3 * 366)
_DAY = timedelta(days=1)
_EDGE = timedelta(days=3)  # further than any clock, day end and gap can be from UTC together


def planned(
    timing: Timing,
    zone: ZoneInfo,
    *,
    after: datetime,
    until: datetime,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> Iterator[Planned]:
    """Every slot due in (after, until], both aware, in order of due time and then of slot.

    Two slots that the clock pushes onto one instant both come, with the same `due_at`.
    """
    if bounds == UNBOUNDED:
        return _planned(timing, zone, after, until, day_ends)
    if bounds.starts_on is not None and bounds.starts_on > after.date() + _EDGE:
        after = datetime.combine(bounds.starts_on - _EDGE, MIDNIGHT, UTC)
    if bounds.ends_on is not None and bounds.ends_on < until.date() - _EDGE:
        until = datetime.combine(bounds.ends_on + _EDGE, MIDNIGHT, UTC)
    found = _planned(timing, zone, after, until, day_ends)
    return (dose for dose in found if bounds.hold(dose.slot.day))


def following(
    timing: Timing,
    zone: ZoneInfo,
    after: datetime,
    count: int,
    *,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> tuple[Planned, ...]:
    """The next `count` slots due later than `after` (aware); fewer when three years hold no more."""
    return _following(timing, zone, after, count, day_ends, bounds)


@lru_cache(maxsize=4096)  # when thousands are woken in one minute, most of them ask for the same few
def _following(
    timing: Timing, zone: ZoneInfo, after: datetime, count: int, day_ends: time, bounds: Bounds
) -> tuple[Planned, ...]:
    ahead = planned(timing, zone, after=after, until=after + _LOOK_AHEAD, day_ends=day_ends, bounds=bounds)
    return tuple(islice(ahead, count))


def _planned(
    timing: Timing, zone: ZoneInfo, after: datetime, until: datetime, day_ends: time
) -> Iterator[Planned]:
    match timing:
        case AsNeeded():
            return iter(())
        case Interval():
            if timing.waking is None:
                return _planned_by_hours(timing, zone, after, until, day_ends)
            return _planned_awake(timing, *timing.waking, zone, after, until, day_ends)
        case _:
            return _planned_on_days(timing, zone, after, until, day_ends)


# By hours


def _planned_by_hours(
    timing: Interval, zone: ZoneInfo, after: datetime, until: datetime, day_ends: time
) -> Iterator[Planned]:
    """The grid of hours from the anchor; the first step is computed, so an old anchor costs nothing."""
    step = timedelta(hours=timing.hours)
    first = 0 if timing.counted_from == "due" else 1
    count = max(first, (after - timing.anchor) // step + 1)
    due_at = timing.anchor + count * step
    while due_at <= until:
        yield Planned(_name(due_at, zone, day_ends), due_at)
        due_at += step


def _name(due_at: datetime, zone: ZoneInfo, day_ends: time) -> Slot:
    """The slot that the clock on the wall shows at an instant."""
    shown = local(due_at, zone)
    at = time(shown.hour, shown.minute)
    return Slot(own_day(shown.date(), at, day_ends), at)


def _planned_awake(
    timing: Interval,
    begins: time,
    ends: time,
    zone: ZoneInfo,
    after: datetime,
    until: datetime,
    day_ends: time,
) -> Iterator[Planned]:
    """The rounds of the days around the span; a round may reach into the next day."""
    around = every(1, local_day(after, zone, day_ends) - 2 * _DAY, local_day(until, zone, day_ends) + _DAY)
    rounds = ((day, begin) for day in around if (begin := instant(day, begins, zone, day_ends)))
    for (day, begin), (_, next_begin) in pairwise(rounds):
        ended = _end_of_round(day, begin, begins, ends, zone, day_ends)
        for due_at in _round(timing, begin, ended, next_begin):
            if after < due_at <= until:
                yield Planned(_name(due_at, zone, day_ends), due_at)


def _end_of_round(
    day: date, begin: datetime, begins: time, ends: time, zone: ZoneInfo, day_ends: time
) -> datetime:
    """When the waking time is over that began at `begin` on that own day."""
    ends_on = calendar_day(day, begins, day_ends) + (_DAY if ends < begins else timedelta())
    return instant(ends_on, ends, zone) or begin  # a day that never was has no doses after the first


def _round(timing: Interval, begin: datetime, ended: datetime, next_begin: datetime) -> Iterator[datetime]:
    """The instants of the doses of one round, in order."""
    step = timedelta(hours=timing.hours)
    usual = (begin + count * step for count in range(timing.doses_awake))
    if timing.counted_from == "due":
        yield from (due_at for due_at in usual if due_at >= timing.anchor)
        return
    first = timing.anchor + step
    if first <= begin:
        yield from usual
        return
    while first <= ended and first < next_begin:
        yield first
        first += step


# On days


def _planned_on_days(
    timing: OnDays, zone: ZoneInfo, after: datetime, until: datetime, day_ends: time
) -> Iterator[Planned]:
    """The slots of the days around the span; one day more at each end, as slots can move across midnight."""
    first, last = local_day(after, zone, day_ends) - _DAY, until.date() + _EDGE
    for due_at, slot in _in_due_order(days(timing, first, last), timing, zone, day_ends):
        if due_at > until:
            return
        if due_at > after:
            yield Planned(slot, due_at)


def _in_due_order(
    named: Iterable[date], timing: OnDays, zone: ZoneInfo, day_ends: time
) -> Iterator[tuple[datetime, Slot]]:
    """Slots with their instants, by instant.

    A skipped 02:50 becomes 03:50 and lets 03:10 pass, sometimes across midnight. No gap in an existing day
    reaches further than that, so a slot is safe to hand out once the day after its own is known.
    """
    waiting: tuple[tuple[datetime, Slot], ...] = ()
    for day in named:
        due = _on_day(timing, zone, day, day_ends)
        if waiting and due and waiting[-1] > due[0]:
            both = sorted(waiting + due)
            safe = next(place for place, (_, slot) in enumerate(both) if slot.day == day)
            waiting, due = tuple(both[:safe]), tuple(both[safe:])
        yield from waiting
        waiting = due
    yield from waiting


@lru_cache(maxsize=4096)  # each look at a person asks for the same few days several times
def _on_day(timing: OnDays, zone: ZoneInfo, day: date, day_ends: time) -> tuple[tuple[datetime, Slot], ...]:
    """The slots of one of the dates that the timing names, by instant; none where there is no such day."""
    found = ((instant(day, at, zone, day_ends), Slot(day, at)) for at in times_on(timing, day))
    return tuple(sorted((due_at, slot) for due_at, slot in found if due_at is not None))
