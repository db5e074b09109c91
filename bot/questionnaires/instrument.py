"""Instruments: validated scales, word for word and versioned, read once when the program starts."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Instrument:
    """One scale. Each item is answered by the number of one of `choices`, from 0.

    `crisis_item` is the place of the item about death, from 0; None where there is none.
    """

    key: str
    name: str
    version: str
    notice: str
    lead: str
    choices: tuple[str, ...]
    items: tuple[str, ...]
    crisis_item: int | None

    @property
    def highest(self) -> int:
        """The highest sum."""
        return len(self.items) * (len(self.choices) - 1)


def _read(key: str) -> Instrument:
    text = (files("bot.questionnaires") / "instruments" / f"{key}.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    crisis = table.get("crisis_item")
    return Instrument(
        key=key,
        name=table["name"],
        version=table["version"],
        notice=table["notice"],
        lead=table["lead"],
        choices=tuple(table["choices"]),
        items=tuple(table["items"]),
        crisis_item=None if crisis is None else int(crisis) - 1,
    )


# In the order in which they are offered.
INSTRUMENTS = {key: _read(key) for key in ("phq9", "phq8", "phq2")}


def next_item(instrument: Instrument, answers: Sequence[int]) -> int | None:
    """The place of the first item without an answer; None when all have one."""
    return len(answers) if len(answers) < len(instrument.items) else None
