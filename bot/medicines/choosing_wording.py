"""Every sentence with which times and days are chosen: by buttons, by phrases, and what is unclear in them."""

from collections.abc import Sequence
from datetime import time

from bot.conversation.calendar import clock, clocks, joined, weekdays
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.conversation.times import Why


def ask_times(_: Gettext, *, typed: bool) -> str:
    """Which times of the day; `typed`: a whole phrase can be written, too."""
    if not typed:
        return _("At what time? Tap one or more and then Done, or type it: “8:30”, “8am and 8pm”.")
    return _(
        "At what time? Tap one or more and then Done, or type it: “8:30”, “8am and 8pm”, “mon wed fri 9:30”."
    )


def ask_times_on_weekdays(_: Gettext) -> str:
    return _("At what time from Monday to Friday? Tap one or more and then Done.")


def ask_times_at_weekends(_: Gettext) -> str:
    return _("And at what time on Saturday and Sunday? Tap one or more and then Done.")


def with_chosen(_: Gettext, question: str, chosen: Sequence[time]) -> Text:
    if not chosen:
        return compose(question)
    return paragraphs(question, compose(_("Chosen: {times}"), times=bold(clocks(_, chosen))))


def other_days(_: Gettext) -> str:
    return _("Not every day, or by the hour")


def ask_kind(_: Gettext) -> Text:
    return paragraphs(
        _("When do you take it?"),
        _(
            "You can also type it: “8am, weekends 10am”, “1st and 15th 9:00”, “every 2 weeks on mon 9am”, "
            "“21 days on, 7 days off 8am”, “every 8 hours”, “as needed, at most 6 a day”."
        ),
    )


def kinds(_: Gettext) -> dict[str, str]:
    """The kinds of timing as buttons, by their names in the dialog."""
    return {
        "daily": _("Every day"),
        "weekly": _("On some days of the week"),
        "weekend": _("At other times on weekends"),
        "month_days": _("On days of the month"),
        "every_n_days": _("Every few days"),
        "every_n_weeks": _("Every few weeks"),
        "cycle": _("Some days on, some days off"),
        "hours": _("Every few hours"),
        "as_needed": _("Only when I need it"),
    }


def ask_month_days(_: Gettext, chosen: Sequence[int]) -> Text:
    question = _("On which days of the month? Tap them, then Done. 31 is the last day of every month.")
    if not chosen:
        return compose(question)
    listed = joined(_, [str(day) for day in chosen])
    return paragraphs(question, compose(_("Chosen: {days}"), days=bold(listed)))


def ask_every_days(_: Gettext) -> Text:
    return compose(_("Every how many days? Tap a number or type one; 2 is every other day."))


def ask_every_weeks(_: Gettext) -> Text:
    return compose(_("Every how many weeks? Tap a number or type one; 2 is every other week."))


def ask_cycle(_: Gettext) -> Text:
    return compose(
        _("How many days do you take it, and how many days not? Tap, or type two numbers, for example: 21 7.")
    )


def cycle(_: Gettext, on: int, off: int) -> str:
    return _("{on} on, {off} off").format(on=on, off=off)


def ask_start(_: Gettext, *, cycle: bool) -> Text:
    question = (
        _("Which day is or was the first of the days on? Tap, or type a date, for example: 1 March.")
        if cycle
        else _("Which day is or was the first one? Tap, or type a date, for example: 1 March.")
    )
    return compose(question)


def today(_: Gettext) -> str:
    return _("Today")


def tomorrow(_: Gettext) -> str:
    return _("Tomorrow")


def not_a_date(_: Gettext) -> str:
    return _("I did not understand that as a date. Please write it like this: 1 March, or 2026-03-01.")


def date_with_year(_: Gettext) -> str:
    return _("Please write the date with its year, for example: 1 March 2026.")


def ask_hours(_: Gettext) -> Text:
    return compose(_("Every how many hours? Tap a number or type one."))


