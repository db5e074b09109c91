"""Every sentence about medicines."""

from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo

from bot.conversation.calendar import clock, clocks, day_name, described, weekdays
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.conversation.times import Why
from scheduler.localtime import local
from scheduler.timing import Interval, Planned, Timing


def ask_name(_: Gettext) -> Text:
    return compose(
        _("What shall I call the medicine? Any name will do, also a nickname like “the white one”.")
    )


def name_refused(_: Gettext, longest: int) -> str:
    return _("Please give it a name with letters or digits, up to {longest} characters.").format(
        longest=longest
    )


def ask_amount(_: Gettext, name: str) -> Text:
    return compose(
        _("How much of {name} do you take each time? For example: 50 mg, or 1 tablet."), name=said(name)
    )


def amount_refused(_: Gettext, longest: int) -> str:
    return _("Please keep the amount to {longest} characters, for example: 50 mg.").format(longest=longest)


def no_amount(_: Gettext) -> str:
    return _("Leave it out")


def ask_times(_: Gettext, chosen: Sequence[time]) -> Text:
    question = _(
        "At what time? Tap one or more and then Done, or type it: “8:30”, “8am and 8pm”, “mon wed fri 9:30”."
    )
    if not chosen:
        return compose(question)
    return paragraphs(question, compose(_("Chosen: {times}"), times=bold(clocks(_, chosen))))


def done(_: Gettext) -> str:
    return _("Done")


def choose_a_time(_: Gettext) -> str:
    return _("Please choose at least one time.")


def which_one(_: Gettext, phrase: str) -> Text:
    return compose(_("Which do you mean by {phrase}?"), phrase=said(phrase))


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
        Why.SAID_TWICE: _("One time is there twice."),
        Why.COUNT_DIFFERS: _("The number of times does not fit what you wrote."),
        Why.OUT_OF_RANGE: _("I can do every 3 hours up to every 31 days."),
        Why.NO_TIME: _("I found no time in that."),
    }.get(why, _("I did not understand that as times of a day."))


def ask_first(_: Gettext, hours: int) -> Text:
    return compose(_("Every {hours} hours, counted from which time? For example: 6:00."), hours=hours)


def ask_days(_: Gettext, chosen: Sequence[int]) -> Text:
    question = _("On which days? Tap them, then Done.")
    if not chosen:
        return compose(question)
    return paragraphs(question, compose(_("Chosen: {days}"), days=bold(weekdays(_, chosen))))


def choose_a_day(_: Gettext) -> str:
    return _("Please choose at least one day.")


def confirm(
    _: Gettext, name: str, amount: str, timing: Timing, zone: ZoneInfo, ahead: Sequence[Planned]
) -> Text:
    """The confirmation card: what was understood, and the next three reminders in local time."""
    medicine = bold(said(name)) + (compose(", {amount}", amount=said(amount)) if amount else "")
    upcoming = [compose("· {when}", when=moment(_, planned, zone)) for planned in ahead]
    return paragraphs(
        lines(
            medicine, described(_, timing), compose(_("Time zone: {zone}"), zone=zone.key.replace("_", " "))
        ),
        lines(_("The next reminders:"), *upcoming),
        _("Is that right?"),
    )


def yes_remind(_: Gettext) -> str:
    return _("Yes, remind me")


def change_times(_: Gettext) -> str:
    return _("Change the times")


def some_days(_: Gettext) -> str:
    return _("Only on some days")


def cancel(_: Gettext) -> str:
    return _("Cancel")


def nothing_changed(_: Gettext) -> Text:
    return compose(_("All right, nothing was changed."))


def added(_: Gettext, name: str, timing: Timing) -> Text:
    return paragraphs(
        compose(_("{name} is set: {timing}."), name=bold(said(name)), timing=described(_, timing)),
        _("/today shows the day, /meds changes anything, /add adds another one."),
    )


def test_reminder(_: Gettext) -> str:
    return _("Send me a test reminder now")


