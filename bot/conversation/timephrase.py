"""A timing written as a phrase that the grammar reads back, for "write this or that"."""

from collections.abc import Sequence
from datetime import time
from typing import assert_never

from bot.conversation.times import EveryHours, Reading, SaidTiming, WhenNeeded
from scheduler.timing import (
    AsNeeded,
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    Interval,
    MonthDays,
    OnDays,
    PerWeekday,
    Weekly,
)

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def in_words(reading: Reading) -> str:
    """A reading in words; the first day of what counts days is not among them unless it was said."""
    period = reading.period
    words = [_timing(reading.timing)]
    if period.starts_on is not None:
        words.append(f"from {period.starts_on}")
    if period.ends_on is not None:
        words.append(f"until {period.ends_on}")
    if period.lasts is not None:
        words.append(f"for {period.lasts} days")
    return " ".join(words)


def _timing(timing: SaidTiming) -> str:
    match timing:
        case EveryHours():
            return _hours(timing)
        case Interval(hours, _, counted_from, waking):
            return _hours(EveryHours(hours, None, counted_from, waking))
        case AsNeeded(gap, maximum) | WhenNeeded(gap, maximum):
            least = f", at least {gap} hours apart" if gap is not None else ""
            most = f", at most {maximum} a day" if maximum is not None else ""
            return f"as needed{least}{most}"
        case _:
            return _on_days(timing)


def _on_days(timing: OnDays) -> str:
    match timing:
        case Daily(times):
            return _list(times)
        case Weekly(days, times):
            return f"{_weekdays(sorted(days))} {_list(times)}"
        case PerWeekday(week):
            groups = list(dict.fromkeys(times for times in week if times))
            named = ([day for day in range(7) if week[day] == times] for times in groups)
            return "; ".join(
                f"{_weekdays(days)} {_list(times)}" for days, times in zip(named, groups, strict=True)
            )
        case MonthDays(days, times):
            return ", ".join(map(_ordinal, sorted(days))) + " " + _list(times)
        case EveryNDays(n, _, times):
            return f"every {n} days {_list(times)}"
        case EveryNWeeks(n, days, _, times):
            return f"every {n} weeks on {_weekdays(sorted(days))} {_list(times)}"
        case Cycle(on, off, _, times):
            return f"{on} days on, {off} days off {_list(times)}"
        case _:
            assert_never(timing)


def _hours(said: EveryHours) -> str:
    taken = " after taking" if said.counted_from == "taken" else ""
    first = f" from {said.first:%H:%M}" if said.first is not None else ""
    awake = " between {:%H:%M} and {:%H:%M}".format(*said.waking) if said.waking is not None else ""
    return f"every {said.hours} hours{taken}{first}{awake}"


def _weekdays(days: Sequence[int]) -> str:
    return ", ".join(_WEEKDAYS[day] for day in days)


def _ordinal(number: int) -> str:
    ending = "th" if number in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def _list(times: tuple[time, ...]) -> str:
    return ", ".join(f"{at:%H:%M}" for at in times)
