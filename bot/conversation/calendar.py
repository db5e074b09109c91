"""Days and times as people read them; shared by every room's wording."""

from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache

from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, compose
from scheduler.timing import (
    AsNeeded,
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    Interval,
    MonthDays,
    PerWeekday,
    Timing,
    Weekly,
)


def clock(at: time) -> str:
    """A wall-clock time: "08:05"."""
    return at.isoformat("minutes")


def clocks(_: Gettext, times: Sequence[time]) -> str:
    """Times joined as in speech: "08:00, 13:00 and 20:00"."""
    return joined(_, [clock(at) for at in times])


def place_name(key: str) -> str:
    """The place in a zone's key: "America/New_York" → "New York"."""
    return key.rpartition("/")[2].replace("_", " ")


def weekday(_: Gettext, day: int) -> str:
    """A weekday in three letters; 0 is Monday."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[day]


def weekdays(_: Gettext, days: Sequence[int]) -> str:
    """Weekdays joined as in speech."""
    return joined(_, [weekday(_, day) for day in days])


def day_count(_: Gettext, count: int) -> str:
    """So many days: "1 day", "3 days"."""
    return _("1 day") if count == 1 else _("{count} days").format(count=count)


@lru_cache(maxsize=256)  # when thousands are woken in one minute, all of them read of the same few days
def day_name(_: Gettext, day: date) -> str:
    """A date in a few letters: "Tue 14 Jan"."""
    return f"{weekday(_, day.weekday())} {day.day} {_month(_, day)}"


def full_date(_: Gettext, day: date) -> str:
    """A date with its year: "14 Jan 2026"."""
    return f"{day.day} {_month(_, day)} {day.year}"


def _month(_: Gettext, day: date) -> str:
    months = (
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
        _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
    )  # fmt: skip
    return months[day.month - 1]


def described(_: Gettext, timing: Timing) -> Text:
    """A timing in words: "every day at 08:00 and 20:00"."""
    match timing:
        case Daily(times=times):
            return compose(_("every day at {times}"), times=clocks(_, times))
        case Weekly(days=days, times=times):
            return compose(_on_weekdays(_, sorted(days), times))
        case PerWeekday(week=week):
            return compose(_week(_, week))
        case MonthDays(days=days, times=times):
            return _month_days(_, sorted(days), times)
        case EveryNDays(n=n, times=times):
            return compose(_("every {n} days at {times}"), n=n, times=clocks(_, times))
        case EveryNWeeks(n=n, days=days, times=times):
            named = weekdays(_, sorted(days))
            return compose(_("every {n} weeks on {days} at {times}"), n=n, days=named, times=clocks(_, times))
        case Cycle(on_days=on, off_days=off, times=times):
            return compose(
                _("{on} days on, {off} days off, at {times}"), on=on, off=off, times=clocks(_, times)
            )
        case Interval():
            return _hours(_, timing)
        case AsNeeded():
            return _as_needed(_, timing)


def _on_weekdays(_: Gettext, days: Sequence[int], times: Sequence[time]) -> str:
    return _("{days} at {times}").format(days=weekdays(_, days), times=clocks(_, times))


def _week(_: Gettext, week: Sequence[tuple[time, ...]]) -> str:
    """The days of a week that have the same times together, in order of their first."""
    groups = list(dict.fromkeys(times for times in week if times))
    return "; ".join(
        _on_weekdays(_, [day for day in range(7) if week[day] == times], times) for times in groups
    )


def _month_days(_: Gettext, days: Sequence[int], times: Sequence[time]) -> Text:
    """Day 31 is the last day of every month."""
    if list(days) == [31]:
        return compose(_("on the last day of each month at {times}"), times=clocks(_, times))
    listed = joined(_, [str(day) for day in days])
    return compose(_("on day {days} of each month at {times}"), days=listed, times=clocks(_, times))


def _hours(_: Gettext, timing: Interval) -> Text:
    if timing.waking is None:
        if timing.counted_from == "due":
            return compose(_("every {hours} hours"), hours=timing.hours)
        return compose(_("every {hours} hours, counted from when you take it"), hours=timing.hours)
    template = (
        _("every {hours} hours between {begins} and {ends}")
        if timing.counted_from == "due"
        else _("every {hours} hours, counted from when you take it, between {begins} and {ends}")
    )
    begins, ends = timing.waking
    return compose(template, hours=timing.hours, begins=clock(begins), ends=clock(ends))


def _as_needed(_: Gettext, timing: AsNeeded) -> Text:
    if timing.minimum_gap_hours == 0:
        template = _("as needed, at most {doses} in 24 hours")
    elif timing.minimum_gap_hours == 1:
        template = _("as needed, at least 1 hour apart, at most {doses} in 24 hours")
    else:
        template = _("as needed, at least {hours} hours apart, at most {doses} in 24 hours")
    return compose(template, hours=timing.minimum_gap_hours, doses=timing.daily_maximum)


def joined(_: Gettext, items: Sequence[str]) -> str:
    """Items joined as in speech: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return _("{first} and {last}").format(first=", ".join(items[:-1]), last=items[-1])
