"""Many cries made from few, the same ones every time: capitals, lost accents, slips of the finger."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.drill.cries import cries
from bot.escalation.screening.screen import Tier, screen

SEED = 20_261_124


@dataclass(frozen=True, slots=True)
class Cry:
    """A text that the screen calls urgent, and its language; or a call for the guide for helpers."""

    text: str
    language: str
    guide: bool = False


def _plain(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    )


def _swapped(text: str) -> str:
    """Two letters in the middle of the longest word change places."""
    word = max(text.split(), key=len)
    middle = len(word) // 2
    slip = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return text.replace(word, slip, 1)


WAYS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    str.lower,
    str.upper,
    str.title,
    lambda text: _plain(text.lower()),
    lambda text: text + "...",
    lambda text: text.lower() + " 😔",
    lambda text: text[:-1] + text[-1] * 4,
    lambda text: text.lower().replace(" ", "  ").replace("'", ""),
    lambda text: "\n".join(text.split(", ")) + ".",
    _swapped,
)


def candidates() -> list[Cry]:
    """Every text in every way of writing it."""
    written = {(way(text), language) for language, texts in cries().items() for text in texts for way in WAYS}
    return [Cry(text, language) for text, language in sorted(written)]


def variants(count: int) -> list[Cry]:
    """`count` cries in every language, in an order that looks like chance and is always the same.

    A drill asks whether the answer comes, not whether the screen understands: what it does not call urgent,
    or whose language it is not sure of, is left out.
    """
    heard = [cry for cry in candidates() if _understood(cry)]
    random.Random(SEED).shuffle(heard)
    if len(heard) < count:
        raise ValueError(f"there are only {len(heard)} cries")
    return heard[:count]


def worried(count: int) -> list[Cry]:
    """`count` people who ask how to help somebody else."""
    return [Cry("/worried", "en", guide=True)] * count


def _understood(cry: Cry) -> bool:
    finding = screen(cry.text)
    return finding.tier is Tier.URGENT and finding.language == cry.language and finding.sure
