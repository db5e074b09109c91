"""The dialogs of this room as data: adding a medicine, and changing its times, amount or name."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.conversation.calendar import weekday
from bot.conversation.dialogs import (
    Again,
    Answers,
    Context,
    Dialog,
    Got,
    Option,
    Prompt,
    Read,
    Reply,
    Step,
    Stop,
)
from bot.conversation.text import clean
from bot.conversation.times import Ambiguous, EveryHours, NotUnderstood, SaidTiming, read_clock, read_timing
from bot.medicines import rules, wording
from scheduler.localtime import instant, local, zone
from scheduler.timing import Daily, Timing, from_data, to_data

# Keys of the answers.
NAME, AMOUNT, TIMES, TIMING, DAYS, OPTIONS, PHRASE, HOURS = (
    "name",
    "amount",
    "times",
    "timing",
    "days",
    "options",
    "phrase",
    "hours",
)

_DONE, _NONE, _YES, _CHANGE, _SOME_DAYS, _CANCEL = "done", "none", "yes", "change", "days", "cancel"


def ask_name(context: Context, _answers: Answers) -> Prompt:
    return Prompt(wording.ask_name(context.gettext))


def read_name(context: Context, _answers: Answers, reply: Reply) -> Read:
    name = clean(reply.text or "")
    if not rules.acceptable(name, rules.LONGEST_NAME):
        return Again(wording.name_refused(context.gettext, rules.LONGEST_NAME))
    return Got({NAME: name})


def ask_amount(context: Context, answers: Answers) -> Prompt:
    skip = Option(wording.no_amount(context.gettext), _NONE)
    return Prompt(wording.ask_amount(context.gettext, answers[NAME]), ((skip,),))


def read_amount(context: Context, _answers: Answers, reply: Reply) -> Read:
    if reply.option == _NONE:
        return Got({AMOUNT: ""})
    amount = clean(reply.text or "")
    if not rules.acceptable(amount, rules.LONGEST_AMOUNT):
        return Again(wording.amount_refused(context.gettext, rules.LONGEST_AMOUNT))
    return Got({AMOUNT: amount})


def ask_times(context: Context, answers: Answers) -> Prompt:
    _, chosen = context.gettext, list(answers.get(TIMES, ()))
    rows = [
        tuple(Option(_ticked(f"{at:%H:%M}", f"{at:%H%M}" in chosen), f"{at:%H%M}") for at in row)
        for row in rules.OFFERED_TIMES
    ]
    rows.append((Option(wording.done(_), _DONE, "primary"),))
    return Prompt(wording.ask_times(_, [_time(value) for value in chosen]), tuple(rows))


def read_times(context: Context, answers: Answers, reply: Reply) -> Read:
    chosen = list(answers.get(TIMES, ()))
    if reply.option == _DONE:
        if not chosen:
            return Again(wording.choose_a_time(context.gettext))
        timing = rules.times_timing(_time(value) for value in chosen)
        return Got({TIMING: to_data(timing)}, then="confirm")
    if reply.option is not None:
        return Got({TIMES: rules.toggled(chosen, reply.option)}, then="times")
    return _read_phrase(context, reply.text or "")


def _read_phrase(context: Context, text: str) -> Read:
    today = local(context.now, _zone(context)).date()
    reading = read_timing(text, today)
    match reading:
        case NotUnderstood(why=why):
            return Again(wording.not_a_timing(context.gettext, why))
        case Ambiguous(options=options, phrase=phrase):
            settled = [_settled(context, option) for option in options]
            kept = [to_data(timing) for timing in settled if timing is not None]
            return Got({OPTIONS: kept, PHRASE: phrase}, then="which")
        case _:
            timing = _settled(context, reading.value)
            if timing is not None:
                return Got({TIMING: to_data(timing), TIMES: []}, then="confirm")
            return Got({HOURS: getattr(reading.value, "hours", 0), TIMES: []}, then="first")


def ask_first(context: Context, answers: Answers) -> Prompt:
    return Prompt(wording.ask_first(context.gettext, answers[HOURS]))


def read_first(context: Context, answers: Answers, reply: Reply) -> Read:
    """From which time "every 8 hours" counts; a whole phrase is understood as well."""
    reading = read_clock(reply.text or "")
    if isinstance(reading, NotUnderstood):
        return _read_phrase(context, reply.text or "")
    firsts = reading.options if isinstance(reading, Ambiguous) else (reading.value,)
    settled = [_settled(context, EveryHours(answers[HOURS], first)) for first in firsts]
    timings = [to_data(timing) for timing in settled if timing is not None]
    if len(timings) == 1:
        return Got({TIMING: timings[0]}, then="confirm")
    return Got({OPTIONS: timings, PHRASE: reply.text}, then="which")


def _settled(context: Context, said: SaidTiming) -> Timing | None:
    """A timing as said; hours are counted from the first time named, today or tomorrow."""
    if not isinstance(said, EveryHours):
        return said
    if said.first is None:
        return None
    here = _zone(context)
    today = local(context.now, here).date()
    first = instant(today, said.first, here)
    return said.starting(first) if first is not None else None


def ask_which(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    options = [from_data(data) for data in answers[OPTIONS]]
    rows = [
        (Option(wording.option(_, timing, _zone(context)), str(number)),)
        for number, timing in enumerate(options)
    ]
    rows.append((Option(wording.write_anew(_), _NONE),))
    return Prompt(wording.which_one(_, answers[PHRASE]), tuple(rows))


def read_which(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.text is not None:
        return _read_phrase(context, reply.text)
    if reply.option == _NONE:
        return Got({}, then="times")
    if reply.option is None or not reply.option.isdigit() or int(reply.option) >= len(answers[OPTIONS]):
        return Again(wording.tap_one(context.gettext))
    return Got({TIMING: answers[OPTIONS][int(reply.option)], TIMES: []}, then="confirm")


def ask_days(context: Context, answers: Answers) -> Prompt:
    _, chosen = context.gettext, [int(day) for day in answers.get(DAYS, ())]
    days = [Option(_ticked(weekday(_, day), day in chosen), str(day)) for day in range(7)]
    rows = (tuple(days[:4]), tuple(days[4:]), (Option(wording.done(_), _DONE, "primary"),))
    return Prompt(wording.ask_days(_, chosen), rows)


def read_days(context: Context, answers: Answers, reply: Reply) -> Read:
    chosen = list(answers.get(DAYS, ()))
    if reply.option == _DONE:
        if not chosen:
            return Again(wording.choose_a_day(context.gettext))
        times = getattr(from_data(answers[TIMING]), "times", ())
        timing = rules.times_timing(times, [int(day) for day in chosen])
        return Got({TIMING: to_data(timing)}, then="confirm")
    if reply.option is None:
        return Again(wording.tap_one(context.gettext))
    return Got({DAYS: rules.toggled(chosen, reply.option)}, then="days")


def ask_confirm(context: Context, answers: Answers) -> Prompt:
    _, timing = context.gettext, from_data(answers[TIMING])
    after = context.now
    if answers.get("holds_from"):
        after = max(after, datetime.fromisoformat(answers["holds_from"]))
    ahead = rules.next_reminders(timing, _zone(context), after)
    text = wording.confirm(_, answers[NAME], answers.get(AMOUNT, ""), timing, _zone(context), ahead)
    rows = [(Option(wording.yes_remind(_), _YES, "success"),), (Option(wording.change_times(_), _CHANGE),)]
    if isinstance(timing, Daily):
        rows.append((Option(wording.some_days(_), _SOME_DAYS),))
    rows.append((Option(wording.cancel(_), _CANCEL),))
    return Prompt(text, tuple(rows))


def read_confirm(context: Context, _answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "yes":
            return Got({})
        case "change":
            return Got({TIMES: []}, then="times")
        case "days":
            return Got({DAYS: []}, then="days")
        case "cancel":
            return Stop(wording.nothing_changed(context.gettext))
    return Again(wording.tap_one(context.gettext))


def _ticked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _time(value: str) -> time:
    return time(int(value[:2]), int(value[2:]))


def _zone(context: Context) -> ZoneInfo:
    return zone(context.zone or "UTC")


_NAME = Step("name", ask_name, read_name, then="amount")
_AMOUNT = Step("amount", ask_amount, read_amount, then="times")
_TIMES = (
    Step("times", ask_times, read_times),
    Step("first", ask_first, read_first),
    Step("which", ask_which, read_which),
    Step("days", ask_days, read_days),
    Step("confirm", ask_confirm, read_confirm),
)

ADD = Dialog("add", (_NAME, _AMOUNT, *_TIMES))
CHANGE_TIMES = Dialog("times", _TIMES)
CHANGE_AMOUNT = Dialog("amount", (Step("amount", ask_amount, read_amount),))
RENAME = Dialog("rename", (Step("name", ask_name, read_name),))
