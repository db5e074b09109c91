"""Plans: a taper or a titration, as dated steps with a timing each, and the doses that they name together.

A step holds from its own first day until the day before the next one. What is taken in it may take turns
from dose to dose ("10 mg, 20 mg"); the words are not known here, only how many there are.

Whatever asks when doses are due, and until when each may be taken, asks here: a *course* is a plain timing
or a plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from heapq import merge
from itertools import islice, pairwise
from operator import attrgetter
from zoneinfo import ZoneInfo

from scheduler import timing as timings
from scheduler.localtime import MIDNIGHT
from scheduler.timing import (
    UNBOUNDED,
    AsNeeded,
    Bounds,
    Cycle,
    EveryNDays,
    EveryNWeeks,
    Interval,
    Planned,
    Slot,
    Timing,
)
from scheduler.timing.days import days, times_on

MOST_STEPS = 40
MOST_TURNS = 8
WINDOW_CAP = timedelta(hours=4)
_LOOK_AHEAD = timedelta(days=3 * 366)
_DAY = timedelta(days=1)
_EDGE = timedelta(days=3)  # further than any clock, day end and gap can be from UTC together
_in_order = attrgetter("due_at", "slot")


@dataclass(frozen=True, slots=True)
class Step:
    """From the own day `since`: a timing, and how many amounts take turns from dose to dose."""

    since: date
    timing: Timing
    turns: int = 1

    def __post_init__(self) -> None:
        if isinstance(self.timing, AsNeeded) or getattr(self.timing, "counted_from", "due") == "taken":
            raise ValueError("A step needs a timing that says by itself when its doses are due.")
        if not 1 <= self.turns <= MOST_TURNS:
            raise ValueError("From 1 to 8 amounts can take turns.")


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in their order, and the last day with doses; `until` None: the last step goes on."""

    steps: tuple[Step, ...]
    until: date | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.steps) <= MOST_STEPS:
            raise ValueError("A plan has from 1 to 40 steps.")
        if any(later.since <= earlier.since for earlier, later in pairwise(self.steps)):
            raise ValueError("Every step begins later than the one before.")
        if self.until is not None and self.until < self.steps[-1].since:
            raise ValueError("The last day must not be before the last step.")

    def step_on(self, day: date) -> int | None:
        """The number of the step that holds on an own day, from 0; None before the plan and after it."""
        if self.until is not None and day > self.until:
            return None
        return max((number for number, step in enumerate(self.steps) if step.since <= day), default=None)

    def ends(self, number: int) -> date | None:
        """The last day of a step; None when it goes on."""
        return self.until if number + 1 == len(self.steps) else self.steps[number + 1].since - _DAY


Course = Timing | Plan


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """A planned slot, the number of its step, and the place of its amount among those that take turns.

    Both are counted from 0, and None where the course is a plain timing.
    """

    planned: Planned
    step: int | None = None
    turn: int | None = None


