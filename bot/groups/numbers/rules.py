"""Pure decisions about the numbers that stand in a group: by what it shows that they are out of date."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final

from bot.conversation.message import Message
from bot.conversation.text import Text


class Readers(StrEnum):
    """For whom the numbers are: all there, now or for good; one member, or one who fears for somebody."""

    ALL = "all"
    BOARD = "board"
    ONE = "one"
    HELPER = "helper"


# The numbers of a country in a language, as of a day; None is a group without a country.
Numbers = Callable[[str | None, str, date, Readers], Message]

ABOUT: Final = "group-numbers"
LOOK_AGAIN: Final = timedelta(days=1)
ANEW: Final = ""  # what is shown has to be said anew


def mark_of(text: Text) -> str:
    """Stands for what is shown: another text has another mark."""
    return sha256(text.plain.encode()).hexdigest()[:16]
