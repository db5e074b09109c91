"""Questionnaires: half-done and finished answers to a validated scale, sealed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED, word
from storage.vocabulary import CheckinState


class Questionnaire(SQLModel, table=True):
    """One questionnaire. `instrument` and `version` say which words were asked.

    `answers_sealed` is JSON: the answers so far, in the order of the items.
    """

    __tablename__ = "questionnaire"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    instrument: str
    version: str
    state: CheckinState = Field(default=CheckinState.OPEN, sa_type=word(CheckinState))
    asked_at: datetime
    expires_at: datetime
    done_at: datetime | None = None
    answers_sealed: bytes | None = None

    @property
    def key(self) -> int:
        """The id of a stored questionnaire."""
        if self.id is None:
            raise ValueError("this questionnaire is not stored yet")
        return self.id


async def owned(session: AsyncSession, person_id: int, key: int) -> Questionnaire | None:
    """A questionnaire, if it is this person's."""
    query = select(Questionnaire).where(Questionnaire.id == key, Questionnaire.person_id == person_id)
    return (await session.exec(query)).first()


async def open_of_people(session: AsyncSession, person_ids: Sequence[int]) -> list[Questionnaire]:
    """The open questionnaires of several people, oldest first."""
    query = (
        select(Questionnaire)
        .where(col(Questionnaire.person_id).in_(person_ids), col(Questionnaire.state) == CheckinState.OPEN)
        .order_by(col(Questionnaire.id))
    )
    return list(await session.exec(query))


async def last_asked(session: AsyncSession, person_ids: Sequence[int]) -> dict[int, datetime]:
    """When each of several people was last asked; those who never were are left out."""
    query = (
        select(col(Questionnaire.person_id), func.max(Questionnaire.asked_at))
        .where(col(Questionnaire.person_id).in_(person_ids))
        .group_by(col(Questionnaire.person_id))
    )
    return {person_id: at for person_id, at in await session.exec(query) if at is not None}


async def done_of_people(session: AsyncSession, person_ids: Sequence[int]) -> list[Questionnaire]:
    """The finished questionnaires of several people, in the order in which they were finished."""
    query = (
        select(Questionnaire)
        .where(col(Questionnaire.person_id).in_(person_ids), col(Questionnaire.state) == CheckinState.DONE)
        .order_by(col(Questionnaire.done_at), col(Questionnaire.id))
    )
    return list(await session.exec(query))
