"""The steps that choose a timing by buttons, kind by kind. A whole phrase is understood at each of them.

`kind` asks what sort of days it is; its follow-ups put together a *pattern*, which is a timing's data without
its times. Then the times are chosen as for every day.
"""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from bot.conversation.calendar import weekday
from bot.conversation.dayphrases import first_on
from bot.conversation.dialogs import Again, Answers, Context, Got, Option, Prompt, Read, Reply, Step
from bot.conversation.text import Text, clean
from bot.conversation.times import (
    Ambiguous,
    EveryHours,
    Reading,
    Understood,
    Why,
    read_first_day,
    read_waking,
)
from bot.medicines import choosing_wording, rules
from bot.medicines.answers import (
    COUNTED,
    DAYS,
    GAP,
    HOURS,
    MAXIMUM,
    PATTERN,
    PERIOD,
    TIMES,
    TIMING,
    WEEKEND,
    clock_in,
    period_in,
    today,
    with_timing,
    with_waking,
)
from bot.medicines.phrases import onward, read_phrase, to_card
from scheduler.timing import (
    LONGEST_DAYS,
    LONGEST_GAP_HOURS,
    LONGEST_HOURS,
    LONGEST_WEEKS,
    MOST_TIMES_A_DAY,
    SHORTEST_HOURS,
    AsNeeded,
    from_data,
)

DONE = "done"
_ALWAYS, _DUE, _TAKEN = "always", "due", "taken"
_A_WEEK = 7

# Where each kind goes on, and the pattern that it begins with.
_BEGINNINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "daily": ("times", {"kind": "daily"}),
    "weekly": ("days", {"kind": "weekly"}),
    "weekend": ("times", {"kind": WEEKEND}),
    "month_days": ("month_days", {"kind": "month_days"}),
    "every_n_days": ("every_days", {"kind": "every_n_days"}),
    "every_n_weeks": ("every_weeks", {"kind": "every_n_weeks"}),
    "cycle": ("cycle", {"kind": "cycle"}),
    "hours": ("hours", {}),
    "as_needed": ("gap", {}),
}

_FRESH: dict[str, Any] = {
    DAYS: [],
    TIMES: [],
    WEEKEND: [],
    COUNTED: _DUE,
    **dict.fromkeys((GAP, MAXIMUM, PERIOD)),
}