def a_test(_: Gettext, name: str, amount: str) -> Text:
    """A reminder that counts for nothing; without a name in discreet mode."""
    medicine = bold(said(name)) + (compose(", {amount}", amount=said(amount)) if amount else "")
    if not name:
        medicine = compose(_("your medicine"))
    return paragraphs(
        compose(_("This is a test. A reminder will look like this: Time for {name}"), name=medicine),
        _("Did your phone make a sound? If not, please allow notifications for this chat."),
    )


def changed(_: Gettext, name: str, timing: Timing) -> Text:
    return compose(_("Changed. {name}: {timing}."), name=bold(said(name)), timing=described(_, timing))


def renamed(_: Gettext, name: str, amount: str) -> Text:
    medicine = bold(said(name)) + (compose(", {amount}", amount=said(amount)) if amount else "")
    return compose(_("Changed. It is now {medicine}."), medicine=medicine)


def too_many(_: Gettext, most: int) -> Text:
    return compose(_("You have {most} medicines here, which is as many as I can keep."), most=most)


def no_medicines(_: Gettext) -> Text:
    return compose(_("You have no medicine here yet. /add adds one."))


def your_medicines(_: Gettext) -> Text:
    return compose(_("Your medicines. Tap one to change it."))


def list_line(_: Gettext, number: int, name: str, amount: str, timing: Timing, *, paused: bool) -> Text:
    medicine = bold(said(name)) + (compose(", {amount}", amount=said(amount)) if amount else "")
    line = compose(
        "{number}. {medicine}: {timing}", number=number, medicine=medicine, timing=described(_, timing)
    )
    return line + (f" ({_('paused')})" if paused else "")


def one_medicine(_: Gettext, name: str, amount: str, timing: Timing, *, paused: bool, for_mood: bool) -> Text:
    return lines(
        bold(said(name)),
        compose(_("Amount: {amount}"), amount=said(amount)) if amount else "",
        described(_, timing),
        _("Paused: no reminders for it.") if paused else "",
        ""
        if for_mood
        else _("It is not for my mood: it is left out when mood and doses are looked at together."),
    )


def for_mood(_: Gettext) -> str:
    return _("It is for my mood")


def not_for_mood(_: Gettext) -> str:
    return _("It is not for my mood")


def change_amount(_: Gettext) -> str:
    return _("Change the amount")


def rename(_: Gettext) -> str:
    return _("Rename")


def pause(_: Gettext) -> str:
    return _("Pause")


def resume(_: Gettext) -> str:
    return _("Resume")


def stop(_: Gettext) -> str:
    return _("Stop reminders")


def back(_: Gettext) -> str:
    return _("Back")


def really_stop(_: Gettext, name: str) -> Text:
    return paragraphs(
        compose(_("Stop reminding you of {name}?"), name=bold(said(name))),
        _(
            "What you recorded stays. If you think of stopping the medicine itself, please talk with your prescriber first."
        ),
    )


def yes_stop(_: Gettext) -> str:
    return _("Yes, stop reminding me")


def stopped(_: Gettext, name: str) -> Text:
    return compose(
        _("I no longer remind you of {name}. /add brings it back at any time."), name=bold(said(name))
    )


def gone(_: Gettext) -> str:
    return _("That medicine is no longer here.")


def option(_: Gettext, timing: Timing, zone: ZoneInfo) -> str:
    """A timing on a button; hours are told apart by where they begin."""
    words = described(_, timing).plain.capitalize()
    if not isinstance(timing, Interval):
        return words
    return _("{timing} from {time}").format(timing=words, time=clock(local(timing.anchor, zone).time()))


def moment(_: Gettext, planned: Planned, zone: ZoneInfo) -> str:
    """A slot, and the real time beside it when the clock change moves it."""
    slot, real = planned.slot, local(planned.due_at, zone)
    name = f"{day_name(_, slot.day)}, {clock(slot.at)}"
    if real.time().replace(second=0, microsecond=0) == slot.at:
        return name
    return _("{slot} (the clock changes: {real})").format(slot=name, real=clock(real.time()))


def add_summary(_: Gettext) -> str:
    return _("add a medicine")


def meds_summary(_: Gettext) -> str:
    return _("your medicines: change, pause, stop")
