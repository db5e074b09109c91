"""The kinds of pictures and documents there are."""

from collections.abc import Callable
from typing import Any, Final

from bot.pictures import painting
from bot.pictures.mood import draw_mood
from bot.pictures.pattern import draw_pattern
from bot.pictures.pulse import draw_pulse_week
from bot.pictures.qr import draw_qr
from bot.pictures.streak import draw_streak
from bot.pictures.summary import lay_out

Drawer = Callable[[dict[str, Any]], bytes]

PICTURES: Final[dict[str, Drawer]] = {
    "streak": draw_streak,
    "mood": draw_mood,
    "pattern": draw_pattern,
    "qr": draw_qr,
    "pulse_week": draw_pulse_week,
    "visit_summary": lambda data: painting.png(lay_out(data)),
}

DOCUMENTS: Final[dict[str, Drawer]] = {
    "visit_summary": lambda data: painting.pdf(lay_out(data)),
}


def draw(kind: str, data: dict[str, Any]) -> bytes:
    """A picture as PNG. Raises KeyError for an unknown kind or missing data, ValueError for wrong data."""
    return PICTURES[kind](data)


def draw_document(kind: str, data: dict[str, Any]) -> bytes:
    """A document as PDF. Raises as `draw` does."""
    return DOCUMENTS[kind](data)
