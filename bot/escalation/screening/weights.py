"""Weighed words: how heavily each word, pair of words and sign of one language speaks, in whole numbers.

Rules catch what is said plainly; what is said indirectly is said in a thousand ways, of which no list holds
more than half. So the words themselves are weighed. The numbers come from the phrase sets for making
(`python -m tests.escalation.weigh` computes them anew) and stand in data files that can be read and changed.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path

from bot.escalation.screening.lexicon import EDGE, LexiconUnusable

# A long text is weighed piece by piece, so that many everyday words cannot hide or make up a cry.
PIECE_WORDS = 40
_STEP = PIECE_WORDS // 2


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one language, in hundredths: what each term says of despair, and of an open wish to die.

    A text whose sums reach `heavy_at` is gentle, `plain_at` urgent. Words alone make a text urgent only when
    one of `anchors` is among them: a word that stands in plain wishes far more often than anywhere else.
    """

    language: str
    of: Mapping[str, tuple[int, int]]
    heavy_at: int
    plain_at: int
    anchors: frozenset[str]

    def weigh(self, words: Sequence[str], signs: Iterable[str]) -> tuple[int, int]:
        """The two sums of the heaviest piece of a text: its words, EDGE after each sentence, its signs."""
        told = [f"<{sign}>" for sign in signs]
        if len(words) <= PIECE_WORDS:
            return self._sums({*terms(words), *told})
        sums = [self._sums({*terms(piece), *told}) for piece in _pieces(words)]
        return max(heavy for heavy, _ in sums), max(plain for _, plain in sums)

    def _sums(self, found: set[str]) -> tuple[int, int]:
        heavy = plain = 0
        for weight in filter(None, map(self.of.get, found)):
            heavy += weight[0]
            plain += weight[1]
        return heavy, plain


def terms(words: Sequence[str]) -> list[str]:
    """What is weighed: each word, and each pair of neighbours within a sentence."""
    pairs = [f"{word} {after}" for word, after in pairwise(words) if EDGE not in (word, after)]
    return [word for word in words if word != EDGE] + pairs


def load_weights(file: Traversable | Path) -> Weights:
    """Read the weights of one language. Raises LexiconUnusable with the file's name."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        heavy, plain = _numbers(table["heavy"]), _numbers(table["plain"])
        both = {term: (heavy.get(term, 0), plain.get(term, 0)) for term in heavy.keys() | plain.keys()}
        anchors = frozenset(table["anchors"].split())
        return Weights(table["language"], both, int(table["heavy_at"]), int(table["plain_at"]), anchors)
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        KeyError,
        ValueError,
        AttributeError,
    ) as error:
        raise LexiconUnusable(f"{file.name}: {error}") from error


def _numbers(table: Mapping[str, str]) -> dict[str, int]:
    """Terms by weight: the file groups them, one line for each number, separated by commas."""
    return {term: int(number) for number, line in table.items() for term in line.split(", ")}


def _pieces(words: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(words) - _STEP, _STEP):
        yield words[start : start + PIECE_WORDS]