def ask_kind(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    buttons = [Option(label, kind) for kind, label in choosing_wording.kinds(_).items()]
    return Prompt(choosing_wording.ask_kind(_), _rows(buttons, 1))


def read_kind(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.text is not None:
        return read_phrase(context, answers, reply.text)
    if reply.option not in _BEGINNINGS:
        return Again(choosing_wording.tap_one(context.gettext))
    step, pattern = _BEGINNINGS[reply.option]
    return Got({**_FRESH, PATTERN: pattern or None}, then=step)


# Days


def ask_days(context: Context, answers: Answers) -> Prompt:
    _, chosen = context.gettext, [int(day) for day in answers.get(DAYS, ())]
    days = [Option(ticked(weekday(_, day), day in chosen), str(day)) for day in range(_A_WEEK)]
    rows = (tuple(days[:4]), tuple(days[4:]), (Option(choosing_wording.done(_), DONE, "primary"),))
    return Prompt(choosing_wording.ask_days(_, chosen), rows)


def read_days(context: Context, answers: Answers, reply: Reply) -> Read:
    """Weekdays for a pattern, or for the times that stand already."""
    chosen = [int(day) for day in answers.get(DAYS, ())]
    if reply.text is not None:
        return read_phrase(context, answers, reply.text)
    if reply.option != DONE:
        return _toggle(context, answers, reply, DAYS, range(_A_WEEK), "days")
    if not chosen:
        return Again(choosing_wording.choose_a_day(context.gettext))
    pattern = answers.get(PATTERN)
    if pattern is None:
        times = getattr(from_data(answers[TIMING]), "times", ())
        return Got(with_timing(rules.times_timing(times, chosen)), then="confirm")
    following = "start" if pattern["kind"] == "every_n_weeks" else "times"
    return Got({PATTERN: {**pattern, "days": chosen}}, then=following)


def ask_month_days(context: Context, answers: Answers) -> Prompt:
    _, chosen = context.gettext, [int(day) for day in answers.get(DAYS, ())]
    days = [Option(ticked(str(day), day in chosen), str(day)) for day in range(1, 32)]
    rows = (*_rows(days, _A_WEEK), (Option(choosing_wording.done(_), DONE, "primary"),))
    return Prompt(choosing_wording.ask_month_days(_, sorted(chosen)), rows)


def read_month_days(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.text is not None:
        return read_phrase(context, answers, reply.text)
    if reply.option != DONE:
        return _toggle(context, answers, reply, DAYS, range(1, 32), "month_days")
    chosen = sorted(int(day) for day in answers.get(DAYS, ()))
    if not chosen:
        return Again(choosing_wording.choose_a_day(context.gettext))
    return Got({PATTERN: {**answers[PATTERN], "days": chosen}}, then="times")


def _toggle(
    context: Context, answers: Answers, reply: Reply, key: str, allowed: Sequence[int], step: str
) -> Read:
    """One button of many switched on or off."""
    if reply.option is None or reply.option not in map(str, allowed):
        return Again(choosing_wording.tap_one(context.gettext))
    return Got({key: rules.toggled(list(answers.get(key, ())), reply.option)}, then=step)


def ask_every_days(context: Context, _answers: Answers) -> Prompt:
    return _ask_number(choosing_wording.ask_every_days(context.gettext), rules.OFFERED_DAYS)


def read_every_days(context: Context, answers: Answers, reply: Reply) -> Read:
    return _read_every(context, answers, reply, LONGEST_DAYS, then="start")


def _read_every(context: Context, answers: Answers, reply: Reply, longest: int, then: str) -> Read:
    """Every so many days or weeks, from a button or typed; else a phrase that says all."""
    number = _number(reply)
    if number is None:
        return read_phrase(context, answers, reply.text or "")
    if not 2 <= number <= longest:
        return Again(choosing_wording.number_refused(context.gettext, 2, longest))
    return Got({PATTERN: {**answers[PATTERN], "n": number}}, then=then)


def ask_every_weeks(context: Context, _answers: Answers) -> Prompt:
    return _ask_number(choosing_wording.ask_every_weeks(context.gettext), rules.OFFERED_WEEKS)


def read_every_weeks(context: Context, answers: Answers, reply: Reply) -> Read:
    return _read_every(context, answers, reply, LONGEST_WEEKS, then="days")


def ask_cycle(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    buttons = [Option(choosing_wording.cycle(_, on, off), f"{on}-{off}") for on, off in rules.OFFERED_CYCLES]
    return Prompt(choosing_wording.ask_cycle(_), _rows(buttons, 2))


def read_cycle(context: Context, answers: Answers, reply: Reply) -> Read:
    """Days on and days off from a button, or as two numbers."""
    numbers = (reply.option or reply.text or "").replace("-", " ").replace(",", " ").split()
    if len(numbers) != 2 or not all(_is_number(number) for number in numbers):
        return read_phrase(context, answers, reply.text or "")
    on, off = map(int, numbers)
    if not (1 <= on <= LONGEST_DAYS and 1 <= off <= LONGEST_DAYS):
        return Again(choosing_wording.number_refused(context.gettext, 1, LONGEST_DAYS))
    return Got({PATTERN: {**answers[PATTERN], "on_days": on, "off_days": off}}, then="start")


def ask_start(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    buttons = (Option(choosing_wording.today(_), "0"), Option(choosing_wording.tomorrow(_), "1"))
    return Prompt(choosing_wording.ask_start(_, cycle=answers[PATTERN]["kind"] == "cycle"), (buttons,))


def read_start(context: Context, answers: Answers, reply: Reply) -> Read:
    """From which day a pattern counts; a date that has just passed without a year is that one."""
    start = _first_day(context, reply)
    if start is None:
        return Again(choosing_wording.not_a_date(context.gettext))
    pattern = answers[PATTERN]
    if pattern["kind"] == "every_n_weeks":
        start = first_on(frozenset(pattern["days"]), start)
    return Got({PATTERN: {**pattern, "start": start.isoformat()}}, then="times")


def _first_day(context: Context, reply: Reply) -> date | None:
    if reply.option in ("0", "1"):
        return today(context) + timedelta(days=int(reply.option))
    match read_first_day(reply.text or "", today(context)):
        case Understood(day):
            return day
        case Ambiguous(options):
            return options[0]
        case _:
            return None


# Hours


def ask_hours(context: Context, _answers: Answers) -> Prompt:
    return _ask_number(choosing_wording.ask_hours(context.gettext), rules.OFFERED_HOURS)


def read_hours(context: Context, answers: Answers, reply: Reply) -> Read:
    number = _number(reply)
    if number is None:
        return read_phrase(context, answers, reply.text or "")
    if not SHORTEST_HOURS <= number <= LONGEST_HOURS:
        return Again(choosing_wording.number_refused(context.gettext, SHORTEST_HOURS, LONGEST_HOURS))
    return Got({HOURS: number}, then="counted")


def ask_counted(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    rows = ((Option(choosing_wording.from_due(_), _DUE),), (Option(choosing_wording.from_taken(_), _TAKEN),))
    return Prompt(choosing_wording.ask_counted(_), rows)


def read_counted(context: Context, _answers: Answers, reply: Reply) -> Read:
    if reply.option not in (_DUE, _TAKEN):
        return Again(choosing_wording.tap_one(context.gettext))
    return Got({COUNTED: reply.option}, then="waking")


def ask_waking(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    rows = [(Option(choosing_wording.day_and_night(_), _ALWAYS),)]
    rows += [
        (Option(choosing_wording.waking(_, begins, ends), f"{begins:%H%M}-{ends:%H%M}"),)
        for begins, ends in rules.OFFERED_WAKING
    ]
    return Prompt(choosing_wording.ask_waking(_), tuple(rows))


def read_waking_hours(context: Context, answers: Answers, reply: Reply) -> Read:
    """Day and night, or only between two times."""
    if reply.option == _ALWAYS:
        return Got(with_waking(None), then="first")
    if reply.option is not None:
        begins, _, ends = reply.option.partition("-")
        return _awake(context, answers, (clock_in(begins), clock_in(ends)))
    match read_waking(reply.text or ""):
        case Understood(pair):
            return _awake(context, answers, pair)
        case Ambiguous():
            return Again(choosing_wording.not_a_timing(context.gettext, Why.MORNING_OR_EVENING))
        case _:
            return read_phrase(context, answers, reply.text or "")


def _awake(context: Context, answers: Answers, waking: tuple[time, time]) -> Read:
    said = EveryHours(answers[HOURS], None, answers[COUNTED], waking)
    if not said.fits:
        return Again(choosing_wording.not_a_timing(context.gettext, Why.NOT_AWAKE))
    return onward(context, answers, Reading(said, period_in(answers)))


# As needed


def ask_gap(context: Context, _answers: Answers) -> Prompt:
    _ = context.gettext
    buttons = [Option(choosing_wording.gap(_, hours), str(hours)) for hours in rules.OFFERED_GAPS]
    return Prompt(choosing_wording.ask_gap(_), _rows(buttons, 4))


def read_gap(context: Context, answers: Answers, reply: Reply) -> Read:
    number = _number(reply)
    if number is None:
        return read_phrase(context, answers, reply.text or "")
    if number > LONGEST_GAP_HOURS:
        return Again(choosing_wording.number_refused(context.gettext, 0, LONGEST_GAP_HOURS))
    if answers.get(MAXIMUM) is None:
        return Got({GAP: number}, then="maximum")
    return to_card(context, answers, AsNeeded(number, answers[MAXIMUM]), period_in(answers))


def ask_maximum(context: Context, _answers: Answers) -> Prompt:
    return _ask_number(choosing_wording.ask_maximum(context.gettext), rules.OFFERED_MAXIMA)


def read_maximum(context: Context, answers: Answers, reply: Reply) -> Read:
    number = _number(reply)
    if number is None:
        return read_phrase(context, answers, reply.text or "")
    if not 1 <= number <= MOST_TIMES_A_DAY:
        return Again(choosing_wording.number_refused(context.gettext, 1, MOST_TIMES_A_DAY))
    return to_card(context, answers, AsNeeded(answers[GAP], number), period_in(answers))


# Pieces


def ticked(label: str, chosen: bool) -> str:
    """A button's label, marked when it is chosen."""
    return f"✓ {label}" if chosen else label


def _rows(buttons: Sequence[Option], width: int) -> tuple[tuple[Option, ...], ...]:
    """Buttons in rows of so many."""
    return tuple(tuple(buttons[n : n + width]) for n in range(0, len(buttons), width))


def _ask_number(question: Text, offered: Sequence[int]) -> Prompt:
    return Prompt(question, _rows([Option(str(number), str(number)) for number in offered], 4))


def _number(reply: Reply) -> int | None:
    """A number from a button or typed; None for anything else."""
    said = reply.option or clean(reply.text or "")
    return int(said) if _is_number(said) else None


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= 4


STEPS = (
    Step("kind", ask_kind, read_kind),
    Step("days", ask_days, read_days),
    Step("month_days", ask_month_days, read_month_days),
    Step("every_days", ask_every_days, read_every_days),
    Step("every_weeks", ask_every_weeks, read_every_weeks),
    Step("cycle", ask_cycle, read_cycle),
    Step("start", ask_start, read_start),
    Step("hours", ask_hours, read_hours),
    Step("counted", ask_counted, read_counted),
    Step("waking", ask_waking, read_waking_hours),
    Step("gap", ask_gap, read_gap),
    Step("maximum", ask_maximum, read_maximum),
)
