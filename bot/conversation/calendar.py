"""Days and times as people read them; shared by every room's wording."""

from collections.abc import Sequence
from datetime import date, time

from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, compose
from scheduler.timing import (
    AsNeeded,
    Cycle,
    Daily,
    EveryNDays,
    Interval,
    MonthDays,
    Timing,
    Weekly,
)


def clock(at: time) -> str:
    """A wall-clock time: "08:05"."""
    return f"{at:%H:%M}"


def clocks(_: Gettext, times: Sequence[time]) -> str:
    """Times joined as in speech: "08:00, 13:00 and 20:00"."""
    return joined(_, [clock(at) for at in times])


def weekday(_: Gettext, day: int) -> str:
    """A weekday in three letters; 0 is Monday."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[day]


def weekdays(_: Gettext, days: Sequence[int]) -> str:
    """Weekdays joined as in speech."""
    return joined(_, [weekday(_, day) for day in days])


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
            return compose(_("{days} at {times}"), days=weekdays(_, sorted(days)), times=clocks(_, times))
        case MonthDays(days=days, times=times):
            listed = ", ".join(str(day) for day in sorted(days))
            return compose(_("on day {days} of each month at {times}"), days=listed, times=clocks(_, times))
        case EveryNDays(n=n, times=times):
            return compose(_("every {n} days at {times}"), n=n, times=clocks(_, times))
        case Cycle(on_days=on, off_days=off, times=times):
            return compose(
                _("{on} days on, {off} days off, at {times}"), on=on, off=off, times=clocks(_, times)
            )
        case Interval(hours=hours):
            return compose(_("every {hours} hours"), hours=hours)
        case AsNeeded():
            return compose(_("as needed"))


def joined(_: Gettext, items: Sequence[str]) -> str:
    """Items joined as in speech: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return _("{first} and {last}").format(first=", ".join(items[:-1]), last=items[-1])
