"""The dialog that puts a plan together, step by step. It asks; it never fills in a date or an amount."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.conversation.amounts import LONGEST_AMOUNT, MOST_AMOUNTS, read_amounts
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
from bot.conversation.periods import ALWAYS
from bot.conversation.readings import options_of
from bot.conversation.text import Text, as_text
from bot.conversation.times import (
    Ambiguous,
    EveryHours,
    NotUnderstood,
    Reading,
    read_first_day,
    read_timing,
)
from bot.medicines import choosing_wording, plan_rules, plan_wording, rules, wording
from bot.medicines.answers import NAME, clock_in, here, today
from bot.medicines.phrases import offered
from bot.medicines.plan_rules import SaidPlan, SaidStep
from scheduler.localtime import instant
from scheduler.plans import MOST_STEPS
from scheduler.plans import Step as PlanStep
from scheduler.timing import UNBOUNDED, AsNeeded, Daily, Timing, from_data, to_data

STEPS, UNTIL = "steps", "until"  # what is kept in the end
NOW = "now"  # the step that holds until a plan begins: what the medicine was before
LAST_DAY = "last_day"  # that of the medicine, which a plan does not keep
BEFORE = "before"  # the timing that the medicine had, be it one that cannot be a step
BY_DAYS = "by_days"
_SINCE, _AMOUNTS = "since", "amounts"  # of the step that is being written
_DATES, _OPTIONS, _PHRASE = "dates", "timings", "words"  # what an unclear date or phrase may mean
_SAME, _MORE, _ON, _ENDS, _AGAIN, _YES, _ANEW, _CANCEL, _NONE = (
    "same", "more", "on", "ends", "again", "yes", "anew", "cancel", "none",
)  # fmt: skip


def written(answers: Answers) -> SaidPlan:
    """The plan as far as it is written."""
    return plan_rules.from_answers(answers.get(STEPS, ()), answers.get(UNTIL))


# The day


def ask_date(context: Context, answers: Answers) -> Prompt:
    _, steps = context.gettext, written(answers).steps
    question = (
        plan_wording.ask_next_date(_, steps) if steps else plan_wording.ask_first_date(_, answers[NAME])
    )
    return Prompt(question)


def read_date(context: Context, answers: Answers, reply: Reply) -> Read:
    steps = written(answers).steps
    before = steps[-1].since if steps else None
    found = options_of(read_first_day(reply.text or "", today(context)))
    later = [day for day in found if before is None or day > before]
    if not found:
        return Again(plan_wording.not_a_date(context.gettext))
    if len(later) > 1:
        return Got({_DATES: [day.isoformat() for day in later]}, then="plan_which_date")
    return _begins(context, before, (later or list(found))[0])


def _begins(context: Context, before: date | None, since: date) -> Read:
    """Go on with the first day of a step, if it may be one."""
    if plan_rules.may_begin(since, today(context), before):
        return Got({_SINCE: since.isoformat(), _DATES: []}, then="plan_amounts")
    if before is not None and since <= before:
        return Again(plan_wording.date_not_after(context.gettext, before))
    return Again(plan_wording.date_too_far(context.gettext))


def ask_which_date(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    rows = [(Option(plan_wording.dated(_, date.fromisoformat(day)), day),) for day in answers[_DATES]]
    rows.append((Option(choosing_wording.write_anew(_), _NONE),))
    return Prompt(plan_wording.which_date(_), tuple(rows))


def read_which_date(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.text is not None:
        return read_date(context, answers, reply)
    if reply.option is None or reply.option not in answers[_DATES]:
        return Got({_DATES: []}, then="plan_date")
    steps = written(answers).steps
    return _begins(context, steps[-1].since if steps else None, date.fromisoformat(reply.option))


# The amounts


def ask_amounts(context: Context, answers: Answers) -> Prompt:
    return Prompt(plan_wording.ask_amounts(context.gettext, date.fromisoformat(answers[_SINCE])))


def read_amounts_reply(context: Context, _answers: Answers, reply: Reply) -> Read:
    amounts = read_amounts(reply.text or "")
    if not amounts:
        return Again(plan_wording.amounts_refused(context.gettext, MOST_AMOUNTS, LONGEST_AMOUNT))
    return Got({_AMOUNTS: list(amounts)}, then="plan_times")


# The times


def ask_times(context: Context, answers: Answers) -> Prompt:
    _, steps = context.gettext, written(answers).steps
    rows = [tuple(Option(f"{at:%H:%M}", f"{at:%H%M}") for at in row) for row in rules.OFFERED_TIMES]
    if steps:
        rows.insert(0, (Option(plan_wording.same_times(_), _SAME),))
    return Prompt(plan_wording.ask_times(_), tuple(rows))


def read_times(context: Context, answers: Answers, reply: Reply) -> Read:
    """One time for every day by a button, the times of the step before, or a phrase."""
    steps = written(answers).steps
    if reply.option == _SAME and steps:
        return _with_step(context, answers, steps[-1].timing)
    if reply.option is not None:
        return _with_step(context, answers, Daily((clock_in(reply.option),)))
    since = date.fromisoformat(answers[_SINCE])
    match read_timing(reply.text or "", since):
        case NotUnderstood(why):
            return Again(choosing_wording.not_a_timing(context.gettext, why))
        case Ambiguous(options, phrase):
            settled = [_settled(context, option, since) for option in options]
            kept = [to_data(each) for each in settled if each is not None]
            if not kept or any(option.period != ALWAYS for option in options):
                return Again(plan_wording.times_only(context.gettext))
            return Got({_OPTIONS: kept, _PHRASE: phrase}, then="plan_which")
        case understood:
            return _understood(context, answers, understood.value, since)


def _understood(context: Context, answers: Answers, reading: Reading, since: date) -> Read:
    if reading.period != ALWAYS:
        return Again(plan_wording.times_only(context.gettext))
    timing = _settled(context, reading, since)
    if timing is not None:
        return _with_step(context, answers, timing)
    if isinstance(reading.timing, EveryHours):
        return Again(plan_wording.hours_from(context.gettext))
    return Again(plan_wording.not_in_a_plan(context.gettext))


def _settled(context: Context, reading: Reading, since: date) -> Timing | None:
    """The timing as it was said, its hours counted from the first day of the step."""
    said = reading.timing
    if not isinstance(said, EveryHours):
        return rules.settled(said, here(context), context.now, context.day_ends)
    at = said.waking[0] if said.waking is not None else said.first
    first = instant(since, at, here(context), context.day_ends) if at is not None else None
    return said.starting(first) if first is not None else None


def _with_step(context: Context, answers: Answers, timing: Timing) -> Read:
    """The step that was being written joins the plan."""
    since, amounts = date.fromisoformat(answers[_SINCE]), tuple(answers[_AMOUNTS])
    try:
        PlanStep(since, timing, len(amounts))
    except ValueError:
        return Again(plan_wording.not_in_a_plan(context.gettext))
    steps = (*written(answers).steps, SaidStep(since, timing, amounts))
    return Got({STEPS: plan_rules.as_answers(steps), UNTIL: None}, then="plan_more")


def ask_which(context: Context, answers: Answers) -> Prompt:
    timings = map(from_data, answers[_OPTIONS])
    named = [wording.option(context.gettext, each, UNBOUNDED, here(context)) for each in timings]
    return offered(context, named, answers[_PHRASE])


def read_which(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.text is not None:
        return read_times(context, answers, reply)
    if reply.option is None or not reply.option.isdigit() or int(reply.option) >= len(answers[_OPTIONS]):
        return Got({}, then="plan_times")
    return _with_step(context, answers, from_data(answers[_OPTIONS][int(reply.option)]))


# What comes next, and the whole


def ask_more(context: Context, answers: Answers) -> Prompt:
    _ = context.gettext
    rows = (
        (Option(plan_wording.another_step(_), _MORE),),
        (Option(plan_wording.goes_on(_), _ON),),
        (Option(plan_wording.ends(_), _ENDS),),
        (Option(plan_wording.write_again(_), _AGAIN), Option(wording.cancel(_), _CANCEL)),
    )
    return Prompt(plan_wording.ask_more(_, written(answers).steps), rows)


def read_more(context: Context, answers: Answers, reply: Reply) -> Read:
    _ = context.gettext
    most = MOST_STEPS - bool(answers.get(NOW))  # how it is now may become the first step
    match reply.option:
        case "more" if len(answers[STEPS]) >= most:
            return Again(plan_wording.too_many_steps(_, most))
        case "more":
            return Got({}, then="plan_date")
        case "on":
            return Got({UNTIL: None}, then="plan_confirm")
        case "ends":
            return Got({}, then="plan_end")
        case "again":
            return Got({STEPS: answers[STEPS][:-1]}, then="plan_date")
        case "cancel":
            return Stop(wording.nothing_changed(_))
    return Again(choosing_wording.tap_one(_))


def ask_end(context: Context, _answers: Answers) -> Prompt:
    return Prompt(plan_wording.ask_end(context.gettext))


def read_end(context: Context, answers: Answers, reply: Reply) -> Read:
    """The last day with doses; of two that a date may mean, the first that is not too early."""
    last = written(answers).steps[-1].since
    found = options_of(read_first_day(reply.text or "", today(context)))
    if not found:
        return Again(plan_wording.not_a_date(context.gettext))
    late = [day for day in found if day >= last]
    if not late:
        return Again(plan_wording.end_too_early(context.gettext, last))
    if late[-1] < today(context):
        return Again(plan_wording.day_is_over(context.gettext))
    late = [day for day in late if day >= today(context)]
    if late[0] > today(context) + plan_rules.LATEST_STEP:
        return Again(plan_wording.date_too_far(context.gettext))
    return Got({UNTIL: late[0].isoformat()}, then="plan_confirm")


def ask_confirm(context: Context, answers: Answers) -> Prompt:
    _, plan = context.gettext, whole(context, answers)
    firsts = plan_rules.first_doses(plan, here(context), context.day_ends)
    rows = (
        (Option(plan_wording.yes_keep(_), _YES, "success"),),
        (Option(plan_wording.one_more(_), _MORE), Option(plan_wording.from_the_start(_), _ANEW)),
        (Option(wording.cancel(_), _CANCEL),),
    )
    remark = (
        as_text(plan_wording.first_is_now(_, last_day(answers)))
        if len(plan.steps) > len(answers[STEPS])
        else nothing_until(context, answers)
    )
    text = plan_wording.preview(_, answers[NAME], plan, firsts, here(context), context.day_ends, remark)
    return Prompt(text, rows)


def last_day(answers: Answers) -> date | None:
    """The last day that the medicine had before."""
    said = answers.get(LAST_DAY)
    return date.fromisoformat(said) if said else None


def nothing_until(context: Context, answers: Answers) -> Text:
    """Said where nothing is planned before a later beginning, as what there was cannot be a step."""
    before, since = answers.get(BEFORE), written(answers).steps[0].since
    timing = from_data(before) if before is not None else None
    if timing is None or rules.plans_itself(timing) or since <= today(context):
        return Text("")
    return plan_wording.nothing_until(context.gettext, since, as_needed=isinstance(timing, AsNeeded))


def read_confirm(context: Context, _answers: Answers, reply: Reply) -> Read:
    match reply.option:
        case "yes":
            return Got({})
        case "more":
            return Got({UNTIL: None}, then="plan_more")
        case "anew":
            return Got({STEPS: [], UNTIL: None}, then="plan_date")
        case "cancel":
            return Stop(wording.nothing_changed(context.gettext))
    return Again(choosing_wording.tap_one(context.gettext))


def whole(context: Context, answers: Answers) -> SaidPlan:
    """The plan to be kept; until a later beginning the medicine goes on as it was."""
    plan, now = written(answers), answers.get(NOW)
    if not now:
        return plan
    [step] = plan_rules.from_answers([now], None).steps
    step = replace(step, since=max(step.since, today(context)))
    return plan_rules.after_now(step, plan)


def ask_push(context: Context, _answers: Answers) -> Prompt:
    return Prompt(plan_wording.ask_push(context.gettext))


def read_push(context: Context, _answers: Answers, reply: Reply) -> Read:
    typed = (reply.text or "").strip()
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 0
    if not 1 <= number <= plan_rules.LONGEST_PUSH:
        return Again(plan_wording.number_refused(context.gettext, plan_rules.LONGEST_PUSH))
    return Got({BY_DAYS: number})


PLAN_STEPS = (
    Step("plan_date", ask_date, read_date),
    Step("plan_which_date", ask_which_date, read_which_date),
    Step("plan_amounts", ask_amounts, read_amounts_reply),
    Step("plan_times", ask_times, read_times),
    Step("plan_which", ask_which, read_which),
    Step("plan_more", ask_more, read_more),
    Step("plan_end", ask_end, read_end),
    Step("plan_confirm", ask_confirm, read_confirm),
)

WRITE = Dialog("steps", PLAN_STEPS)
PUSH = Dialog("push", (Step("days", ask_push, read_push),))


def known(answers: dict[str, Any], now: SaidStep | None = None) -> dict[str, Any]:
    """What the dialog begins with, for a medicine that exists."""
    return {**answers, NOW: plan_rules.as_answers([now])[0] if now is not None else None}
