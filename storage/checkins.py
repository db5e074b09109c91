"""Check-ins: the brief daily question, its half-done and finished answers, sealed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED, word
from storage.vocabulary import CheckinForm, CheckinState


class Checkin(SQLModel, table=True):
    """One check-in of one local day. `answers_sealed` is JSON of item → 0..10.

    `earlier_sealed` holds the answers of a finished check-in while it is being answered again.
    """

    __tablename__ = "checkin"
    __table_args__ = (UniqueConstraint("person_id", "day"), NEVER_REUSED)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", sa_type=LONG)
    day: date
    form: CheckinForm = Field(default=CheckinForm.FULL, sa_type=word(CheckinForm))
    state: CheckinState = Field(default=CheckinState.OPEN, sa_type=word(CheckinState))
    asked_at: datetime
    expires_at: datetime
    done_at: datetime | None = None
    answers_sealed: bytes | None = None
    earlier_sealed: bytes | None = None

    @property
    def key(self) -> int:
        """The id of a stored check-in."""
        if self.id is None:
            raise ValueError("this check-in is not stored yet")
        return self.id


async def owned(session: AsyncSession, person_id: int, checkin_id: int) -> Checkin | None:
    """A check-in, if it is this person's."""
    query = select(Checkin).where(Checkin.id == checkin_id, Checkin.person_id == person_id)
    return (await session.exec(query)).first()


async def of_day(session: AsyncSession, person_id: int, day: date) -> Checkin | None:
    """The check-in of one local day."""
    query = select(Checkin).where(Checkin.person_id == person_id, Checkin.day == day)
    return (await session.exec(query)).first()


async def open_of_people(session: AsyncSession, person_ids: list[int]) -> list[Checkin]:
    """The open check-ins of several people."""
    query = select(Checkin).where(col(Checkin.person_id).in_(person_ids), Checkin.state == CheckinState.OPEN)
    return list(await session.exec(query))


async def days_of_people(session: AsyncSession, person_ids: list[int], since: date) -> set[tuple[int, date]]:
    """Which people already have a check-in on which day, from `since` on."""
    query = select(col(Checkin.person_id), col(Checkin.day)).where(
        col(Checkin.person_id).in_(person_ids), Checkin.day >= since
    )
    return {(person_id, day) for person_id, day in await session.exec(query)}


async def between(session: AsyncSession, person_id: int, first: date, last: date) -> list[Checkin]:
    """A person's check-ins from `first` to `last`, both included, oldest first."""
    query = (
        select(Checkin)
        .where(Checkin.person_id == person_id, col(Checkin.day).between(first, last))
        .order_by(col(Checkin.day))
    )
    return list(await session.exec(query))


class CheckinSeen(NamedTuple):
    """What the answers of a check-in are read from."""

    person_id: int
    day: date
    state: CheckinState
    answers_sealed: bytes | None


async def answers_of_people(session: AsyncSession, person_ids: Sequence[int]) -> list[CheckinSeen]:
    """The answers of several people, oldest first. Whole rows would cost too much for years of them."""
    query = (
        select(col(Checkin.person_id), col(Checkin.day), col(Checkin.state), col(Checkin.answers_sealed))
        .where(col(Checkin.person_id).in_(person_ids))
        .order_by(col(Checkin.day))
    )
    return [CheckinSeen(*row) for row in await session.exec(query)]


async def answers_since(session: AsyncSession, person_ids: Sequence[int], since: date) -> list[CheckinSeen]:
    """The answers of several people from a day on, oldest first."""
    query = (
        select(col(Checkin.person_id), col(Checkin.day), col(Checkin.state), col(Checkin.answers_sealed))
        .where(col(Checkin.person_id).in_(person_ids), Checkin.day >= since)
        .order_by(col(Checkin.day))
    )
    return [CheckinSeen(*row) for row in await session.exec(query)]


async def answered_of_people(
    session: AsyncSession, person_ids: Sequence[int], since: date
) -> list[tuple[int, date, bool]]:
    """Who was asked on which day, from `since` on, and whether anything was answered; nothing is opened."""
    answered = col(Checkin.answers_sealed).is_not(None)
    query = select(col(Checkin.person_id), col(Checkin.day), answered).where(
        col(Checkin.person_id).in_(person_ids), Checkin.day >= since
    )
    return list(await session.exec(query))
