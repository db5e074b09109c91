"""The dialogs of this room as data: adding a medicine, and changing its times, amount or name."""

from collections.abc import Callable, Sequence
from datetime import time

from bot.conversation import times
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
from bot.conversation.times import Ambiguous, NotUnderstood, Understood, Why, read_dates
from bot.medicines import choosing, choosing_wording, phrases, plan_wording, rules, wording
from bot.medicines.answers import (
    AMOUNT,
    DAYS,
    ENDS_ON,
    NAME,
    PATTERN,
    STARTS_ON,
    TIMES,
    TIMING,
    WEEKEND,
    bounds_in,
    clock_in,
    here,
    planned_after,
    today,
    with_timing,
)
from bot.medicines.plan_dialogs import PLAN_STEPS
from bot.medicines.quiet import hush
from scheduler.timing import AsNeeded, Bounds, Daily, from_data

__all__ = [
    "ADD",
    "AMOUNT",
    "CHANGE_AMOUNT",
    "CHANGE_TIMES",
    "ENDS_ON",
    "NAME",
    "RENAME",
    "STARTS_ON",
    "TIMING",
]

_NONE, _YES, _CHANGE, _SOME_DAYS, _CANCEL = "none", "yes", "change", "days", "cancel"
_KIND, _DATES, _PLAN = "kind", "dates", "plan"


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


def ask_first_amount(context: Context, answers: Answers) -> Prompt:
    prompt = ask_amount(context, answers)
    return Prompt(prompt.text, (*prompt.options, (Option(plan_wording.a_plan(context.gettext), _PLAN),)))


def read_first_amount(context: Context, answers: Answers, reply: Reply) -> Read:
    """One amount for all times, or a plan in which each step has its own."""
    if reply.option == _PLAN:
        return Got({}, then="plan_date")
    return read_amount(context, answers, reply)


def ask_times(context: Context, answers: Answers) -> Prompt:
    _, pattern = context.gettext, answers.get(PATTERN)
    question = (
        choosing_wording.ask_times_on_weekdays(_)
        if _is_weekend(answers)
        else choosing_wording.ask_times(_, typed=pattern is None)
    )
    prompt = _ask_clocks(context, answers, question, TIMES)
    other = ((Option(choosing_wording.other_days(_), _KIND),),) if pattern is None else ()
    return Prompt(prompt.text, (*prompt.options, *other))


def read_times(context: Context, answers: Answers, reply: Reply) -> Read:
    """Times by buttons or typed; a typed phrase makes a timing of its own unless the days are chosen."""
    if reply.option == _KIND:
        return Got({}, then="kind")
    if reply.option is None:
        if answers.get(PATTERN) is None:
            return phrases.read_phrase(context, answers, reply.text or "")
        return _typed_times(context, answers, reply.text or "", _times_chosen)
    if reply.option != choosing.DONE:
        return Got({TIMES: rules.toggled(list(answers.get(TIMES, ())), reply.option)}, then="times")
    return _times_chosen(context, answers, [clock_in(value) for value in answers.get(TIMES, ())])


def _times_chosen(context: Context, answers: Answers, chosen: Sequence[time]) -> Read:
    if not chosen:
        return Again(choosing_wording.choose_a_time(context.gettext))
    if _is_weekend(answers):
        return Got({TIMES: [f"{at:%H%M}" for at in chosen]}, then="weekend")
    timing = rules.on_pattern(answers.get(PATTERN) or {"kind": "daily"}, chosen)
    return Got(with_timing(timing), then="confirm")


def _typed_times(
    context: Context,
    answers: Answers,
    text: str,
    chosen: Callable[[Context, Answers, Sequence[time]], Read],
) -> Read:
    """Typed times for days that are chosen already; what is more than times is a phrase of its own."""
    match times.read_times(text):
        case Understood(value):
            return chosen(context, answers, value)
        case Ambiguous():
            return Again(choosing_wording.not_a_timing(context.gettext, Why.MORNING_OR_EVENING))
        case _:
            return phrases.read_phrase(context, answers, text)


def ask_weekend(context: Context, answers: Answers) -> Prompt:
    return _ask_clocks(context, answers, choosing_wording.ask_times_at_weekends(context.gettext), WEEKEND)


def read_weekend(context: Context, answers: Answers, reply: Reply) -> Read:
    """The times of Saturday and Sunday, those of the other days being chosen."""
    if reply.option is None:
        return _typed_times(context, answers, reply.text or "", _weekend_chosen)
    if reply.option != choosing.DONE:
        return Got({WEEKEND: rules.toggled(list(answers.get(WEEKEND, ())), reply.option)}, then="weekend")
    return _weekend_chosen(context, answers, [clock_in(value) for value in answers.get(WEEKEND, ())])


