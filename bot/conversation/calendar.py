"""Days and times as people read them; shared by every room's wording."""

from collections.abc import Sequence
from datetime import date, time

from bot.conversation.catalogs import Gettext


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
    months = (
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
        _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
    )  # fmt: skip
    return f"{weekday(_, day.weekday())} {day.day} {months[day.month - 1]}"


def joined(_: Gettext, items: Sequence[str]) -> str:
    """Items joined as in speech: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return _("{first} and {last}").format(first=", ".join(items[:-1]), last=items[-1])
