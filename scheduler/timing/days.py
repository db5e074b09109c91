"""Which dates a timing names, found without walking from its start."""

import calendar
import math
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import assert_never

from scheduler.timing.kinds import (
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    MonthDays,
    OnDays,
    PerWeekday,
    Weekly,
)


def days(timing: OnDays, first: date, last: date) -> Iterator[date]:
    """The dates from `first` to `last` that the timing names, in order."""
    match timing:
        case Daily():
            return every(1, first, last)
        case Weekly():
            return (day for day in every(1, first, last) if day.weekday() in timing.days)
        case PerWeekday():
            return (day for day in every(1, first, last) if timing.week[day.weekday()])
        case MonthDays():
            return _days_of_months(timing.days, first, last)
        case EveryNDays():
            return every(timing.n, _on_or_after(first, timing.start, timing.n), last)
        case EveryNWeeks():
            return _days_of_weeks(timing, first, last)
        case Cycle():
            return _days_on(timing, first, last)
        case _:
            assert_never(timing)


def times_on(timing: OnDays, day: date) -> tuple[time, ...]:
    """The times of one of the dates that the timing names."""
    return timing.week[day.weekday()] if isinstance(timing, PerWeekday) else timing.times


def every(n: int, first: date, last: date) -> Iterator[date]:
    """`first`, and every n-th date after it up to `last`."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1, n))


def _on_or_after(day: date, start: date, n: int) -> date:
    """The first of start, start + n, start + 2n … that is not before `day`."""
    steps = max(0, math.ceil((day - start).days / n))
    return start + timedelta(days=steps * n)


def _days_of_months(numbers: frozenset[int], first: date, last: date) -> Iterator[date]:
    """The named days of each month, a day that the month lacks being its last."""
    month = first.replace(day=1)
    while month <= last:
        length = calendar.monthrange(month.year, month.month)[1]
        for number in sorted({min(day, length) for day in numbers}):
            day = month.replace(day=number)
            if first <= day <= last:
                yield day
        month += timedelta(days=length)


def _days_of_weeks(timing: EveryNWeeks, first: date, last: date) -> Iterator[date]:
    """The named days of every n-th week, counted from the Monday of the first one."""
    monday = timing.start.toordinal() - timing.start.weekday()
    for day in every(1, max(first, timing.start), last):
        if day.weekday() in timing.days and (day.toordinal() - monday) // 7 % timing.n == 0:
            yield day


def _days_on(cycle: Cycle, first: date, last: date) -> Iterator[date]:
    """The days on of every round that touches the span."""
    length = cycle.on_days + cycle.off_days
    for day in every(1, max(first, cycle.start), last):
        if (day - cycle.start).days % length < cycle.on_days:
            yield day
