"""Every sentence about medicines."""

from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo

from bot.conversation.calendar import clock, clocks, day_name, described, full_date, joined, weekdays
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text, bold, compose, lines, paragraphs, said
from bot.conversation.times import Why
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
