"""Which patterns are worth a search in a text: those of whose words the text holds enough.

A lexicon holds more than a thousand patterns and a text a dozen words. A set of patterns is one number with a
bit for each, so that nearly all of them are passed over by a few "or" and "and".
"""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

Codes = frozenset[str]


class Hung(NamedTuple, Generic[T]):
    """An item, and what a text must hold for it: at least one word out of each set, the rarest set first."""

    needs: tuple[Codes, ...]
    item: T


class Hooks(Generic[T]):
    """Items by their three rarest needs, in the order in which they were hung; a search tells of others."""

    def __init__(self, hung: Iterable[Hung[T]]) -> None:
        self.hung: Sequence[Hung[T]] = list(hung)
        # For each need, the items that have none such; and by word, the items whose need it meets.
        free, met = [0, 0, 0], dict[str, list[int]]()
        alike: list[dict[Codes, int]] = [{}, {}, {}]  # most sets are needed by many items
        for place, (needs, _) in enumerate(self.hung):
            for number in range(3):
                if number < len(needs):
                    alike[number][needs[number]] = alike[number].get(needs[number], 0) | 1 << place
                else:
                    free[number] |= 1 << place
        for number, sets in enumerate(alike):
            for codes, items in sets.items():
                for code in codes:
                    met.setdefault(code, [0, 0, 0])[number] |= items
        self._free = tuple(free)
        self._met = {code: tuple(each) for code, each in met.items()}
        self._codes = frozenset(self._met)

    def at_hand(self, said: Codes) -> list[T]:
        """The items that a text of these words may hold, in order."""
        first, second, third = self._free
        for code in said & self._codes:
            one, two, three = self._met[code]
            first |= one
            second |= two
            third |= three
        left, found = first & second & third, list[T]()
        while left:
            lowest = left & -left
            found.append(self.hung[lowest.bit_length() - 1].item)
            left ^= lowest
        return found
