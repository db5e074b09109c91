"""Which day that is over somebody means."""

from datetime import date

import pytest

from bot.conversation.times import NotUnderstood, Understood, read_past_day

TODAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", TODAY),
        ("Yesterday", date(2026, 3, 4)),
        ("the day before yesterday", date(2026, 3, 3)),
        ("5 March", TODAY),
        ("4 mar", date(2026, 3, 4)),
        ("March 6", date(2025, 3, 6)),
        ("Dec 24", date(2025, 12, 24)),
        ("29 feb", date(2024, 2, 29)),
        ("2024-12-31", date(2024, 12, 31)),
    ],
)
def test_a_date_without_a_year_is_the_last_one(words: str, day: date) -> None:
    assert read_past_day(words, TODAY) == Understood(day)


@pytest.mark.parametrize(
    "words", ["tomorrow", "6 March 2026", "2026-03-06", "3/4", "30 Feb", "", "8am", "x" * 999]
)
def test_what_is_no_day_that_is_over_is_not_understood(words: str) -> None:
    assert isinstance(read_past_day(words, TODAY), NotUnderstood)
