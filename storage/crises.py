"""Crisis events: that a card was shown, when and by which way in. Never a word of what was written."""

from datetime import datetime

from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


class CrisisEvent(SQLModel, table=True):
    """One card. `source` is command, button or text; `tier` is urgent or gentle."""

    __tablename__ = "crisis_event"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    at: datetime
    source: str
    tier: str


async def record(session: AsyncSession, person_id: int, at: datetime, source: str, tier: str) -> None:
    """Record that a card was shown."""
    session.add(CrisisEvent(person_id=person_id, at=at, source=source, tier=tier))