def ask_counted(_: Gettext) -> Text:
    return compose(_("From when do the hours count?"))


def from_due(_: Gettext) -> str:
    return _("From the planned time")


def from_taken(_: Gettext) -> str:
    return _("From when I take it")


def ask_waking(_: Gettext) -> Text:
    return compose(_("Also at night? Tap, or type from when until when, for example: 7:00 to 23:00."))


def day_and_night(_: Gettext) -> str:
    return _("Day and night")


def waking(_: Gettext, begins: time, ends: time) -> str:
    return _("Only from {begins} to {ends}").format(begins=clock(begins), ends=clock(ends))


def ask_gap(_: Gettext) -> Text:
    return compose(
        _(
            "How many hours must be between two doses, by your prescriber or the leaflet? Tap a number or type one."
        )
    )


def gap(_: Gettext, hours: int) -> str:
    return str(hours) if hours else _("Not said")


def ask_maximum(_: Gettext) -> Text:
    return compose(
        _(
            "How many doses may it be in 24 hours, by your prescriber or the leaflet? Tap a number or type one."
        )
    )


def number_refused(_: Gettext, lowest: int, highest: int) -> str:
    return _("Please tap or type a number from {lowest} to {highest}.").format(lowest=lowest, highest=highest)


def dates(_: Gettext) -> str:
    return _("First or last day")


def ask_dates(_: Gettext) -> Text:
    return compose(
        _("From when until when? For example: “from 1 March”, “until 15 April”, “from 1 March for 10 days”.")
    )


def no_limits(_: Gettext) -> str:
    return _("Neither a first nor a last day")


def done(_: Gettext) -> str:
    return _("Done")


def choose_a_time(_: Gettext) -> str:
    return _("Please choose at least one time.")


def which_one(_: Gettext, phrase: str, listed: Sequence[str]) -> Text:
    """What the words may mean; `listed` when the buttons have only numbers."""
    question = compose(_("Which do you mean by {phrase}?"), phrase=said(phrase))
    numbered = (
        compose("{number}. {meaning}", number=number, meaning=meaning)
        for number, meaning in enumerate(listed, 1)
    )
    return paragraphs(question, lines(*numbered))


def write_anew(_: Gettext) -> str:
    return _("None of these")


def tap_one(_: Gettext) -> str:
    return _("Please tap one of the buttons.")


def not_a_timing(_: Gettext, why: Why) -> str:
    """Why a phrase about times was not understood, and how to say it."""
    return {
        Why.MORNING_OR_EVENING: _("Please write am or pm with each time, or use the 24-hour clock."),
        Why.TOO_LONG: _("That is too long for me. Please write only the times."),
        Why.TOO_MANY: _("That is more than 24 times a day."),
        Why.SAID_TWICE: _("One thing is there twice."),
        Why.COUNT_DIFFERS: _("The number of times does not fit what you wrote."),
        Why.OUT_OF_RANGE: _("I can do from every 3 hours to every 366 days."),
        Why.NO_TIME: _("I found no time in that."),
        Why.NOT_AWAKE: _("So many hours do not fit between these times."),
        Why.NOT_A_DATE: not_a_date(_),
        Why.ENDS_EARLY: _("The last day would be before the first one."),
    }.get(why, _("I did not understand that as times of a day."))


def ask_first(_: Gettext, hours: int, counted: str) -> Text:
    if counted == "taken":
        question = _(
            "At what time shall the first reminder come? The next ones follow {hours} hours after you take it."
        )
    else:
        question = _("Every {hours} hours, counted from which time? For example: 6:00.")
    return compose(question, hours=hours)


def ask_days(_: Gettext, chosen: Sequence[int]) -> Text:
    question = _("On which days? Tap them, then Done.")
    if not chosen:
        return compose(question)
    return paragraphs(question, compose(_("Chosen: {days}"), days=bold(weekdays(_, chosen))))


def choose_a_day(_: Gettext) -> str:
    return _("Please choose at least one day.")
