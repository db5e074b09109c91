"""Every sentence about a person's own settings, consent and data."""

from collections.abc import Sequence
from datetime import time, timedelta

from bot.conversation.calendar import clock, day_name, place_name
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs
from scheduler.localtime import local, zone
from scheduler.outlook import Moved


def welcome(_: Gettext) -> Text:
    return paragraphs(
        bold(_("Hello, I'm Evenkeel.")),
        _(
            "I remind you of your medicine, ask how you are if you like, and keep the record, so that you and "
            "your care team can see early when things change."
        ),
        _(
            "I am a program, not a medical device and not for emergencies. Nobody reads this chat live. "
            "If you need help now, send /sos at any time."
        ),
        lines(
            _("What I keep: your medicines, doses and what you answer me, encrypted, until you delete them."),
            _("Who sees it: only you. Bot chats are not end-to-end encrypted; Telegram carries them."),
            _("It is for adults (18+). /privacy says it all, /delete erases everything."),
        ),
        may_i(_),
    )


def may_i(_: Gettext) -> str:
    return _("May I keep this for you?")


def agree(_: Gettext) -> str:
    return _("Yes, let's begin")


def disagree(_: Gettext) -> str:
    return _("No, thank you")


def more_privacy(_: Gettext) -> str:
    return _("What exactly is kept?")


def language_button(_: Gettext, name: str) -> str:
    return _("Language: {name}").format(name=name)


def ask_language(_: Gettext) -> Text:
    return compose(
        _(
            "Which language shall I speak? For now only the help in a crisis speaks all of these; the rest is English."
        )
    )


def not_agreed(_: Gettext) -> Text:
    return compose(_("All right, I keep nothing. /start begins anew at any time, and /sos works always."))


def still_caregiver(_: Gettext) -> Text:
    return compose(
        _("All right, nothing of that begins. You stay here as a caregiver; /caring shows for whom.")
    )


def already_here(_: Gettext) -> Text:
    return paragraphs(
        compose(_("Welcome back. Everything is as you left it.")),
        compose(_("/today shows the day, /meds your medicines, /help everything else.")),
    )


def ask_zone(_: Gettext) -> Text:
    return paragraphs(
        _("Where are you, so that 08:00 is your 08:00?"),
        _(
            "Write your city, or what your clock shows now (for example 6:42 am). Or share your location with "
            "the button below: I use it once for the time zone and don't keep it."
        ),
    )


def zone_not_found(_: Gettext) -> str:
    return _("I could not find that. Try a bigger city nearby, or what your clock shows, like 18:42.")


def which_zone(_: Gettext) -> Text:
    return compose(_("Which one fits? The time beside it should be what your clock shows."))


def zone_option(_: Gettext, key: str, at: time) -> str:
    return f"{place_name(key)} ({clock(at)})"


def none_of_these(_: Gettext) -> str:
    return _("None of these")


def tap_one(_: Gettext) -> str:
    return _("Please tap one of the buttons.")


def ask_country(_: Gettext) -> Text:
    return compose(
        _(
            "In which country are you? It decides which emergency and crisis numbers I show. Tap it, or write it."
        )
    )


def which_country(_: Gettext) -> Text:
    return compose(_("Which of these?"))


def country_not_found(_: Gettext) -> str:
    return _(
        "I don't know that country by this name. Please write it in English, or its two letters, like FR."
    )


def no_country(_: Gettext) -> str:
    return _("I'd rather not say")


def settled(_: Gettext, place: str, country: str | None) -> Text:
    where = compose(_("Your time zone is {place}."), place=bold(place))
    numbers = compose(_("Crisis numbers: {country}."), country=bold(country)) if country else ""
    return lines(where, numbers, _("Now your first medicine."))


def back(_: Gettext) -> str:
    return _("Back")


def paused(_: Gettext, *, calm: bool = False) -> Text:
    """`calm`: after a crisis and in a low week nothing speaks of streaks."""
    if calm:
        return compose(
            _("Everything is paused: no reminders, no check-ins. Your record stays. /resume goes on.")
        )
    return compose(
        _(
            "Everything is paused: no reminders, no check-ins. Your record and your streak stay. /resume goes on."
        )
    )


def already_paused(_: Gettext) -> Text:
    return compose(_("It is paused already. /resume goes on."))


def resumed(_: Gettext) -> Text:
    return compose(_("Welcome back. Reminders go on from now. /today shows the day."))


def not_paused(_: Gettext) -> Text:
    return compose(_("Nothing is paused. /today shows the day."))


def help_text(_: Gettext, commands: list[tuple[str, str]]) -> Text:
    listed = [compose("/{command}: {summary}", command=name, summary=summary) for name, summary in commands]
    return paragraphs(
        bold(_("What I can do")),
        lines(*listed),
        _("I am a program, not a medical device. Nobody reads this chat live. In a crisis: /sos"),
    )


def start_summary(_: Gettext) -> str:
    return _("begin, or come back")


def settings_summary(_: Gettext) -> str:
    return _("time zone, quiet hours, discreet mode, repeats")


def pause_summary(_: Gettext) -> str:
    return _("stop all reminders for a while")


def resume_summary(_: Gettext) -> str:
    return _("go on after a pause")


def privacy_summary(_: Gettext) -> str:
    return _("what is kept, and your rights")


def export_summary(_: Gettext) -> str:
    return _("all your data as a file")


def delete_summary(_: Gettext) -> str:
    return _("erase everything")


def help_summary(_: Gettext) -> str:
    return _("what I can do")


def cancel_summary(_: Gettext) -> str:
    return _("put the open question aside")


def put_aside(_: Gettext) -> Text:
    return compose(_("All right, I've put that aside. Nothing was changed."))


def nothing_open(_: Gettext) -> Text:
    return compose(_("There is nothing to cancel."))


def zone_news(_: Gettext, moves: Sequence[tuple[str, Moved]]) -> Text:
    """What newer zone data changes: times stay as they are on the clock, and that clock runs otherwise."""
    return paragraphs(
        _("I have newer data about time zones."),
        *(_zone_move(_, key, move) for key, move in moves),
        _(
            "Your times stay what they are by that clock: 08:00 stays 08:00. If my clock should differ from "
            "yours, /settings lets you set your time zone."
        ),
    )


def _zone_move(_: Gettext, key: str, move: Moved) -> Text:
    template = (
        _("From {day} on, the clock in {place} is {span} ahead of what I knew before.")
        if move.now > move.before
        else _("From {day} on, the clock in {place} is {span} behind what I knew before.")
    )
    day = day_name(_, local(move.since, zone(key)).date())
    return compose(template, day=day, place=place_name(key), span=_span(_, abs(move.now - move.before)))


def _span(_: Gettext, span: timedelta) -> str:
    hours, minutes = divmod(round(span / timedelta(minutes=1)), 60)
    if minutes:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("1 hour") if hours == 1 else _("{hours} hours").format(hours=hours)
