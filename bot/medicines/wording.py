"""Every sentence about medicines."""

from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo

from bot.conversation.calendar import clock, day_name, described, full_date, joined
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.medicines import rules
from bot.medicines.quiet import Hush
from scheduler.localtime import MIDNIGHT, calendar_day, local
from scheduler.timing import AsNeeded, Bounds, Interval, Planned, Timing


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


def confirm(
    _: Gettext,
    name: str,
    amount: str,
    timing: Timing,
    bounds: Bounds,
    zone: ZoneInfo,
    upcoming: Sequence[str],
) -> Text:
    """The confirmation card: what was understood, and the next three reminders in local time."""
    medicine = bold(said(name)) + (compose(", {amount}", amount=said(amount)) if amount else "")
    place = compose(_("Time zone: {zone}"), zone=zone.key.replace("_", " "))
    if isinstance(timing, AsNeeded):
        reminders = compose(_("There are no reminders for it: you say when you took it."))
    elif upcoming:
        reminders = lines(_("The next reminders:"), *(compose("· {when}", when=when) for when in upcoming))
    else:
        reminders = compose(_("No reminder would come."))
    return paragraphs(
        lines(medicine, described(_, timing), from_until(_, bounds), place),
        reminders,
        note(_, timing),
        _("Is that right?"),
    )


def with_hush(_: Gettext, when: str, hush: Hush | None) -> str:
    """A reminder to come, and what quiet hours make of it."""
    if hush is None:
        return when
    if hush.until is None:
        return _("{when} (in your quiet hours: without a sound)").format(when=when)
    told = _("{when} (in your quiet hours: the reminder waits until {time})")
    return told.format(when=when, time=clock(hush.until))


def in_quiet(_: Gettext, title: Text, at: time, hush: Hush) -> Text:
    """A time of a medicine that lies in the quiet hours."""
    if hush.until is None:
        told = _("Your {time} dose of {name} lies in them: its reminder comes on time, without a sound.")
        return compose(told, time=clock(at), name=title)
    told = _("Your {time} dose of {name} lies in them: its reminder waits until {until}.")
    return compose(told, time=clock(at), name=title, until=clock(hush.until))


def from_until(_: Gettext, bounds: Bounds) -> str:
    """The first and the last day in a line; nothing when there are none."""
    first, last = (full_date(_, day) if day else "" for day in (bounds.starts_on, bounds.ends_on))
    if first and last:
        return _("From {first} to {last}, both included").format(first=first, last=last)
    if first:
        return _("From {first} on").format(first=first)
    return _("Until {last}, this day included").format(last=last) if last else ""


def note(_: Gettext, timing: Timing) -> str:
    """What somebody may not expect of a timing."""
    missing = rules.missing_days(timing)
    if missing:
        days = joined(_, [str(day) for day in missing])
        return _("In a month without day {days} it comes on the last day.").format(days=days)
    if rules.counts_from_taking(timing):
        return _("Each of them moves with the time at which you take the one before.")
    return ""


def yes_keep(_: Gettext) -> str:
    return _("Yes, keep it")


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
    return _numbered(_, number, medicine, described(_, timing), paused=paused)


def numbered_line(_: Gettext, number: int, name: str, summary: Text, *, paused: bool) -> Text:
    return _numbered(_, number, bold(said(name)), summary, paused=paused)


def _numbered(_: Gettext, number: int, medicine: Text, summary: Text, *, paused: bool) -> Text:
    line = compose("{number}. {medicine}: {summary}", number=number, medicine=medicine, summary=summary)
    return line + (f" ({_('paused')})" if paused else "")


def one_medicine(
    _: Gettext, name: str, amount: str, timing: Timing, bounds: Bounds, *, paused: bool, for_mood: bool
) -> Text:
    return lines(
        bold(said(name)),
        compose(_("Amount: {amount}"), amount=said(amount)) if amount else "",
        described(_, timing),
        from_until(_, bounds),
        *_remarks(_, paused=paused, for_mood=for_mood),
    )


def one_with_plan(_: Gettext, name: str, plan: Text, *, paused: bool, for_mood: bool) -> Text:
    return lines(bold(said(name)), plan, *_remarks(_, paused=paused, for_mood=for_mood))


def _remarks(_: Gettext, *, paused: bool, for_mood: bool) -> tuple[str, str]:
    return (
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


def option(_: Gettext, timing: Timing, bounds: Bounds, zone: ZoneInfo) -> str:
    """A timing on a button; hours are told apart by where they begin, said where a long label is not cut."""
    words = described(_, timing).plain
    if isinstance(timing, Interval) and timing.counted_from == "taken":
        first = rules.first_reminder(timing, zone)
        words = _("First at {time}: {timing}").format(time=clock(local(first, zone).time()), timing=words)
    elif isinstance(timing, Interval) and timing.waking is None:
        begins = clock(local(timing.anchor, zone).time())
        words = _("{timing} from {time}").format(timing=words, time=begins)
    dated = from_until(_, bounds)
    return f"{dated}: {words}" if dated else words[:1].upper() + words[1:]


def moment(_: Gettext, planned: Planned, zone: ZoneInfo, day_ends: time = MIDNIGHT) -> str:
    """A slot as the calendar shows it, and the real time beside it when the clock change moves it."""
    slot, real = planned.slot, local(planned.due_at, zone)
    name = f"{day_name(_, calendar_day(slot.day, slot.at, day_ends))}, {clock(slot.at)}"
    if real.time().replace(second=0, microsecond=0) == slot.at:
        return name
    return _("{slot} (the clock changes: {real})").format(slot=name, real=clock(real.time()))


def add_summary(_: Gettext) -> str:
    return _("add a medicine")


def meds_summary(_: Gettext) -> str:
    return _("your medicines: change, pause, stop")
