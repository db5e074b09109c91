"""Scores: what the answers of a check-in come to. Pure, so that every room counts in the same way."""

from collections.abc import Mapping
from datetime import date, timedelta

# The wording of the PHQ-2, in daily form; and the one tap of hard days.
CORE_ITEMS = ("down", "interest")
SHORT_ITEM = "heavy"

LOW_WEEK = 7  # days
LOW_FROM = 6.0  # our choice: clearly on the heavier half of 0..10
LOW_DAYS = 2  # one heavy day is a day, not a week


def core_score(answers: Mapping[str, int]) -> float | None:
    """The core score 0..10, higher is heavier: mean of down and interest, or the one tap of the short form.

    None when it was not answered. Missing is missing.
    """
    if SHORT_ITEM in answers:
        return float(answers[SHORT_ITEM])
    if not all(item in answers for item in CORE_ITEMS):
        return None
    return sum(answers[item] for item in CORE_ITEMS) / len(CORE_ITEMS)


def is_low_week(scores: Mapping[date, float | None], today: date) -> bool:
    """Whether two of the last seven days, today among them, were answered as heavy. Missing is missing."""
    days = (today - timedelta(days=back) for back in range(LOW_WEEK))
    heavy = [score for day in days if (score := scores.get(day)) is not None and score >= LOW_FROM]
    return len(heavy) >= LOW_DAYS
