"""Every sentence about check-ins."""

from collections.abc import Sequence
from datetime import date, time

from bot.checkins.rules import HIGHEST, ITEMS, Hold
from bot.conversation.calendar import clock, day_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs
from storage.scores import SHORT_ITEM
from storage.vocabulary import CheckinForm


def question(_: Gettext, item: str, *, over: bool = False) -> str:
    """The question of an item, about the whole day; `over`: it is asked on a later one."""
    if item == "sleep" and over:
        return _("How well did you sleep in the night before that day?")
    return {
        "down": _("Thinking of the whole day: how down, depressed or hopeless did you feel?"),
        "interest": _("How little interest or pleasure did you have in doing things?"),
        "restless": _("How restless or on edge were you?"),
        "energy": _("How much energy did you have?"),
        "sleep": _("How well did you sleep last night?"),
        SHORT_ITEM: _("Thinking of the whole day: how heavy was it?"),
    }[item]


def scale(_: Gettext, item: str) -> str:
    """What the ends of the scale mean."""
    if item == "energy":
        return _("0 = none at all, 10 = plenty")
    if item == "sleep":
        return _("0 = very badly, 10 = very well")
    return _("0 = not at all, 10 = extremely")


def ask(_: Gettext, form: CheckinForm, item: str, day: date, *, over: bool = False) -> Text:
    """One question of a check-in; `over`: its day is over."""
    if form is CheckinForm.SHORT:
        heading = bold(_("Check-in, the short way"))
    else:
        number = _("{number} of {count}").format(number=ITEMS.index(item) + 1, count=len(ITEMS))
        heading = compose("{title} · {number}", title=bold(_("Check-in")), number=number)
    return lines(heading + f" · {day_name(_, day)}", question(_, item, over=over), scale(_, item))


def thanks(_: Gettext, day: date) -> Text:
    return compose(
        _("Thank you. Your check-in of {day} is recorded. /mood shows the last weeks."), day=day_name(_, day)
    )


def closed(_: Gettext, day: date) -> Text:
    return compose(
        _("The check-in of {day} has closed. That is all right, there is another day."), day=day_name(_, day)
    )


def short_way(_: Gettext) -> str:
    return _("Just one tap today")


def not_now(_: Gettext) -> str:
    return _("Not today")


def set_aside(_: Gettext) -> Text:
    return compose(_("All right, no check-in today."))


def back(_: Gettext) -> str:
    return _("Back")


def moved_on(_: Gettext) -> str:
    return _("That question has been answered already.")


def is_closed(_: Gettext) -> str:
    return _("That check-in has closed. /checkin opens today's.")


def done_today(_: Gettext) -> Text:
    return compose(_("Today's check-in is recorded already."))


def answer_anew(_: Gettext) -> str:
    return _("Answer it again")


def offer(_: Gettext) -> Text:
    return paragraphs(
        _("Shall I ask you once a day how you are? It takes five taps, and on hard days one is enough."),
        _("With it, you and your care team can see early when things change."),
    )


def no_thanks(_: Gettext) -> str:
    return _("No, thank you")


def other_time(_: Gettext) -> str:
    return _("Another time")


def ask_time(_: Gettext) -> Text:
    return compose(
        _("At what time shall the check-in come? For example: 20:00. The evening works well for most.")
    )


def which_time(_: Gettext) -> Text:
    return compose(_("Do you mean the morning or the evening?"))


def time_refused(_: Gettext) -> str:
    return _("I did not understand that as a time of day.")


def none_at_all(_: Gettext) -> str:
    return _("No check-ins")


def comes_at(_: Gettext, at: time) -> Text:
    return compose(
        _("I'll ask you once a day at {time}. Answer when you like, or not at all. /mood shows the answers."),
        time=bold(clock(at)),
    )


def in_quiet(_: Gettext, at: time, held: Hold) -> Text:
    """The check-in's time lies in the quiet hours."""
    if held.until is None:
        told = _(
            "Your quiet hours go on so long after {time} that no check-in would come. Please choose another time."
        )
        return compose(told, time=clock(at))
    told = (
        _(
            "Your check-in at {time} lies in your quiet hours: it waits until {until} on the next day, and asks "
            "about the day before."
        )
        if held.next_day
        else _("Your check-in at {time} lies in your quiet hours: it waits until {until}.")
    )
    return compose(told, time=clock(at), until=clock(held.until))


def comes_no_more(_: Gettext) -> Text:
    return compose(_("No check-ins, then. /checkin opens one whenever you want, /settings brings them back."))


def mood_title(_: Gettext) -> str:
    return _("Your last four weeks")


def lighter(_: Gettext) -> str:
    return _("lighter")


def heavier(_: Gettext) -> str:
    return _("heavier")


def mood(_: Gettext, days: Sequence[tuple[date, float | None]]) -> Text:
    """The picture in words; a day without an answer is said to be one."""
    answered = [(day, value) for day, value in days if value is not None]
    heading = compose(
        _("{answered} of the last {count} days have an answer. Higher means heavier, from 0 to {highest}."),
        answered=len(answered),
        count=len(days),
        highest=HIGHEST,
    )
    listed = [compose("{day}: {value}", day=day_name(_, day), value=f"{value:g}") for day, value in answered]
    gaps = len(days) - len(answered)
    missing = (
        compose(_("No answer on {count} days; they are left open, not guessed."), count=gaps) if gaps else ""
    )
    return paragraphs(bold(mood_title(_)), heading, lines(*listed), missing)


def no_mood_yet(_: Gettext) -> Text:
    return compose(_("There is no check-in yet. /checkin opens the first one."))


def resting_now(_: Gettext) -> Text:
    return compose(_("No numbers today. They will still be there when you want them."))


def check_in_now(_: Gettext) -> str:
    return _("Check in now")


def mood_summary(_: Gettext) -> str:
    return _("your check-ins of the last four weeks")


def checkin_summary(_: Gettext) -> str:
    return _("a brief check-in, now")
