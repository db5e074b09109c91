"""What may be recorded as a medicine, and from when a new timing holds. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.periods import Period
from bot.conversation.times import EveryHours, SaidTiming, WhenNeeded
from scheduler.localtime import MIDNIGHT, instant, local_day
from scheduler.plans import Course, half_gap
from scheduler.timing import (
    UNBOUNDED,
    AsNeeded,
    Bounds,
    Daily,
    Interval,
    MonthDays,
    Planned,
    Timing,
    Weekly,
    following,
    from_data,
    of_week,
)

LONGEST_NAME = 64
LONGEST_AMOUNT = 64
MOST_REGIMENS = 20
SHOWN_AHEAD = 3
LONGEST_BUTTON = 40  # a longer label is cut on a phone, and two of them may then look the same
WHOLE_WEEK = frozenset(range(7))

# The times offered as buttons: morning, noon and evening, as most people take their medicine.
OFFERED_TIMES = (
    (time(7), time(8), time(9)),
    (time(12), time(13), time(18)),
    (time(20), time(21), time(22)),
)
# The numbers offered as buttons, most of them after what leaflets say; any other one can be typed.
OFFERED_DAYS = (2, 3, 4, 5, 7, 10, 14, 28)
OFFERED_WEEKS = (2, 3, 4, 6, 8, 12)
OFFERED_CYCLES = ((21, 7), (24, 4), (5, 2), (14, 14))
OFFERED_HOURS = (4, 6, 8, 12, 24, 48)
OFFERED_GAPS = (0, 2, 3, 4, 6, 8, 12, 24)
OFFERED_MAXIMA = (1, 2, 3, 4, 5, 6, 8, 10)
OFFERED_WAKING = ((time(6), time(22)), (time(7), time(23)), (time(8), time(23)))


def acceptable(words: str, longest: int) -> bool:
    """True for a cleaned name or amount that can be kept: something visible, not too long."""
    return 0 < len(words) <= longest and any(letter.isalnum() for letter in words)


def toggled(chosen: Sequence[str], one: str) -> list[str]:
    """The choice with one value switched on or off, in order."""
    return sorted(set(chosen) ^ {one})


def times_timing(times: Iterable[time], days: Iterable[int] | None = None) -> Timing:
    """Every day at these times, or only on some weekdays (0 = Monday). Raises ValueError for none."""
    wanted = frozenset(WHOLE_WEEK if days is None else days)
    if wanted == WHOLE_WEEK:
        return Daily(tuple(sorted(times)))
    return Weekly(wanted, tuple(sorted(times)))


def on_pattern(pattern: Mapping[str, Any], times: Iterable[time]) -> Timing:
    """The timing of chosen days, as `to_data` writes them without their times, at these times."""
    return from_data({**pattern, "times": [f"{at:%H:%M}" for at in times]})


def weekend_timing(times: Iterable[time], at_weekends: Iterable[time]) -> Timing:
    """Some times from Monday to Friday, others on Saturday and Sunday."""
    usual, other = tuple(times), tuple(at_weekends)
    return of_week([usual] * 5 + [other] * 2)


def first_of_hours(
    said: EveryHours, zone: ZoneInfo, now: datetime, day_ends: time = MIDNIGHT
) -> datetime | None:
    """When the first dose of a count of hours is due; None when no time for it was said.

    Counted from due, the grid goes through today's showing of that time, be it past, and a waking time says
    itself when it begins. Counted from taking, nothing was taken yet, so the first one is still to come.
    """
    from_due = said.counted_from == "due"
    at = said.waking[0] if said.waking is not None and from_due else said.first
    if at is None:
        return None
    today = local_day(now, zone, day_ends)
    firsts = (instant(today + timedelta(days=step), at, zone, day_ends) for step in range(3))
    return next((first for first in firsts if first is not None and (from_due or first > now)), None)


def settled(said: SaidTiming, zone: ZoneInfo, now: datetime, day_ends: time = MIDNIGHT) -> Timing | None:
    """The timing as said; None when something has to be asked first: the first time, or the limits."""
    if isinstance(said, WhenNeeded):
        return None
    if not isinstance(said, EveryHours):
        return said
    first = first_of_hours(said, zone, now, day_ends)
    return None if first is None else said.starting(first)


def bounds_of(
    period: Period, timing: Timing, zone: ZoneInfo, after: datetime, day_ends: time = MIDNIGHT
) -> Bounds:
    """The first and the last day that were said; "for 10 days" counts from the first dose."""
    begins = period.starts_on or local_day(after, zone, day_ends)
    ahead = following(timing, zone, after, 1, day_ends=day_ends, bounds=Bounds(period.starts_on))
    return period.bounds(ahead[0].slot.day if ahead else begins)


def first_reminder(timing: Interval, zone: ZoneInfo) -> datetime:
    """When the first dose is due that is counted from a taking."""
    return following(timing, zone, timing.anchor, 1)[0].due_at


def missing_days(timing: Timing) -> tuple[int, ...]:
    """The days of a timing that some months lack; in those their last day stands for them."""
    return tuple(sorted(day for day in timing.days if day > 28)) if isinstance(timing, MonthDays) else ()


def plans_itself(timing: Timing) -> bool:
    """Whether a timing says by itself when its doses are due, so that it can be a step of a plan."""
    return not isinstance(timing, AsNeeded) and not counts_from_taking(timing)


def counts_from_taking(timing: Timing) -> bool:
    """Whether each dose is due so many hours after the last one was taken."""
    return isinstance(timing, Interval) and timing.counted_from == "taken"


def next_reminders(
    timing: Timing,
    zone: ZoneInfo,
    after: datetime,
    *,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> tuple[Planned, ...]:
    """The next three slots, for the confirmation card."""
    return following(timing, zone, after, SHOWN_AHEAD, day_ends=day_ends, bounds=bounds)


def holds_from(
    old: Course,
    zone: ZoneInfo,
    last_answered: Planned | None,
    now: datetime,
    *,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> datetime:
    """From when a changed timing plans doses.

    A dose that was answered already counts for its half of the gap to the next one: moving 08:00 to 10:00
    after the 08:00 dose was taken must not ask for a second one on the same day.
    """
    if last_answered is None:
        return now
    half = half_gap(old, zone, last_answered, day_ends=day_ends, bounds=bounds)
    return now if half is None else max(now, last_answered.due_at + half)
