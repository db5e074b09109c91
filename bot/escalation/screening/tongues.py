"""Which languages a text may be in, by its words. A setting plays no part: people cry in any language."""

from collections.abc import Collection, Mapping

# A text of so few words may hold none that tells: with fewer than two such words, every language is read.
_FEW_WORDS = 4
# A language with at least this share of the best one's words is read too: people mix languages.
_SHARE = 0.7
# A word that more languages share does not tell.
_MOST_HOMES = 2


class Tongues:
    """The words that tell one language from the others."""

    def __init__(self, vocabularies: Mapping[str, Collection[str]]) -> None:
        homes: dict[str, int] = {}
        for words in vocabularies.values():
            for word in words:
                homes[word] = homes.get(word, 0) + 1
        self._telling = {
            language: frozenset(word for word in words if homes[word] <= _MOST_HOMES)
            for language, words in vocabularies.items()
        }

    def of(self, words: Collection[str]) -> list[str]:
        """The languages worth reading, the likeliest first. With hardly a word that tells: all of them."""
        said = frozenset(words)
        votes = {language: len(said & telling) for language, telling in self._telling.items()}
        best = max(votes.values())
        least = best * _SHARE if best > 1 or len(said) > _FEW_WORDS else 0
        return sorted((name for name in votes if votes[name] >= least), key=lambda name: -votes[name])
