"""Typed phrases about timings: what follows from each of their readings."""

from collections.abc import Sequence

from bot.conversation.dialogs import Again, Answers, Context, Got, Option, Prompt, Read, Reply
from bot.conversation.periods import ALWAYS, Period
from bot.conversation.times import (
    Ambiguous,
    EveryHours,
    NotUnderstood,
    Reading,
    WhenNeeded,
    read_clock,
    read_timing,
)
from bot.medicines import choosing_wording, rules, wording
from bot.medicines.answers import (
    COUNTED,
    GAP,
    HOURS,
    MAXIMUM,
    OPTIONS,
    PATTERN,
    PHRASE,
    TIMES,
    TIMING,
    bounds_in,
    here,
    period_in,
    planned_after,
    today,
    waking_in,
    with_period,
    with_timing,
    with_waking,
)
from scheduler.timing import Bounds, Timing, from_data

_NONE = "none"


def read_phrase(context: Context, answers: Answers, text: str) -> Read:
    """What follows from a phrase: the card, a choice, or the question that it leaves open."""
    match read_timing(text, today(context)):
        case NotUnderstood(why):
            return Again(choosing_wording.not_a_timing(context.gettext, why))
        case Ambiguous(options, phrase):
            return _offer(context, answers, options, phrase)
        case understood:
            return onward(context, answers, understood.value)


def _offer(context: Context, answers: Answers, options: tuple[Reading, ...], phrase: str) -> Read:
    """Offer what the phrase may mean."""
    timings = [(_settled(context, option), option.period) for option in options]
    kept = [
        with_timing(timing, _bounds(context, answers, timing, period))
        for timing, period in timings
        if timing is not None
    ]
    if not kept:
        return Again(choosing_wording.date_with_year(context.gettext))
    return Got({OPTIONS: kept, PHRASE: phrase}, then="which")


def onward(context: Context, answers: Answers, reading: Reading) -> Read:
    """Go on to the card, or ask for what the phrase leaves open."""
    timing = _settled(context, reading)
    if timing is not None:
        return to_card(context, answers, timing, reading.period)
    left_open = {**with_period(reading.period), TIMES: [], PATTERN: None}
    if isinstance(reading.timing, WhenNeeded):
        gap, maximum = reading.timing.minimum_gap_hours, reading.timing.daily_maximum
        asked = {**left_open, GAP: gap, MAXIMUM: maximum}
        return Got(asked, then="gap" if gap is None else "maximum")
    hours = reading.timing
    assert isinstance(hours, EveryHours)  # noqa: S101 - nothing else is left open
    counted = {HOURS: hours.hours, COUNTED: hours.counted_from, **with_waking(hours.waking)}
    return Got({**left_open, **counted}, then="first")


def to_card(context: Context, answers: Answers, timing: Timing, period: Period) -> Got:
    """Go on to the confirmation card with a timing and its period."""
    return Got(with_timing(timing, _bounds(context, answers, timing, period)), then="confirm")


def _settled(context: Context, reading: Reading) -> Timing | None:
    return rules.settled(reading.timing, here(context), context.now, context.day_ends)


def _bounds(context: Context, answers: Answers, timing: Timing, period: Period) -> Bounds | None:
    """The days that a phrase names; None leaves those that stand already."""
    if period == ALWAYS:
        return None
    after = planned_after(context, answers)
    return rules.bounds_of(period, timing, here(context), after, context.day_ends)


# What a phrase leaves open


def ask_first(context: Context, answers: Answers) -> Prompt:
    return Prompt(choosing_wording.ask_first(context.gettext, answers[HOURS], answers.get(COUNTED, "due")))


def read_first(context: Context, answers: Answers, reply: Reply) -> Read:
    """From which time "every 8 hours" counts; a whole phrase is understood as well."""
    reading = read_clock(reply.text or "")
    if isinstance(reading, NotUnderstood):
        return read_phrase(context, answers, reply.text or "")
    firsts = reading.options if isinstance(reading, Ambiguous) else (reading.value,)
    counted, waking = answers.get(COUNTED, "due"), waking_in(answers)
    said = [
        Reading(EveryHours(answers[HOURS], first, counted, waking), period_in(answers)) for first in firsts
    ]
    if len(said) == 1:
        return onward(context, answers, said[0])
    return _offer(context, answers, tuple(said), reply.text or "")


def ask_which(context: Context, answers: Answers) -> Prompt:
    """Offer the readings as buttons; where these would be cut, number them and say them above."""
    _, place = context.gettext, here(context)
    named = [wording.option(_, from_data(kept[TIMING]), bounds_in(kept), place) for kept in answers[OPTIONS]]
    return offered(context, named, answers[PHRASE])


def offered(context: Context, named: Sequence[str], phrase: str) -> Prompt:
    """The question which of these is meant by some words."""
    _ = context.gettext
    numbered = any(len(words) > rules.LONGEST_BUTTON for words in named)
    rows = [
        (Option(str(number + 1) if numbered else words, str(number)),) for number, words in enumerate(named)
    ]
    rows.append((Option(choosing_wording.write_anew(_), _NONE),))
    return Prompt(choosing_wording.which_one(_, phrase, named if numbered else ()), tuple(rows))


def read_which(context: Context, answers: Answers, reply: Reply) -> Read:
    if reply.text is not None:
        return read_phrase(context, answers, reply.text)
    if reply.option == _NONE:
        return Got({}, then="times")
    if reply.option is None or not reply.option.isdigit() or int(reply.option) >= len(answers[OPTIONS]):
        return Again(choosing_wording.tap_one(context.gettext))
    return Got(answers[OPTIONS][int(reply.option)], then="confirm")
