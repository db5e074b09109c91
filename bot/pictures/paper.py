"""A sheet of A4 as a description: words and shapes at places. Every painter draws the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.pictures.canvas import INK, Point

# In points, from the upper left corner.
WIDTH: Final = 595.0
HEIGHT: Final = 842.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of type in the order in which it is seen; `at` is a point of its baseline."""

    at: Point
    text: str
    size: float
    colour: str = INK
    bold: bool = False
    align: Literal["left", "middle", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    start: Point
    end: Point
    colour: str
    width: float


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle."""

    at: Point
    radius: float
    colour: str


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `at` is its upper left corner."""

    at: Point
    width: float
    height: float
    colour: str


Shape = Words | Line | Disc | Box


@dataclass(frozen=True, slots=True)
class Page:
    """One page, painted in the order of its shapes."""

    title: str
    language: str
    shapes: Sequence[Shape]
