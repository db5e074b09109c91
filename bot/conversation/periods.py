"""From when until when a phrase holds: "from 1 March", "until 15 April 2027", "for 10 days", in plain text.

A date has a name for its month or is written 2026-03-01; "3/4" is read in no way, because half of the world
means March and half means April. A date without a year is the next one. As a first day it may also be one
that has just passed; then the person is asked.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.conversation.readings import NotUnderstood, Read, Why, one_of
from bot.conversation.timegrammar import Grammar
from scheduler.timing import LONGEST_DAYS, Bounds

JUST_PASSED = timedelta(days=60)
_EARLIEST_YEAR, _LATEST_YEAR = 1980, 2100
_LEAP_YEARS = 8  # in the longest run of years without a 29th of February


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day, as far as they were said; `lasts` are days counted from the first dose."""

    starts_on: date | None = None
    ends_on: date | None = None
    lasts: int | None = None

    def bounds(self, first_dose_on: date) -> Bounds:
        """The days within which the timing holds, once the day of its first dose is known."""
        if self.lasts is None:
            return Bounds(self.starts_on, self.ends_on)
        return Bounds(self.starts_on, first_dose_on + timedelta(days=self.lasts - 1))


ALWAYS = Period()


def without_period(plain: str, grammar: Grammar) -> tuple[str, tuple[re.Match[str], ...]]:
    """The phrase without what it says about its first and last day, and what that is."""
    clauses = []
    while clause := grammar.period.search(plain):
        clauses.append(clause)
        before, after = plain[: clause.start()].rstrip(" ,;"), plain[clause.end() :].lstrip(" ,;")
        plain = f"{before} {after}".strip()
    return plain, tuple(clauses)


def read_period(clauses: tuple[re.Match[str], ...], today: date, grammar: Grammar) -> Read[Period]:
    """What the clauses of one phrase come to; of a first day that passed long ago nothing is left."""
    starts = [clause["from_date"] for clause in clauses if clause["from_date"]]
    ends = [clause["until_date"] for clause in clauses if clause["until_date"]]
    lengths = [_length(clause, grammar) for clause in clauses if clause["for_number"]]
    if len(starts) > 1 or len(ends) + len(lengths) > 1:
        return NotUnderstood(Why.SAID_TWICE)
    if any(not 1 <= lasts <= LONGEST_DAYS for lasts in lengths):
        return NotUnderstood(Why.OUT_OF_RANGE)
    first_days: list[date | None] = [*_first_days(starts[0], today, grammar)] if starts else [None]
    lasts = lengths[0] if lengths else None
    periods, early = [], False
    for first in first_days:
        last = _day(ends[0], today, first or today, grammar) if ends else None
        if ends and last is None:
            return NotUnderstood(Why.NOT_A_DATE)
        if last is None or last >= max(first or today, today):
            periods.append(Period(first, last, lasts))
        else:
            early = True
    return one_of(periods, "".join(starts), Why.ENDS_EARLY if early else Why.NOT_A_DATE)


def read_date(plain: str, today: date, grammar: Grammar) -> Read[date]:
    """The one date in a text that holds nothing else, as a first day."""
    if not grammar.date.fullmatch(plain):
        return NotUnderstood(Why.NOT_A_DATE)
    return one_of(_first_days(plain, today, grammar), plain, Why.NOT_A_DATE)


def read_past_date(plain: str, today: date, grammar: Grammar) -> Read[date]:
    """The one date in a text that holds nothing else, as a day that is over: without a year, the last one."""
    if not grammar.date.fullmatch(plain):
        return NotUnderstood(Why.NOT_A_DATE)
    # From half a year back, a year back, and so on: the next one from one of these is the last one.
    half_years = (today - timedelta(days=183 * passed) for passed in range(2 * _LEAP_YEARS + 2))
    found = [_day(plain, today, not_before, grammar) for not_before in half_years]
    over = [day for day in found if day is not None and day <= today]
    return one_of([max(over)] if over else [], plain, Why.NOT_A_DATE)


def _length(clause: re.Match[str], grammar: Grammar) -> int:
    """How many days "for 10 days" or "for 2 weeks" are."""
    number = grammar.number(clause["for_number"])
    return number * 7 if clause["for_weeks"] else number


def _first_days(said: str, today: date, grammar: Grammar) -> list[date]:
    """The days that a date may mean as a first one: the next, and the last one when it has just passed."""
    passed = _day(said, today, today - JUST_PASSED, grammar)
    following = _day(said, today, today, grammar)
    return [day for day in dict.fromkeys((passed, following)) if day is not None]


def _day(said: str, today: date, not_before: date, grammar: Grammar) -> date | None:
    """The day that a date means, in the first year that is late enough if none is said; None for no day."""
    match = grammar.date.fullmatch(said)
    if match is None:
        return None
    if match["word"]:
        return today + timedelta(days=grammar.day_words[match["word"]])
    month, day, year = _numbers(match, grammar)
    if year is not None:
        return _dated(year, month, day)
    years = (_dated(not_before.year + passed, month, day) for passed in range(_LEAP_YEARS + 1))
    return next((found for found in years if found is not None and found >= not_before), None)


def _numbers(match: re.Match[str], grammar: Grammar) -> tuple[int, int, int | None]:
    """Month, day and year of a date."""
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
        return month, day, year
    year_said = match["year"] or match["year_after"]
    month = grammar.months[match["month"] or match["month_before"]]
    return month, int(match["day"] or match["day_after"]), int(year_said) if year_said else None


def _dated(year: int, month: int, day: int) -> date | None:
    """The date of these numbers, if there is one."""
    try:
        return date(year, month, day) if _EARLIEST_YEAR <= year <= _LATEST_YEAR else None
    except ValueError:
        return None
