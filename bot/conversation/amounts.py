"""Amounts that take turns, as people type them: "10 mg, 20 mg". What an amount says is not looked at."""

import re

from bot.conversation.text import clean

LONGEST_AMOUNT = 64
MOST_AMOUNTS = 8
# A comma between two digits, without a space, belongs to a number: "12,5 mg".
_BETWEEN = re.compile(r"[;\n]|,(?!\d)|(?<!\d),")


def read_amounts(text: str) -> tuple[str, ...]:
    """The amounts in a text, in their order; none when one cannot be kept, or when they are too many."""
    amounts = tuple(clean(part) for part in _BETWEEN.split(text))
    kept = all(_acceptable(amount) for amount in amounts) and len(amounts) <= MOST_AMOUNTS
    return amounts if kept else ()


def _acceptable(amount: str) -> bool:
    return 0 < len(amount) <= LONGEST_AMOUNT and any(letter.isalnum() for letter in amount)
