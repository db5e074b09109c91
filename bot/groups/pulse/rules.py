"""Pure decisions about check-ins: what may be shown of the answers, and when a group may be asked.

Whoever reads what is shown, knows these rules, and gave up to four of the answers themselves, can tell nobody
else's answer: docs/adr/0017 says why, and a test plays that reader.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import combinations, pairwise
from typing import Any

LEAST = 5
FEWEST_CHOICES = 3
HOURS = (2, 6, 12, 24)
# Not twice among the same people on the same day: two displays must not tell what one person changed.
REST = timedelta(hours=20)
TOLD_WITHIN = timedelta(days=2)
KEPT = timedelta(days=15)
WEEK = timedelta(days=7)
FEWEST_IN_PICTURE, MOST_IN_PICTURE = 2, 5  # more would not fit under a picture


@dataclass(frozen=True, slots=True)
class Block:
    """Answers that stand beside one another and are counted together; at least so many gave one of them."""

    choices: tuple[int, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What is shown. No blocks: nothing is shown apart; `enough`: that many answered all the same."""

    enough: bool
    blocks: tuple[Block, ...] = ()


def totals(counts: Sequence[int], veil: int) -> Totals:
    """What may be shown of so many answers each, in the order of the question. `veil` is 0 or 1, by lot.

    Each block has at least five answers beside another one that has, and is told in steps of five. The veil
    moves the steps by one, so that a step between two check-ins does not tell the answer of one person.
    """
    if sum(counts) < LEAST + veil:
        return Totals(enough=False)
    for cut in _cuts(len(counts)):
        numbers = [sum(counts[place] for place in block) - veil for block in cut]
        if min(numbers) >= LEAST:
            steps = [number // LEAST * LEAST for number in numbers]
            return Totals(True, tuple(Block(*each) for each in zip(cut, steps, strict=True)))
    return Totals(enough=True)


@cache
def _cuts(choices: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Every way to cut a row of answers into at least two blocks; the finest first."""
    inner = range(1, choices)
    places = [cut for many in range(choices - 1, 0, -1) for cut in combinations(inner, many)]
    return tuple(_blocks((0, *cut, choices)) for cut in places)


def _blocks(bounds: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(range(start, end)) for start, end in pairwise(bounds))


def to_data(shown: Totals) -> dict[str, Any]:
    """Totals as they are stored."""
    return {"enough": shown.enough, "blocks": [[list(b.choices), b.least] for b in shown.blocks]}


def from_data(data: dict[str, Any]) -> Totals:
    """The totals that `to_data` wrote; of nothing, nothing is shown."""
    blocks = tuple(Block(tuple(choices), least) for choices, least in data.get("blocks", ()))
    return Totals(data.get("enough", False), blocks)


def may_ask_from(last_opened: datetime | None) -> datetime | None:
    """From when a group may be asked again; None for at once, whenever that is."""
    return last_opened + REST if last_opened is not None else None


def choice_in(argument: str, choices: int) -> int | None:
    """Which answer a button names; None for no answer of the question."""
    return int(argument) if argument.isascii() and argument.isdigit() and int(argument) < choices else None


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """The first of these moments."""
    return min((moment for moment in moments if moment is not None), default=None)