def _weekend_chosen(context: Context, answers: Answers, chosen: Sequence[time]) -> Read:
    if not chosen:
        return Again(choosing_wording.choose_a_time(context.gettext))
    usual = [clock_in(value) for value in answers[TIMES]]
    return Got(with_timing(rules.weekend_timing(usual, chosen)), then="confirm")


def _is_weekend(answers: Answers) -> bool:
    return (answers.get(PATTERN) or {}).get("kind") == WEEKEND


def _ask_clocks(context: Context, answers: Answers, question: str, key: str) -> Prompt:
    """A question about times of day, those that were chosen being ticked."""
    _, chosen = context.gettext, list(answers.get(key, ()))
    rows = [
        tuple(Option(choosing.ticked(f"{at:%H:%M}", f"{at:%H%M}" in chosen), f"{at:%H%M}") for at in row)
        for row in rules.OFFERED_TIMES
    ]
    rows.append((Option(choosing_wording.done(_), choosing.DONE, "primary"),))
    return Prompt(
        choosing_wording.with_chosen(_, question, [clock_in(value) for value in chosen]), tuple(rows)
    )


def ask_confirm(context: Context, answers: Answers) -> Prompt:
    _, timing, bounds = context.gettext, from_data(answers[TIMING]), bounds_in(answers)
    ahead = rules.next_reminders(
        timing, here(context), planned_after(context, answers), day_ends=context.day_ends, bounds=bounds
    )
    upcoming = [
        wording.with_hush(
            _,
            wording.moment(_, planned, here(context), context.day_ends),
            hush(timing, here(context), context.quiet, planned, day_ends=context.day_ends, bounds=bounds),
        )
        for planned in ahead
    ]
    text = wording.confirm(_, answers[NAME], answers.get(AMOUNT, ""), timing, bounds, here(context), upcoming)
    planless = isinstance(timing, AsNeeded)
    yes = wording.yes_keep(_) if planless else wording.yes_remind(_)
    rows = [(Option(yes, _YES, "success"),), (Option(wording.change_times(_), _CHANGE),)]
    if isinstance(timing, Daily):
        rows.append((Option(wording.some_days(_), _SOME_DAYS),))
    rows.append((Option(choosing_wording.dates(_), _DATES),))
    rows.append((Option(wording.cancel(_), _CANCEL),))
    return Prompt(text, tuple(rows))


def read_confirm(context: Context, _answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "yes":
            return Got({})
        case "change":
            return Got({TIMES: [], WEEKEND: [], PATTERN: None}, then="times")
        case "days":
            return Got({DAYS: [], PATTERN: None}, then="days")
        case "dates":
            return Got({}, then="dates")
        case "cancel":
            return Stop(wording.nothing_changed(context.gettext))
    return Again(choosing_wording.tap_one(context.gettext))


def ask_dates(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    return Prompt(choosing_wording.ask_dates(_), ((Option(choosing_wording.no_limits(_), _NONE),),))


def read_dates_reply(context: Context, answers: Answers, reply: Reply) -> Read:
    """The first and the last day of the timing that stands on the card."""
    timing = from_data(answers[TIMING])
    if reply.option == _NONE:
        return Got(with_timing(timing, Bounds()), then="confirm")
    reading = read_dates(reply.text or "", today(context))
    if isinstance(reading, Understood):
        return phrases.to_card(context, answers, timing, reading.value)
    if isinstance(reading, NotUnderstood):
        return Again(choosing_wording.not_a_timing(context.gettext, reading.why))
    return Again(choosing_wording.date_with_year(context.gettext))


_DATES_STEP = Step("dates", ask_dates, read_dates_reply)
_NAME = Step("name", ask_name, read_name, then="amount")
_AMOUNT = Step("amount", ask_first_amount, read_first_amount, then="times")
_TIMES = (
    Step("times", ask_times, read_times),
    Step("weekend", ask_weekend, read_weekend),
    *choosing.STEPS,
    Step("first", phrases.ask_first, phrases.read_first),
    Step("which", phrases.ask_which, phrases.read_which),
    Step("confirm", ask_confirm, read_confirm),
    _DATES_STEP,
)

ADD = Dialog("add", (_NAME, _AMOUNT, *_TIMES, *PLAN_STEPS))
CHANGE_TIMES = Dialog("times", _TIMES)
CHANGE_AMOUNT = Dialog("amount", (Step("amount", ask_amount, read_amount),))
RENAME = Dialog("rename", (Step("name", ask_name, read_name),))
