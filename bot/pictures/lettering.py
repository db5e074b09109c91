"""Letters on paper: how wide they are, where a line breaks, and what the fonts can show.

The fonts have no Chinese, Thai or Indic letters; what they lack becomes an empty box. Neither painter knows
of writing from right to left, so such words are put here into the order in which they are seen, and Arabic
letters into the forms that they take beside one another.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from reportlab.pdfbase.ttfonts import TTFont

FILES: Final = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
LACKING: Final = "□"

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_NUMBERS: Final = frozenset({"EN", "AN"})
# Between two words from right to left these go along with them.
_NEUTRAL: Final = frozenset({"WS", "ON", "CS", "ES", "ET", "NSM", "BN"}) | _NUMBERS
# They show nothing by themselves.
_INVISIBLE: Final = frozenset({0x200B, 0x200C, 0x200D, *range(0xFE00, 0xFE10)})
_BRACKETS: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_FORMS: Final = ("isolated", "final", "initial", "medial")
_BLOCKS: Final = (range(0xFB50, 0xFC00), range(0xFE70, 0xFEFD))


@cache
def font(bold: bool) -> TTFont:
    """One of the two fonts; reading it takes a moment."""
    with as_file(files("bot.pictures") / "fonts" / FILES[bold]) as path:
        return TTFont("Evenkeel-Bold" if bold else "Evenkeel", str(path))


def width(words: str, size: float, bold: bool = False) -> float:
    """How wide the words are at a size in points."""
    return float(font(bold).stringWidth(words, size))


def shown(words: str) -> str:
    """Words with an empty box for every letter that the fonts lack."""
    known = font(False).face.charToGlyph
    visible = (letter for letter in words if ord(letter) not in _INVISIBLE)
    return "".join(letter if ord(letter) in known else LACKING for letter in visible)


def wrapped(words: str, size: float, room: float, bold: bool = False) -> list[str]:
    """Words as lines that fit; a word that is wider than a line is broken."""
    lines: list[str] = []
    line = ""
    for word in words.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, size, room, bold)
        lines += full
    return [*lines, line] if line or not lines else lines


def _broken(word: str, size: float, room: float, bold: bool) -> Iterator[str]:
    piece = ""
    for letter in word:
        if piece and not unicodedata.combining(letter) and width(piece + letter, size, bold) > room:
            yield piece
            piece = ""
        piece += letter
    yield piece


def visual(line: str) -> str:
    """A line as it is seen, from left to right, on a page that reads from left to right."""
    kinds = [unicodedata.bidirectional(letter) for letter in line]
    if _RIGHT_TO_LEFT.isdisjoint(kinds):
        return line
    seen, place = "", 0
    while place < len(line):
        if kinds[place] in _RIGHT_TO_LEFT:
            end = _end_of_run(kinds, place)
            seen += _turned(line[place:end])
            place = end
        else:
            seen += line[place]
            place += 1
    return seen


def _end_of_run(kinds: list[str], start: int) -> int:
    """Where a run of words from right to left ends; what stands between two of them goes along."""
    end = place = start
    while place < len(kinds) and kinds[place] in _RIGHT_TO_LEFT | _NEUTRAL:
        if kinds[place] in _RIGHT_TO_LEFT | {"NSM"}:
            end = place + 1
        place += 1
    return end


def _turned(run: str) -> str:
    """A run from right to left: the other way round, but for numbers and for marks upon a letter."""
    clusters: list[str] = []
    in_number = False
    for letter in _joined(run):
        number = unicodedata.bidirectional(letter) in _NUMBERS
        if clusters and (unicodedata.combining(letter) or (number and in_number)):
            clusters[-1] += letter
        else:
            clusters.append(letter.translate(_BRACKETS))
        in_number = number
    return "".join(reversed(clusters))


def _joined(run: str) -> str:
    """Arabic letters in the forms that they take beside one another."""
    forms = _arabic_forms()
    letters = [letter for letter in run if ord(letter) not in _INVISIBLE]
    joined = ""
    for place, letter in enumerate(letters):
        shapes = forms.get(letter)
        if shapes is None:
            joined += letter
            continue
        before = place > 0 and "initial" in forms.get(letters[place - 1], {})
        after = place + 1 < len(letters) and "final" in forms.get(letters[place + 1], {})
        form = _FORMS[(1 if before else 0) + (2 if after and "initial" in shapes else 0)]
        joined += shapes.get(form, letter)
    return joined


@cache
def _arabic_forms() -> dict[str, dict[str, str]]:
    """Letter → the name of a form → the letter in this form, as far as the fonts have it."""
    known = font(False).face.charToGlyph
    forms: dict[str, dict[str, str]] = {}
    for code in (code for block in _BLOCKS for code in block if code in known):
        name, _, base = unicodedata.decomposition(chr(code)).partition(" ")
        if name.strip("<>") in _FORMS and len(base) == 4:
            forms.setdefault(chr(int(base, 16)), {})[name.strip("<>")] = chr(code)
    return forms
