"""Every sentence about a day: its list, how a dose really was, and what is taken back."""

from datetime import date

from bot.conversation.calendar import day_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose
from bot.doses.book import ShownDose
from bot.doses.wording import at, medicine, short, within_day


def today_heading(_: Gettext, day: date) -> Text:
    return bold(compose(_("Today, {day}"), day=day_name(_, day)))


def nothing_today(_: Gettext) -> Text:
    return compose(_("No dose is planned for today. /meds shows your medicines, /add adds one."))


def today_line(_: Gettext, shown: ShownDose, name: Text, mark: str, state: str) -> Text:
    line = compose("{mark} {time} {name}", mark=mark, time=within_day(_, shown), name=name)
    return line + (f": {state}" if state else "")


def upcoming(_: Gettext) -> str:
    return _("later today")


def yesterday_heading(_: Gettext, day: date) -> Text:
    return bold(compose(_("Yesterday, {day}"), day=day_name(_, day)))


def paused_now(_: Gettext) -> Text:
    return compose(_("Everything is paused, so no reminder comes. /resume goes on."))


def log_now(_: Gettext, when: str, name: str) -> str:
    return _("Taken: {time} {name}").format(time=when, name=short(name) if name else "").strip()


def correct(_: Gettext, when: str, name: str) -> str:
    return _("Correct: {time} {name}").format(time=when, name=short(name) if name else "").strip()


def correct_question(_: Gettext, shown: ShownDose) -> Text:
    return _about(_, _("{day}, {time}, {name}. How was it really?"), shown)


def _about(_: Gettext, sentence: str, shown: ShownDose) -> Text:
    """A sentence with the day, the time and the name of a dose."""
    return compose(sentence, day=day_name(_, shown.day), time=at(_, shown), name=medicine(_, shown))


def was_taken(_: Gettext) -> str:
    return _("I took it")


def was_skipped(_: Gettext) -> str:
    return _("I skipped it")


def was_not_taken(_: Gettext) -> str:
    return _("I did not take it")


def corrected(_: Gettext) -> str:
    return _("Corrected.")


def nothing_to_undo(_: Gettext) -> Text:
    return compose(
        _(
            "There is nothing recorded in the last 12 hours to undo. /today lets you correct any dose, on any day."
        )
    )


def undone(_: Gettext, shown: ShownDose) -> Text:
    return _about(_, _("Undone: {day}, {time}, {name} is open again."), shown)


def undone_closed(_: Gettext, shown: ShownDose) -> Text:
    return _about(_, _("Undone: {day}, {time}, {name} is no longer recorded."), shown)
