"""What another clock changes for a medicine: its next dose before and after, and the gap to it. Pure."""

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import takewhile
from zoneinfo import ZoneInfo

from scheduler.localtime import MIDNIGHT, all_zones, zone
from scheduler.plans import Course, Plan, following
from scheduler.timing import UNBOUNDED, Bounds, Interval, Planned, Slot

SHORTEST_SHARE, LONGEST_SHARE = 0.75, 1.5
# A dose so many usual gaps ago says nothing of the next one: a pause lies between.
_LONG_AGO = 3
_LOOK_AHEAD = 32


class Warned(StrEnum):
    """The gap to the next dose becomes much shorter, or much longer, than it usually is."""

    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class Change:
    """The next dose by the old clock and by the new one; None where none is to come.

    `gap`: from the last dose to the next one by the new clock; `usual`: the gap that would follow the last
    dose by the old one; both None when there was no dose lately. `kept`: slots that the new clock shows once
    more although they have their dose already; no reminder comes for them.
    """

    before: Planned | None
    after: Planned | None
    gap: timedelta | None = None
    usual: timedelta | None = None
    warning: Warned | None = None
    kept: tuple[Planned, ...] = ()


def compare(
    course: Course,
    old: ZoneInfo,
    new: ZoneInfo,
    last: Planned | None,
    after: datetime,
    *,
    booked: Collection[Slot] = (),
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> Change:
    """What becomes of the doses due later than `after` (aware) when the clock is no longer `old` but `new`.

    `last` is the latest dose so far, with the instant at which it was due; `booked` are the slots that have
    their dose already, that of `last` among them.
    """
    taken = {*booked, *([last.slot] if last is not None else ())}
    before, _ = _next(course, old, after, taken, day_ends, bounds)
    then, kept = _next(course, new, after, taken, day_ends, bounds)
    gap, usual = _gaps(course, old, last, before, then, day_ends, bounds)
    return Change(before, then, gap, usual, _warning(gap, usual), kept)


def by_another_day(
    course: Course,
    zone: ZoneInfo,
    ends: tuple[time, time],
    last: Planned | None,
    after: datetime,
    *,
    booked: Collection[Planned] = (),
    bounds: Bounds = UNBOUNDED,
) -> Change:
    """What becomes of the doses due later than `after` when the own day ends at the second of two times.

    `last` and `booked` are named by the second one already.
    """
    old, new = ends
    had = {planned.due_at for planned in booked}
    before = next(
        (
            planned
            for planned in following(course, zone, after, _LOOK_AHEAD, day_ends=old, bounds=bounds)
            if planned.due_at not in had
        ),
        None,
    )
    taken = {planned.slot for planned in booked}
    then, kept = _next(course, zone, after, taken, new, bounds)
    gap, usual = _gaps(course, zone, last, before, then, old, bounds)
    return Change(before, then, gap, usual, _warning(gap, usual), kept)


def _next(
    course: Course, zone: ZoneInfo, after: datetime, taken: Collection[Slot], day_ends: time, bounds: Bounds
) -> tuple[Planned | None, tuple[Planned, ...]]:
    """The first slot without a dose, and those before it that have one."""
    ahead = following(course, zone, after, _LOOK_AHEAD, day_ends=day_ends, bounds=bounds)
    kept = tuple(takewhile(lambda planned: planned.slot in taken, ahead))
    return (ahead[len(kept)] if len(kept) < len(ahead) else None), kept


def _gaps(
    course: Course,
    old: ZoneInfo,
    last: Planned | None,
    before: Planned | None,
    then: Planned | None,
    day_ends: time,
    bounds: Bounds,
) -> tuple[timedelta | None, timedelta | None]:
    """The gap from the last dose to the next one, and the usual gap."""
    usually = (
        following(course, old, last.due_at, 1, day_ends=day_ends, bounds=bounds) if last is not None else ()
    )
    if last is None or before is None or then is None or not usually:
        return None, None
    usual = usually[0].due_at - last.due_at
    if before.due_at - last.due_at > _LONG_AGO * usual:
        return None, None
    return then.due_at - last.due_at, usual


def _warning(gap: timedelta | None, usual: timedelta | None) -> Warned | None:
    if gap is None or usual is None:
        return None
    if gap < SHORTEST_SHARE * usual:
        return Warned.SHORT
    return Warned.LONG if gap > LONGEST_SHARE * usual else None


def follows_the_clock(course: Course) -> bool:
    """Whether a change of clock moves its doses: hours that really pass go on by day and by night.

    A plan does not if one of its steps does not: its doses are named by one clock.
    """
    timings = [step.timing for step in course.steps] if isinstance(course, Plan) else [course]
    return all(not isinstance(timing, Interval) or timing.waking is not None for timing in timings)


def mark(key: str) -> str:
    """A zone's key in eight letters, for a button that has no room for it."""
    return f"{zlib.crc32(key.encode()):08x}"


def marked(short: str) -> ZoneInfo | None:
    """The zone of a mark; None for one that newer zone data no longer has."""
    return next((zone(key) for key in all_zones() if mark(key) == short), None)
