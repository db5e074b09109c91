"""Lapses: what a person shared and that was undone when a backup was put back, until they were told."""

from collections.abc import Collection, Sequence
from typing import ClassVar

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED, word
from storage.vocabulary import Scope


class Lapse(SQLModel, table=True):
    """One thing that is undone. How it stands when the person is told is read where it stands.

    With `scope` that scope of the bond, without it the bond as a whole; without `bond_id` an invitation.
    """

    __tablename__: ClassVar[str] = "lapse"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    bond_id: int | None = Field(default=None, foreign_key="bond.id", index=True, sa_type=LONG)
    scope: Scope | None = Field(default=None, sa_type=word(Scope))


async def of_people(session: AsyncSession, person_ids: Collection[int]) -> list[Lapse]:
    """What these people were not told yet, in the order in which it was undone."""
    query = select(Lapse).where(col(Lapse.person_id).in_(person_ids)).order_by(col(Lapse.id))
    return list(await session.exec(query))


async def forget(session: AsyncSession, person_ids: Sequence[int]) -> None:
    """These people are told, in this transaction."""
    await session.exec(delete(Lapse).where(col(Lapse.person_id).in_(person_ids)))