def planned_by_plan(
    course: Course,
    zone: ZoneInfo,
    *,
    after: datetime,
    until: datetime,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> Iterator[PlannedDose]:
    """Every dose of a course due in (after, until], both aware, in order, with its step and its turn."""
    span = planned(course, zone, after=after, until=until, day_ends=day_ends, bounds=bounds)
    return (PlannedDose(each, *place(course, zone, each, day_ends=day_ends)) for each in span)


def planned(
    course: Course,
    zone: ZoneInfo,
    *,
    after: datetime,
    until: datetime,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> Iterator[Planned]:
    """Every slot of a course due in (after, until], both aware, in order of due time and then of slot."""
    if not isinstance(course, Plan):
        return timings.planned(course, zone, after=after, until=until, day_ends=day_ends, bounds=bounds)
    first, last = after.date() - _EDGE, until.date() + _EDGE
    spans = (
        timings.planned(step.timing, zone, after=after, until=until, day_ends=day_ends, bounds=inside)
        for step, inside in _bounded(course, bounds)
        if _touches(inside, first, last)
    )
    return merge(*spans, key=_in_order)  # a skipped time may let one of the next step pass


def following(
    course: Course,
    zone: ZoneInfo,
    after: datetime,
    count: int,
    *,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> tuple[Planned, ...]:
    """The next `count` slots due later than `after` (aware); fewer when three years hold no more."""
    if not isinstance(course, Plan):
        return timings.following(course, zone, after, count, day_ends=day_ends, bounds=bounds)
    return _following(course, zone, after, count, day_ends, bounds)


def half_gap(
    course: Course,
    zone: ZoneInfo,
    dose: Planned,
    *,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> timedelta | None:
    """Half of the time from a dose to the next later one of any step; None when none is due for long."""
    later = following(course, zone, dose.due_at, 1, day_ends=day_ends, bounds=bounds)
    if not later or later[0].due_at > dose.due_at + _LOOK_AHEAD:
        return None
    return (later[0].due_at - dose.due_at) / 2


def window_end(
    course: Course,
    zone: ZoneInfo,
    dose: Planned,
    *,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> datetime:
    """Until when a dose may be taken late: half way to the next one, at most WINDOW_CAP after it is due."""
    return dose.due_at + window(half_gap(course, zone, dose, day_ends=day_ends, bounds=bounds))


def window(half: timedelta | None, cap: timedelta = WINDOW_CAP) -> timedelta:
    """How long a dose may be taken late that has so much time half way to the next one; None: none comes."""
    return cap if half is None else min(half, cap)


def place(
    course: Course, zone: ZoneInfo, dose: Planned, *, day_ends: time = MIDNIGHT
) -> tuple[int | None, int | None]:
    """The step of a slot and the turn of its amount; None for both where there is no such step."""
    number = course.step_on(dose.slot.day) if isinstance(course, Plan) else None
    if not isinstance(course, Plan) or number is None:
        return None, None
    step = course.steps[number]
    if step.turns == 1:
        return number, 0
    return number, _doses_before(step, zone, dose, day_ends) % step.turns


def pushed(plan: Plan, today: date, by_days: int) -> Plan:
    """The plan whose steps that had not begun on `today`, and whose last day, come so many days later.

    The step of today goes on meanwhile. What counts its days from a first one, counts from a later one.
    """
    later = timedelta(days=by_days)
    steps = tuple(step if step.since <= today else _later(step, later) for step in plan.steps)
    return Plan(steps, plan.until + later if plan.until is not None and plan.until >= today else plan.until)


def held(sinces: Sequence[date], first: date, before: date | None) -> list[tuple[int, date]]:
    """Which steps held from the own day `first` until `before` (None: until now), and since when within.

    `sinces` are the first days of the steps, in order. For a version of a plan: what it was while it held.
    """
    begun = max((number for number, since in enumerate(sinces) if since <= first), default=None)
    found = [] if begun is None else [(begun, first)]
    return found + [
        (number, since)
        for number, since in enumerate(sinces)
        if since > first and (before is None or since < before)
    ]


def _later(step: Step, by: timedelta) -> Step:
    timing = step.timing
    if isinstance(timing, EveryNDays | EveryNWeeks | Cycle):
        timing = replace(timing, start=timing.start + by)
    return replace(step, since=step.since + by, timing=timing)


def _bounded(plan: Plan, bounds: Bounds) -> Iterator[tuple[Step, Bounds]]:
    """The steps with their first and last days, as far as they lie within the bounds."""
    for number, step in enumerate(plan.steps):
        begins = max(step.since, bounds.starts_on or step.since)
        lasts = [day for day in (plan.ends(number), bounds.ends_on) if day is not None]
        ends = min(lasts, default=None)
        if ends is None or ends >= begins:
            yield step, Bounds(begins, ends)


def _touches(inside: Bounds, first: date, last: date) -> bool:
    begins, ends = inside.starts_on, inside.ends_on
    return (begins is None or begins <= last) and (ends is None or ends >= first)


@lru_cache(maxsize=1024)  # each look at a person asks for the same few several times
def _following(
    plan: Plan, zone: ZoneInfo, after: datetime, count: int, day_ends: time, bounds: Bounds
) -> tuple[Planned, ...]:
    ahead = planned(plan, zone, after=after, until=after + _LOOK_AHEAD, day_ends=day_ends, bounds=bounds)
    return tuple(islice(ahead, count))


def _doses_before(step: Step, zone: ZoneInfo, dose: Planned, day_ends: time) -> int:
    """How many doses of a step come before one of them.

    On days they are counted by their names, so that neither travel nor a clock change swaps two amounts.
    """
    slot = dose.slot
    timing = step.timing
    if not isinstance(timing, Interval | AsNeeded):
        named = days(timing, step.since, slot.day)
        return sum(Slot(day, at) < slot for day in named for at in times_on(timing, day))
    begun = datetime.combine(step.since - _EDGE, MIDNIGHT, UTC)
    bounds = Bounds(step.since)
    before = timings.planned(timing, zone, after=begun, until=dose.due_at, day_ends=day_ends, bounds=bounds)
    if isinstance(timing, Interval) and timing.waking is None:  # evenly, so that nothing has to be counted
        first = next(before, dose)
        return (dose.due_at - first.due_at) // timedelta(hours=timing.hours)
    return sum(each.due_at < dose.due_at for each in before)
