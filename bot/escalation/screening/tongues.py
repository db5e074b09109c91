"""Which languages a text may be in, by its words. A setting plays no part: people cry in any language."""

import tomllib
from collections.abc import Collection, Mapping
from importlib.resources.abc import Traversable
from itertools import repeat
from pathlib import Path

from bot.escalation.screening.lexicon import LexiconUnusable

# So few words may hold none that tells; then every language is read.
_FEW_WORDS = 4
# A language with at least this share of the best one's words is read too: people mix languages.
_SHARE = 0.5
_WELL = 0.7
_BITS = 32
_MOST = (1 << _BITS) - 1


class Tongues:
    """The words that tell the languages from one another."""

    def __init__(self, telling: Mapping[str, Collection[str]]) -> None:
        self._names = tuple(telling)
        # A word's votes stand in one number, _BITS for each language, so that a text's votes are a sum.
        self._votes: dict[str, int] = {}
        homes: dict[str, list[int]] = {}
        for place, words in enumerate(telling.values()):
            for word in words:
                homes.setdefault(word, []).append(place)
        for word, places in homes.items():
            # A word that two languages share counts once for each, a word of one language alone twice.
            self._votes[word] = sum((3 - min(len(places), 2)) << (_BITS * place) for place in places)

    def of(self, words: Collection[str]) -> list[tuple[str, bool]]:
        """The languages worth reading, the likeliest first, and whether a text may well be in it.

        In the others the rules alone are to be believed: words of one language weigh nothing in another.
        """
        said = set(words)
        together = sum(map(self._votes.get, said, repeat(0)))
        votes = [together >> (_BITS * place) & _MOST for place in range(len(self._names))]
        best = max(votes)
        least = best * _SHARE if best > 1 or len(said) > _FEW_WORDS else 0
        likely = [place for place, vote in enumerate(votes) if vote >= least]
        likely.sort(key=votes.__getitem__, reverse=True)
        return [(self._names[place], votes[place] >= best * _WELL) for place in likely]


def load_tongues(file: Traversable | Path) -> Tongues:
    """Read the words that tell. Raises LexiconUnusable with the file's name."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return Tongues({language: words.split() for language, words in table.items()})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError) as error:
        raise LexiconUnusable(f"{file.name}: {error}") from error
