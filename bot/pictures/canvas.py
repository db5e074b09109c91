"""A sheet of paper with one hand of type and one set of colours. All measures are final pixels."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from math import cos, radians, sin
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.pictures.lettering import FILES

WIDTH: Final = 960
MARGIN: Final = 56

# Blue-green and greys: they differ in lightness, so nothing depends on seeing colours. Never red.
PAPER: Final = "#fbfaf7"
INK: Final = "#26343b"
QUIET: Final = "#5f6d74"
FAINT: Final = "#a3adb2"
GRID: Final = "#e4e6e4"
ACCENT: Final = "#2b7a82"
TINT: Final = "#a9cfd1"
SOFT: Final = "#dadfe0"

# Drawn larger and scaled down, which is how Pillow gets smooth edges.
_FINER: Final = 2

Point = tuple[float, float]


class Canvas:
    """Draws on paper of the common width."""

    def __init__(self, height: int) -> None:
        self._height = height
        self._image = Image.new("RGB", (WIDTH * _FINER, height * _FINER), PAPER)
        self._pen = ImageDraw.Draw(self._image)

    def text(self, at: Point, words: str, size: int, colour: str = INK, anchor: str = "lm") -> None:
        """Words at a point; `anchor` in Pillow's letters (l m r, then t m b)."""
        self._pen.text(_fine(at), words, colour, _font(size * _FINER), anchor)

    def disc(self, at: Point, radius: float, colour: str) -> None:
        self._pen.ellipse(_box(at, radius), fill=colour)

    def half_disc(self, at: Point, radius: float, colour: str) -> None:
        """The lower half."""
        self._pen.pieslice(_box(at, radius), 0, 180, fill=colour)

    def ring(self, at: Point, radius: float, colour: str, width: float = 4) -> None:
        self._pen.ellipse(_box(at, radius), outline=colour, width=round(width * _FINER))

    def dotted_ring(self, at: Point, radius: float, colour: str, dots: int = 16) -> None:
        for number in range(dots):
            turn = radians(360 * number / dots)
            self.disc((at[0] + radius * cos(turn), at[1] + radius * sin(turn)), 2.4, colour)

    def rounded_square(self, at: Point, radius: float, colour: str, width: float = 4) -> None:
        """An empty square with round corners, `radius` from its middle to a side."""
        box = _box(at, radius)
        self._pen.rounded_rectangle(box, radius * _FINER / 3, outline=colour, width=round(width * _FINER))

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        fine = [_fine(point) for point in points]
        self._pen.line(fine, fill=colour, width=round(width * _FINER), joint="curve")

    def rectangle(self, corner: Point, opposite: Point, colour: str) -> None:
        """A filled rectangle between its upper left and its lower right corner."""
        self._pen.rectangle((*_fine(corner), *_fine(opposite)), fill=colour)

    def dashes(self, top: Point, bottom: Point, colour: str, width: float) -> None:
        """A dashed upright line."""
        x, y = top
        while y < bottom[1]:
            self.line([(x, y), (x, min(y + 10, bottom[1]))], colour, width)
            y += 18

    def png(self) -> bytes:
        """The finished picture."""
        finished = self._image.resize((WIDTH, self._height), Image.Resampling.LANCZOS)
        out = BytesIO()
        finished.save(out, "PNG", optimize=True)
        return out.getvalue()


def text_width(words: str, size: int) -> float:
    """How wide the words are."""
    return _font(size * _FINER).getlength(words) / _FINER


def fitting_size(words: str, size: int, room: float) -> int:
    """The largest type up to `size` in which the words fit into `room`, but never illegibly small."""
    return max(20, min(size, int(size * room / max(text_width(words, size), 1))))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    with as_file(files("bot.pictures") / "fonts" / FILES[False]) as path:
        return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def _fine(point: Point) -> Point:
    return point[0] * _FINER, point[1] * _FINER


def _box(at: Point, radius: float) -> tuple[float, float, float, float]:
    x, y = _fine(at)
    reach = radius * _FINER
    return x - reach, y - reach, x + reach, y + reach
