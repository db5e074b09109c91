"""The kinds of pictures there are."""

from collections.abc import Callable
from typing import Any, Final

from bot.pictures.mood import draw_mood
from bot.pictures.pattern import draw_pattern
from bot.pictures.streak import draw_streak

PICTURES: Final[dict[str, Callable[[dict[str, Any]], bytes]]] = {
    "streak": draw_streak,
    "mood": draw_mood,
    "pattern": draw_pattern,
}


def draw(kind: str, data: dict[str, Any]) -> bytes:
    """A picture as PNG. Raises KeyError for an unknown kind or missing data, ValueError for wrong data."""
    return PICTURES[kind](data)
