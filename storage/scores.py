"""Scores: what the answers of a check-in come to. Pure, so that every room counts in the same way."""

from collections.abc import Mapping

# The wording of the PHQ-2, in daily form; and the one tap of hard days.
CORE_ITEMS = ("down", "interest")
SHORT_ITEM = "heavy"


def core_score(answers: Mapping[str, int]) -> float | None:
    """The core score 0..10, higher is heavier: mean of down and interest, or the one tap of the short form.

    None when it was not answered. Missing is missing.
    """
    if SHORT_ITEM in answers:
        return float(answers[SHORT_ITEM])
    if not all(item in answers for item in CORE_ITEMS):
        return None
    return sum(answers[item] for item in CORE_ITEMS) / len(CORE_ITEMS)
