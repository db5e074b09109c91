"""Dose events: what happened to a dose, written down once and never changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG
from storage.doses import Dose
from storage.sealing import Sealer


class DoseEvent(SQLModel, table=True):
    """An append-only fact about a dose: reminded, snoozed, taken, skipped, missed, unknown, undone."""

    __tablename__ = "dose_event"

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    dose_id: int = Field(foreign_key="dose.id", index=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    kind: str
    at: datetime
    detail: str | None = None
    recorded_by_sealed: bytes | None = None


def seal_recorder(sealer: Sealer, name: str) -> bytes:
    """The name of who recorded a dose for somebody, sealed with the key of whose dose it is."""
    return sealer.seal(Dose.__tablename__, "recorded_by_sealed", name)


def open_recorder(sealer: Sealer, row: Dose | DoseEvent) -> str | None:
    """Who recorded it for the person; None for whatever they did themselves."""
    sealed = row.recorded_by_sealed
    return sealer.open(Dose.__tablename__, "recorded_by_sealed", sealed) if sealed is not None else None


class Fact(NamedTuple):
    """An event of a dose to be written."""

    dose_id: int
    person_id: int
    kind: str
    at: datetime
    detail: str | None = None
    recorded_by_sealed: bytes | None = None


_NEW_FACTS = insert(SQLModel.metadata.tables["dose_event"])


async def add(session: AsyncSession, facts: Iterable[Fact]) -> None:
    """Append facts about doses, set at a time."""
    rows = [fact._asdict() for fact in facts]
    if rows:
        await (await session.connection()).execute(_NEW_FACTS, rows)
