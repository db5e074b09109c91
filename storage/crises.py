"""Crisis events: that a card was shown, when and by which way in. Never a word of what was written."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG


class CrisisEvent(SQLModel, table=True):
    """One card. `source` is command, button or text; `tier` is urgent or gentle.

    `outlook` is "own", "dismissed" or "other"; `language` that of the card. `follow_up_at` is when the person
    is asked how it is now, null for never; `followed_up_at` when that was done.
    """

    __tablename__ = "crisis_event"

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    at: datetime
    source: str
    tier: str
    outlook: str = "own"
    language: str = "en"
    follow_up_at: datetime | None = None
    followed_up_at: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored event."""
        if self.id is None:
            raise ValueError("this event is not stored yet")
        return self.id


async def since(session: AsyncSession, person_id: int, instant: datetime) -> list[CrisisEvent]:
    """A person's events after an instant, newest first."""
    query = (
        select(CrisisEvent)
        .where(CrisisEvent.person_id == person_id, CrisisEvent.at > instant)
        .order_by(col(CrisisEvent.at).desc(), col(CrisisEvent.id).desc())
    )
    return list(await session.exec(query))


async def awaiting(session: AsyncSession, person_ids: Sequence[int]) -> list[CrisisEvent]:
    """The events of several people that are still to be followed up."""
    query = select(CrisisEvent).where(
        col(CrisisEvent.person_id).in_(person_ids),
        col(CrisisEvent.follow_up_at).is_not(None),
        col(CrisisEvent.followed_up_at).is_(None),
    )
    return list(await session.exec(query))


async def last_follow_ups(session: AsyncSession, person_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of several people was last asked how it is; those who never were are left out."""
    query = (
        select(col(CrisisEvent.person_id), func.max(CrisisEvent.followed_up_at))
        .where(col(CrisisEvent.person_id).in_(person_ids), col(CrisisEvent.followed_up_at).is_not(None))
        .group_by(col(CrisisEvent.person_id))
    )
    return {person_id: at for person_id, at in await session.exec(query) if at is not None}


async def owned(session: AsyncSession, person_id: int, event_id: int) -> CrisisEvent | None:
    """An event, if it is this person's."""
    query = select(CrisisEvent).where(CrisisEvent.id == event_id, CrisisEvent.person_id == person_id)
    return (await session.exec(query)).first()


async def asked_since(session: AsyncSession, person_id: int, instant: datetime) -> list[int]:
    """The events for which a person was asked after an instant."""
    mine = (CrisisEvent.person_id == person_id, col(CrisisEvent.followed_up_at) > instant)
    return [key for key in await session.exec(select(CrisisEvent.id).where(*mine)) if key is not None]


async def take_back_question(session: AsyncSession, event_id: int) -> int | None:
    """A question never reached whom it asked: its events, of which this is one, wait for another.

    Whose they are; None when they were not asked for.
    """
    event = await session.get(CrisisEvent, event_id)
    if event is None or event.followed_up_at is None:
        return None
    whose, asked_at = event.person_id, event.followed_up_at
    together = (col(CrisisEvent.person_id) == whose, col(CrisisEvent.followed_up_at) == asked_at)
    await session.exec(update(CrisisEvent).where(*together).values(followed_up_at=None))
    return whose
