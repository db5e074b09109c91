"""Which languages a text may be in, by its words. A setting plays no part: people cry in any language."""

import tomllib
from collections.abc import Collection, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.escalation.screening.lexicon import LexiconUnusable

# So few words may hold none that tells; then every language is read.
_FEW_WORDS = 4
# A language with at least this share of the best one's words is read too: people mix languages.
_SHARE = 0.7


class Tongues:
    """The words that tell the languages from one another."""

    def __init__(self, telling: Mapping[str, Collection[str]]) -> None:
        self._names = tuple(telling)
        self._homes: dict[str, tuple[int, ...]] = {}
        for place, words in enumerate(telling.values()):
            for word in words:
                self._homes[word] = (*self._homes.get(word, ()), place)
        # A word that two languages share counts once for each, a word of one language alone twice.
        self._homes |= {word: homes * 2 for word, homes in self._homes.items() if len(homes) == 1}

    def of(self, words: Collection[str]) -> list[str]:
        """The languages worth reading, the likeliest first."""
        votes = [0] * len(self._names)
        said = set(words)
        for word in said:
            for place in self._homes.get(word, ()):
                votes[place] += 1
        best = max(votes)
        least = best * _SHARE if best > 1 or len(said) > _FEW_WORDS else 0
        likely = [place for place, vote in enumerate(votes) if vote >= least]
        likely.sort(key=votes.__getitem__, reverse=True)
        return [self._names[place] for place in likely]


def load_tongues(file: Traversable | Path) -> Tongues:
    """Read the words that tell. Raises LexiconUnusable with the file's name."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return Tongues({language: words.split() for language, words in table.items()})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError) as error:
        raise LexiconUnusable(f"{file.name}: {error}") from error
