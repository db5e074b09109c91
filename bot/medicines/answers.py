"""What the dialogs of this room keep between two questions: the keys, and what they stand for."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.dialogs import Answers, Context
from bot.conversation.periods import Period
from scheduler.localtime import local_day, zone
from scheduler.timing import Bounds, Timing, to_data

NAME, AMOUNT = "name", "amount"
TIMING, STARTS_ON, ENDS_ON = "timing", "starts_on", "ends_on"  # what is kept in the end
HOLDS_FROM = "holds_from"  # before this instant a changed timing plans nothing
OPTIONS, PHRASE = "options", "phrase"  # what an unclear phrase may mean, and its unclear words
PATTERN, DAYS, TIMES, WEEKEND = "pattern", "days", "times", "weekend"  # being chosen by buttons
HOURS, COUNTED, WAKING, PERIOD = "hours", "counted", "waking", "period"  # said, while more is asked
GAP, MAXIMUM = "gap", "maximum"  # of what is taken as needed


def here(context: Context) -> ZoneInfo:
    """The person's zone."""
    return zone(context.zone or "UTC")


def today(context: Context) -> date:
    """The person's own day."""
    return local_day(context.now, here(context), context.day_ends)


def planned_after(context: Context, answers: Answers) -> datetime:
    """The instant after which the timing plans doses."""
    held = answers.get(HOLDS_FROM)
    return max(context.now, datetime.fromisoformat(held)) if held else context.now


def with_timing(timing: Timing, bounds: Bounds | None = None) -> dict[str, Any]:
    """A timing as answers, and its first and last day when they were said; no choice is left half made."""
    kept: dict[str, Any] = {TIMING: to_data(timing), TIMES: [], WEEKEND: [], PATTERN: None}
    return kept if bounds is None else {**kept, **with_bounds(bounds)}


def with_bounds(bounds: Bounds) -> dict[str, Any]:
    """The first and the last day as answers."""
    first, last = bounds.starts_on, bounds.ends_on
    return {STARTS_ON: first.isoformat() if first else None, ENDS_ON: last.isoformat() if last else None}


def bounds_in(answers: Answers) -> Bounds:
    """The first and the last day that were said."""
    first, last = answers.get(STARTS_ON), answers.get(ENDS_ON)
    return Bounds(date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None)


def with_period(period: Period) -> dict[str, Any]:
    """A period as an answer, while something else is still to be asked."""
    first, last = period.starts_on, period.ends_on
    return {PERIOD: [first.isoformat() if first else None, last.isoformat() if last else None, period.lasts]}


def period_in(answers: Answers) -> Period:
    """The period that was said with the phrase, if one was."""
    first, last, lasts = answers.get(PERIOD) or (None, None, None)
    return Period(
        date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None, lasts
    )


def with_waking(waking: tuple[time, time] | None) -> dict[str, Any]:
    """A waking time as an answer, while the first time is still to be asked."""
    return {WAKING: [f"{at:%H%M}" for at in waking] if waking is not None else None}


def waking_in(answers: Answers) -> tuple[time, time] | None:
    """The waking time that was said, if one was."""
    said = answers.get(WAKING)
    return (clock_in(said[0]), clock_in(said[1])) if said else None


def clock_in(value: str) -> time:
    """The time on a button, such as 0830."""
    return time(int(value[:2]), int(value[2:]))
