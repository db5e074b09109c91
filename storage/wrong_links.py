"""Wrong links: who opened invitations that are none, so that nobody can try many."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import delete, func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG


class WrongLink(SQLModel, table=True):
    """One try."""

    __tablename__: ClassVar[str] = "wrong_link"

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    at: datetime


async def since(session: AsyncSession, person_id: int, instant: datetime) -> int:
    """How often somebody tried since an instant."""
    query = select(func.count()).where(WrongLink.person_id == person_id, WrongLink.at > instant)
    return (await session.exec(query)).one()


async def forget_before(session: AsyncSession, instant: datetime) -> None:
    """Tries that no longer count."""
    await session.exec(delete(WrongLink).where(col(WrongLink.at) < instant))
