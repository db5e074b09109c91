"""A person who arrives: rows that have no keys yet, and what is to be sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row with content that is to be sealed."""

    row: Row
    content: Any


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a regimen, with the words that are to be sealed, its steps, and its number in the file."""

    row: Row
    name: str
    amount: str
    steps: Sequence[Sealed]
    was: int


@dataclass(frozen=True, slots=True)
class Medicine:
    """A regimen with its versions, and its stock if that was counted."""

    row: Row
    versions: Sequence[Version]
    stock: Sealed | None


@dataclass(frozen=True, slots=True)
class KeptDose:
    """A dose that has ended, or that no planning would bring back; the version it is of, events and notes.

    It and its events are sealed with the name of the helper who recorded them, or None.
    """

    dose: Sealed
    version: int
    events: Sequence[Sealed]
    notes: Sequence[Sealed]

    @property
    def row(self) -> Row:
        """The dose itself."""
        return self.dose.row


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person with everything that is kept about them. `left_at` is when the data was handed over."""

    person: Row
    left_at: datetime
    consents: Sequence[Row]
    medicines: Sequence[Medicine]
    doses: Sequence[KeptDose]
    checkins: Sequence[Sealed]
    questionnaires: Sequence[Sealed]
    declared: Sequence[Sealed]
    notices: Sequence[Sealed]
    care_team: Sequence[Mapping[str, Any]]
    care_file: Sealed | None
    crises: Sequence[Row]
    safety_plan: Sealed | None

    @property
    def address(self) -> tuple[str, str, str]:
        """Platform, account and reference: where the person talks."""
        return self.person["platform"], self.person["account"], self.person["ref"]
