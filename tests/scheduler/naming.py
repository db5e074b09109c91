"""Which days a timing names, said as plainly as can be: an oracle for the tests."""

from datetime import date, timedelta

from scheduler.timing import (
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    MonthDays,
    OnDays,
    PerWeekday,
    Weekly,
)


def names(timing: OnDays, day: date) -> bool:
    """Whether a timing names a day, said as plainly as can be."""
    match timing:
        case Daily():
            return True
        case Weekly(days):
            return day.weekday() in days
        case MonthDays(days):
            last = (day + timedelta(days=1)).day == 1
            return day.day in days or (last and max(days) > day.day)
        case PerWeekday(week):
            return bool(week[day.weekday()])
        case EveryNDays(n, start):
            return day >= start and (day - start).days % n == 0
        case EveryNWeeks(n, days, start):
            first_week = start - timedelta(days=start.weekday())
            weeks_between = (day - timedelta(days=day.weekday()) - first_week).days // 7
            return day >= start and day.weekday() in days and weeks_between % n == 0
        case Cycle(on, off, start):
            return day >= start and (day - start).days % (on + off) < on
