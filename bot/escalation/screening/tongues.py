"""Which languages a text may be in, by its words. A setting plays no part: people cry in any language."""

import tomllib
from collections import Counter
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
        homes = Counter(word for words in telling.values() for word in words)
        self._telling = {language: frozenset(words) for language, words in telling.items()}
        self._alone = {
            language: frozenset(word for word in words if homes[word] == 1)
            for language, words in telling.items()
        }

    def of(self, words: Collection[str]) -> list[str]:
        """The languages worth reading, the likeliest first."""
        said = frozenset(words)
        # A word that two languages share counts once, a word of one language alone twice.
        votes = {
            language: len(said & telling) + len(said & self._alone[language])
            for language, telling in self._telling.items()
        }
        best = max(votes.values())
        least = best * _SHARE if best > 1 or len(said) > _FEW_WORDS else 0
        return sorted((name for name in votes if votes[name] >= least), key=lambda name: -votes[name])


def load_tongues(file: Traversable | Path) -> Tongues:
    """Read the words that tell. Raises LexiconUnusable with the file's name."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return Tongues({language: words.split() for language, words in table.items()})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError) as error:
        raise LexiconUnusable(f"{file.name}: {error}") from error
