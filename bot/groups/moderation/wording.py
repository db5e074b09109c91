"""What an admin reads in private about the good of the members."""

from datetime import date, time

from bot.conversation.calendar import clock, full_date
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, styled
from bot.groups.moderation.rules import Matter


def quiet_value(_: Gettext, start: time | None, end: time | None) -> str:
    if start is None or end is None:
        return _("none")
    return _("{start} to {end}").format(start=clock(start), end=clock(end))


def on_or_off(_: Gettext, on: bool) -> str:
    return _("on") if on else _("off")


def yes_or_no(_: Gettext, is_so: bool) -> str:
    return _("yes") if is_so else _("no")


def notice_value(_: Gettext, day: date | None) -> str:
    return full_date(_, day) if day is not None else _("none")


def heard_value(_: Gettext, hears_all: bool) -> str:
    return _("every message") if hears_all else _("what is written to me")


def quiet_button(_: Gettext) -> str:
    return _("Quiet hours")


def warn_button(_: Gettext, on: bool) -> str:
    return _("Turn content warnings off") if on else _("Turn content warnings on")


def numbers_button(_: Gettext) -> str:
    return _("Post and pin the crisis numbers")


def words_button(_: Gettext) -> str:
    return _("When words sound like a crisis")


def ask_quiet(_: Gettext) -> Text:
    return compose(
        _(
            "When shall nothing be posted there by itself? A post then waits for the end of the quiet hours, for "
            "two hours at most; a check-in is left out. A crisis is answered at any hour. "
            "Write the start and the end, for example “22:00 7:00”."
        )
    )


def quiet_off(_: Gettext) -> str:
    return _("No quiet hours")


def quiet_refused(_: Gettext) -> str:
    return _("I need two different times, for example “22:00 7:00”.")


def country_first(_: Gettext) -> str:
    return _("Please choose the country first, so that the numbers are the right ones.")


def numbers_coming(_: Gettext) -> str:
    return _("They will stand there in a moment.")


def words(_: Gettext, tells: bool, hears: bool) -> Text:
    """The card about crisis words."""
    heard = (
        _("I read every message there for words that sound like a crisis, and keep nothing of it.")
        if hears
        else _("I read only what is written to me: commands, mentions, and replies to me.")
    )
    told = (
        _("The admins who have started me hear in private that somebody may need help, never who.")
        if tells
        else _("The admins hear nothing of it.")
    )
    return paragraphs(
        bold(words_button(_)),
        _(
            "I show the numbers in the group. Whoever wrote it gets the whole card in private, if they have started me."
        ),
        heard,
        told,
    )


def on_button(_: Gettext, matter: Matter) -> str:
    return {Matter.TELLS: _("Tell the admins"), Matter.HEARS: _("Read every message")}[matter]


def off_button(_: Gettext, matter: Matter) -> str:
    return {
        Matter.TELLS: _("Tell the admins no more"),
        Matter.HEARS: _("Read only what is written to me"),
    }[matter]


def ask_on(_: Gettext, matter: Matter, notice: Text) -> Text:
    """The question before it begins: the members are told first, in these words."""
    needs = (
        _(
            "For this I have to be an admin in the group, because Telegram shows me no other messages otherwise."
        )
        if matter is Matter.HEARS
        else ""
    )
    return paragraphs(
        lines(
            _("First I post this notice in the group. It holds once the notice stands there:"),
            styled(notice, "quote"),
        ),
        needs,
    )


def post_it(_: Gettext) -> str:
    return _("Post the notice")


def on_its_way(_: Gettext) -> str:
    return _("The notice is on its way. It holds once it stands there.")


def ended(_: Gettext) -> str:
    return _("It has ended. The members are told.")


def never_comes(_: Gettext) -> str:
    return _("Its times lie in the quiet hours, so it does not come.")
