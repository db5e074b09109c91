"""Weighed words: how heavily each word, pair of words and sign of one language speaks, in whole numbers.

Rules catch what is said plainly; what is said indirectly is said in a thousand ways, of which no list holds
more than half. So the words themselves are weighed. The numbers come from the phrase sets for making
(`make weights` computes them anew) and stand in data files that can be read and changed.
"""

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import pairwise, repeat
from pathlib import Path
from typing import NamedTuple

from bot.escalation.screening.lexicon import EDGE, LexiconUnusable

# A text is medium from so many words on, and long from so many. Each class has a bar of its own, because
# whoever writes more says more that is heavy, whatever it is about.
LENGTHS = (15, 40)
# A very long text is weighed piece by piece, so that its end does not thin out its beginning.
PIECE_WORDS = 160
_STEP = PIECE_WORDS // 2
# A text of fewer words counts as one of so many.
_SHORTEST = 4
_STEM_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one language, in hundredths: what terms say of despair, and of an open wish to die.

    A text is gentle when its terms reach the bar of its length in `heavy_at`, urgent in `plain_at`. Words
    alone make a text urgent only when one of `anchors` is among them: a word that stands in plain wishes at
    least twice as often as in everyday talk.
    """

    language: str
    heavy: Mapping[str, int]
    plain: Mapping[str, int]
    heavy_at: tuple[int, ...]
    plain_at: tuple[int, ...]
    anchors: frozenset[str]

    def is_heavy(self, said: Iterable["Piece"]) -> bool:
        """Whether a text speaks of despair."""
        return _reaches(said, self.heavy, self.heavy_at)

    def is_plain(self, said: Iterable["Piece"]) -> bool:
        """Whether a text is an open wish to die."""
        return _reaches(said, self.plain, self.plain_at)


class Piece(NamedTuple):
    """A text, or a stretch of a very long one, as it is weighed: its terms, each once, and how many words."""

    terms: Set[str]
    words: int


def pieces(words: Sequence[str], signs: Iterable[str]) -> list[Piece]:
    """A text in pieces: its words, EDGE after each sentence, and the rules' own signs."""
    told = [f"<{sign}>" for sign in signs]
    return [
        Piece({*terms(stretch), *told}, len(stretch) - stretch.count(EDGE)) for stretch in _stretches(words)
    ]


def _reaches(said: Iterable[Piece], weights: Mapping[str, int], bars: Sequence[int]) -> bool:
    for piece in said:
        weight = sum(map(weights.get, piece.terms, repeat(0)))
        if weight * share_of_each(piece.words) >= bars[length_class(piece.words)]:
            return True
    return False


def length_class(words: int) -> int:
    """0 for a short text, 1 for a medium one, 2 for a long one."""
    return sum(words >= length for length in LENGTHS)


def share_of_each(words: int) -> float:
    """How much each term counts in a text of so many words: the less, the more there are."""
    return 1 / math.sqrt(max(words, _SHORTEST))


def terms(words: Sequence[str]) -> list[str]:
    """What is weighed: each word, the beginning of each longer word, each pair of neighbours.

    The end of a sentence is a neighbour too.
    """
    pairs = [f"{word} {after}" for word, after in pairwise(words)]
    stems = [word[:_STEM_LETTERS] + "*" for word in words if len(word) > _STEM_LETTERS]
    return [*words, *stems, *pairs]


def load_weights(file: Traversable | Path) -> Weights:
    """Read the weights of one language. Raises LexiconUnusable with the file's name."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return Weights(
            language=table["language"],
            heavy=_numbers(table["heavy"]),
            plain=_numbers(table["plain"]),
            heavy_at=_bars(table["heavy_at"]),
            plain_at=_bars(table["plain_at"]),
            anchors=frozenset(table["anchors"].split()),
        )
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        raise LexiconUnusable(f"{file.name}: {error}") from error


def _numbers(table: Mapping[str, str]) -> dict[str, int]:
    """Terms by weight: the file groups them, one line for each number, separated by commas."""
    return {term: int(number) for number, line in table.items() for term in line.split(", ")}


def _bars(numbers: Sequence[int]) -> tuple[int, ...]:
    """One bar for each class of length."""
    bars = tuple(map(int, numbers))
    if len(bars) != len(LENGTHS) + 1:
        raise ValueError(f"there must be {len(LENGTHS) + 1} bars")
    return bars


def _stretches(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Stretches of at most PIECE_WORDS, each half over the next; one for a text that is not longer."""
    yield words[:PIECE_WORDS]
    for start in range(_STEP, len(words) - _STEP, _STEP):
        yield words[start : start + PIECE_WORDS]
