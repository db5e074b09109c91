"""The words that the grammar of times is made of, as data: another language is another `Words`."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Words:
    """The spellings that the grammar is made of, in lower case, single spaces inside."""

    am: tuple[str, ...]
    pm: tuple[str, ...]
    oclock: tuple[str, ...]
    named_times: tuple[tuple[str, time], ...]
    at: tuple[str, ...]
    joiners: tuple[str, ...]
    spans: tuple[str, ...]
    every: tuple[str, ...]
    on: tuple[str, ...]
    starting: tuple[str, ...]
    numbers: tuple[tuple[str, int], ...]
    hours: tuple[str, ...]
    day_units: tuple[str, ...]
    other_days: tuple[tuple[str, int], ...]
    daily: tuple[tuple[str, int | None], ...]  # with the number of doses that the words promise
    weekdays: tuple[tuple[str, frozenset[int]], ...]  # 0 for Monday
    but: tuple[str, ...]
    week_units: tuple[str, ...]
    other_weeks: tuple[tuple[str, int], ...]
    every_other: tuple[tuple[str, int], ...]  # before a weekday
    day_of_month: tuple[str, ...]  # before the number
    ordinal_endings: tuple[str, ...]
    ordinals: tuple[tuple[str, int], ...]
    last_day: tuple[str, ...]
    of_month: tuple[str, ...]
    monthly: tuple[str, ...]
    off: tuple[str, ...]
    after_taking: tuple[str, ...]
    between: tuple[str, ...]
    between_ends: tuple[str, ...]
    needed: tuple[str, ...]
    at_least: tuple[str, ...]
    at_most: tuple[str, ...]
    apart: tuple[str, ...]
    times_units: tuple[str, ...]
    per_day: tuple[str, ...]
    months: tuple[tuple[str, int], ...]
    day_words: tuple[tuple[str, int], ...]  # with the days from today
    days_ago: tuple[tuple[str, int], ...]  # for days that are over
    from_date: tuple[str, ...]
    until_date: tuple[str, ...]
    for_days: tuple[str, ...]


def _numbered(*spellings: str) -> tuple[tuple[str, int], ...]:
    """Words in their order from 1 on, the spellings of each in one text."""
    return tuple((word, number) for number, words in enumerate(spellings, 1) for word in words.split())


def _weekdays(*spellings: str) -> tuple[tuple[str, frozenset[int]], ...]:
    """The seven days from Monday on, the spellings of each in one text."""
    return tuple(
        (word, frozenset({number})) for number, words in enumerate(spellings) for word in words.split()
    )


ENGLISH = Words(
    am=("am", "a.m.", "a.m", "a m", "a. m.", "a. m"),
    pm=("pm", "p.m.", "p.m", "p m", "p. m.", "p. m"),
    oclock=("o'clock", "oclock", "o clock"),
    named_times=(
        ("noon", time(12)),
        ("12 noon", time(12)),
        ("midday", time(12)),
        ("midnight", time(0)),
        ("12 midnight", time(0)),
    ),
    at=("at", "@"),
    joiners=("and", "&", "+", ",", ";", "/"),
    spans=("-", "–", "to", "through", "thru", "until"),
    every=("every", "each"),
    on=("on",),
    starting=("from", "starting", "starting at", "starting from", "beginning at", "first at"),
    numbers=_numbered(
        *("one", "two", "three", "four", "five", "six"),
        *("seven", "eight", "nine", "ten", "eleven", "twelve"),
    ),
    hours=("hours", "hour", "hrs", "hr", "h"),
    day_units=("days", "day"),
    other_days=(
        *((word, 2) for word in ("every other day", "every second day", "every 2nd day", "alternate days")),
        *((word, 3) for word in ("every third day", "every 3rd day")),
    ),
    daily=(
        ("every day", None),
        ("everyday", None),
        ("each day", None),
        ("daily", None),
        ("once a day", 1),
        ("once daily", 1),
        ("twice a day", 2),
        ("twice daily", 2),
        ("three times a day", 3),
        ("three times daily", 3),
    ),
    weekdays=(
        *_weekdays(
            "mon monday mondays",
            "tue tues tuesday tuesdays",
            "wed weds wednesday wednesdays",
            "thu thur thurs thursday thursdays",
            "fri friday fridays",
            "sat saturday saturdays",
            "sun sunday sundays",
        ),
        *((word, frozenset(range(5))) for word in ("weekday", "weekdays")),
        *((word, frozenset((5, 6))) for word in ("weekend", "weekends")),
    ),
    but=("but", "except", "but on", "except on"),
    week_units=("weeks", "week", "wks", "wk"),
    other_weeks=(
        *((word, 1) for word in ("every week", "each week", "weekly", "once a week")),
        *((word, 2) for word in ("every other week", "every second week", "every fortnight", "fortnightly")),
        ("every third week", 3),
    ),
    every_other=(("every other", 2), ("every second", 2), ("every 2nd", 2), ("every third", 3)),
    day_of_month=("day", "days"),
    ordinal_endings=("st", "nd", "rd", "th"),
    ordinals=_numbered(
        *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    ),
    last_day=("last day", "last"),
    of_month=("of the month", "of each month", "of every month", "of a month", "each month", "every month"),
    monthly=("monthly", "every month", "each month", "once a month"),
    off=("off",),
    after_taking=(
        *("after taking", "after taking it", "after i take it", "after i took it", "after i have taken it"),
        *("after each dose", "after the last dose", "after the last one", "after the dose", "after a dose"),
        *(
            "from taking",
            "from taking it",
            "from the last dose",
            "from when i take it",
            "since the last dose",
        ),
    ),
    between=("between",),
    between_ends=("and", "to", "until", "-", "–"),
    needed=("as needed", "when needed", "if needed", "as required", "when required", "prn", "p.r.n"),
    at_least=("at least", "minimum", "min", "min.", "not less than"),
    at_most=("at most", "maximum", "max", "max.", "no more than", "not more than", "up to"),
    apart=("apart", "between doses", "between two doses"),
    times_units=("times", "time", "doses", "dose"),
    per_day=("a day", "per day", "each day", "every day", "daily", "in 24 hours", "in a day", "in one day"),
    months=_numbered(
        *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july"),
        *("aug august", "sep sept september", "oct october", "nov november", "dec december"),
    ),
    day_words=(("today", 0), ("tomorrow", 1)),
    days_ago=(("yesterday", 1), ("the day before yesterday", 2)),
    from_date=("from", "from the", "starting", "starting on", "starting from", "beginning", "beginning on"),
    until_date=("until", "until the", "till", "up to", "up to and including", "through", "thru", "to"),
    for_days=("for", "for the next"),
)
