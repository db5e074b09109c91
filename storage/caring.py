"""Caring: whom somebody cares for. The caregiver's side; it never shows what became of the bond."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from sqlalchemy import exists, or_, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bonds import Bond
from storage.columns import LONG, NEVER_REUSED
from storage.people import Person
from storage.sealing import Sealer
from storage.vocabulary import PersonState


class Caring(SQLModel, table=True):
    """Somebody cared for, under the caregiver's own name for them, sealed with the caregiver's key.

    `bond_id` is null once the other one was erased; nothing else changes here then. `tellings`: how often
    they told something since `telling_since`, whatever became of it.
    """

    __tablename__: ClassVar[str] = "caring"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    caregiver_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    bond_id: int | None = Field(default=None, foreign_key="bond.id", index=True, sa_type=LONG)
    name_sealed: bytes
    since: datetime
    ended_at: datetime | None = None
    telling_since: datetime | None = None
    tellings: int = Field(default=0, sa_column_kwargs={"server_default": "0"})

    @property
    def key(self) -> int:
        """The id of a stored row."""
        if self.id is None:
            raise ValueError("this row is not stored yet")
        return self.id


def seal_name(sealer: Sealer, name: str) -> bytes:
    """What the caregiver calls the person, sealed with the caregiver's key."""
    return sealer.seal(Caring.__tablename__, "name_sealed", name)


def open_name(sealer: Sealer, row: Caring) -> str:
    """What the caregiver calls the person."""
    return sealer.open(Caring.__tablename__, "name_sealed", row.name_sealed)


async def of_caregiver(session: AsyncSession, caregiver_id: int) -> list[Caring]:
    """Whom somebody cares for, oldest first; not whom they left."""
    query = select(Caring).where(Caring.caregiver_id == caregiver_id, col(Caring.ended_at).is_(None))
    return list(await session.exec(query.order_by(col(Caring.id))))


async def owned(session: AsyncSession, caregiver_id: int, key: int) -> Caring | None:
    """A row, if it is this caregiver's and they have not left."""
    query = select(Caring).where(Caring.id == key, Caring.caregiver_id == caregiver_id)
    return (await session.exec(query.where(col(Caring.ended_at).is_(None)))).first()


async def of_bonds(session: AsyncSession, bond_ids: Collection[int]) -> dict[int, Caring]:
    """The caregivers' sides of several bonds, by bond; whoever has left is not among them."""
    query = select(Caring).where(col(Caring.bond_id).in_(bond_ids), col(Caring.ended_at).is_(None))
    return {row.bond_id: row for row in await session.exec(query) if row.bond_id is not None}


async def enter(
    session: AsyncSession, caregiver_id: int, bond: Bond, name_sealed: bytes, now: datetime
) -> None:
    """Somebody agreed, and this bond is theirs: who cares for the person already keeps one entry, renamed."""
    with_them = select(Bond.id).where(Bond.person_id == bond.person_id, Bond.caregiver_id == caregiver_id)
    theirs = (col(Caring.caregiver_id) == caregiver_id, col(Caring.bond_id).in_(with_them))
    entry = update(Caring).where(*theirs, col(Caring.ended_at).is_(None))
    entry = entry.values(bond_id=bond.key, name_sealed=name_sealed)
    if not (await session.exec(entry.returning(col(Caring.id)))).all():
        row = Caring(caregiver_id=caregiver_id, bond_id=bond.key, name_sealed=name_sealed, since=now)
        session.add(row)


async def let_go(session: AsyncSession, person_id: int) -> None:
    """A person is erased: whoever cares for them keeps their own words, and a bond to nobody."""
    theirs = select(Bond.id).where(Bond.person_id == person_id)
    await session.exec(update(Caring).where(col(Caring.bond_id).in_(theirs)).values(bond_id=None))


async def guests_of_nobody(session: AsyncSession, before: datetime) -> list[int]:
    """Guests who have cared for nobody since `before`: nothing ties them to the house."""
    lately = or_(col(Caring.ended_at).is_(None), col(Caring.ended_at) >= before)
    tied = exists().where(col(Caring.caregiver_id) == col(Person.id), lately)
    query = select(Person.id).where(Person.state == PersonState.GUEST, Person.created_at < before, ~tied)
    return [found for found in await session.exec(query) if found is not None]
