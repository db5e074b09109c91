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
    numbers=(
        *(("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6)),
        *(("seven", 7), ("eight", 8), ("nine", 9), ("ten", 10), ("eleven", 11), ("twelve", 12)),
    ),
    hours=("hours", "hour", "hrs", "hr", "h"),
    day_units=("days", "day"),
    other_days=(("every other day", 2), ("every second day", 2), ("every third day", 3)),
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
)
