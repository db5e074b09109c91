"""The open dialog of a person: one row with a revision, its collected answers sealed."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG


class OpenDialog(SQLModel, table=True):
    """Which dialog is open, at which step, with what was collected so far (`place_sealed`: JSON)."""

    __tablename__ = "open_dialog"

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=LONG)
    name: str
    step: str
    revision: int
    place_sealed: bytes
    moved_at: datetime


async def of_person(session: AsyncSession, person_id: int) -> OpenDialog | None:
    """The open dialog of a person."""
    return (await session.exec(select(OpenDialog).where(OpenDialog.person_id == person_id))).first()


async def close(session: AsyncSession, person_id: int) -> None:
    """Forget the open dialog of a person."""
    await session.exec(delete(OpenDialog).where(col(OpenDialog.person_id) == person_id))
