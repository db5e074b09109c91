"""Check-ins of groups. Answers live while one is open, under hashes with a key that dies at its close."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, LargeBinary, and_, delete, false, func, or_, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import timers
from storage.columns import LONG, NEVER_REUSED, word
from storage.timers import Setting
from storage.vocabulary import PulseState

ROOM = "groups"  # whose timer looks at them


class PulsePlan(SQLModel, table=True):
    """When a group is asked, what, and when the picture of its week comes.

    `question` is the key of one; None is all in turn, of which `asked` were asked so far. `hours`: how long
    it can be answered. `timing` and `picture_timing` are the scheduler's data, None for never. `wanted`: an
    admin wants it asked now. `looked_until` is the instant up to which the slots of both were looked at.
    """

    __tablename__ = "pulse_plan"

    group_id: int = Field(primary_key=True, foreign_key="support_group.id", sa_type=LONG)
    question: str | None = None
    hours: int = Field(default=12, sa_column_kwargs={"server_default": "12"})
    timing: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    picture_timing: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    wanted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    asked: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    looked_until: datetime


class Pulse(SQLModel, table=True):
    """One check-in. `key_sealed`: the key of its hashes, sealed with the group's; gone once it is closed.

    `shown` is what was decided to be shown, once it is closed; how many gave which answer is not kept.
    `told`: that was said in the group, or never will be. `lost`: the message that asked is not there now.
    """

    __tablename__ = "pulse"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    group_id: int = Field(foreign_key="support_group.id", sa_type=LONG, index=True)
    question: str
    opened_at: datetime
    closes_at: datetime
    state: PulseState = Field(default=PulseState.OPEN, sa_type=word(PulseState))
    key_sealed: bytes | None = None
    shown: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    told: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    lost: bool = Field(default=False, sa_column_kwargs={"server_default": false()})

    @property
    def key(self) -> int:
        """The id of a stored check-in."""
        if self.id is None:
            raise ValueError("this check-in is not stored yet")
        return self.id


class PulseAnswer(SQLModel, table=True):
    """One answer in an open check-in; whose it is can be told with the key of that check-in alone."""

    __tablename__ = "pulse_answer"

    pulse_id: int = Field(primary_key=True, foreign_key="pulse.id", sa_type=LONG)
    member_hash: bytes = Field(sa_column=Column(LargeBinary(32), primary_key=True))
    choice: int


def about(pulse_id: int) -> str:
    """What the messages of a check-in speak of."""
    return f"pulse:{pulse_id}"


def pulse_in(about_what: str | None) -> int | None:
    """The id of the check-in of which a message speaks; None for anything else."""
    kind, _, number = (about_what or "").partition(":")
    return int(number) if kind == "pulse" and number.isdigit() else None


async def plans(session: AsyncSession, group_ids: Collection[int]) -> dict[int, PulsePlan]:
    """What is planned, by group id."""
    found = await session.exec(select(PulsePlan).where(col(PulsePlan.group_id).in_(group_ids)))
    return {plan.group_id: plan for plan in found}


async def pending(session: AsyncSession, group_ids: Collection[int]) -> dict[int, list[Pulse]]:
    """The check-ins of these groups about which something is left to do, by group id, oldest first."""
    left = or_(col(Pulse.state) == PulseState.OPEN, col(Pulse.told).is_(False))
    query = select(Pulse).where(col(Pulse.group_id).in_(group_ids), left).order_by(col(Pulse.id))
    found: dict[int, list[Pulse]] = {group_id: [] for group_id in group_ids}
    for pulse in await session.exec(query):
        found[pulse.group_id].append(pulse)
    return found


async def find(session: AsyncSession, group_id: int, pulse_id: int) -> Pulse | None:
    """A check-in, if it is one of this group."""
    query = select(Pulse).where(Pulse.id == pulse_id, Pulse.group_id == group_id)
    return (await session.exec(query)).first()


async def last_opened(session: AsyncSession, group_id: int) -> datetime | None:
    """When a group was last asked; None when that is long ago."""
    query = select(func.max(col(Pulse.opened_at))).where(col(Pulse.group_id) == group_id)
    return (await session.exec(query)).first()


async def next_close(session: AsyncSession, group_id: int) -> datetime | None:
    """When the open check-in of a group closes; None when none is open."""
    still = (col(Pulse.group_id) == group_id, col(Pulse.state) == PulseState.OPEN)
    return (await session.exec(select(func.min(col(Pulse.closes_at))).where(*still))).first()


async def closed_between(
    session: AsyncSession, group_id: int, after: datetime, until: datetime
) -> Sequence[Pulse]:
    """The closed check-ins of a group that were to close in a span, oldest first."""
    when = (col(Pulse.closes_at) > after, col(Pulse.closes_at) <= until)
    mine = (col(Pulse.group_id) == group_id, col(Pulse.state) == PulseState.CLOSED)
    return (await session.exec(select(Pulse).where(*mine, *when).order_by(col(Pulse.id)))).all()


async def answer(session: AsyncSession, pulse: Pulse, member_hash: bytes, choice: int) -> None:
    """Keep an answer, or another one in its place."""
    mine = PulseAnswer(pulse_id=pulse.key, member_hash=member_hash, choice=choice)
    await session.merge(mine)


async def take_back(session: AsyncSession, pulse: Pulse, member_hash: bytes) -> None:
    """Delete an answer, if there is one."""
    mine = (col(PulseAnswer.pulse_id) == pulse.key, col(PulseAnswer.member_hash) == member_hash)
    await session.exec(delete(PulseAnswer).where(*mine))


async def close(session: AsyncSession, pulse: Pulse, choices: int) -> list[int]:
    """How many gave each of so many answers. With that the answers and their key are deleted."""
    mine = col(PulseAnswer.pulse_id) == pulse.key
    query = select(PulseAnswer.choice, func.count()).where(mine).group_by(col(PulseAnswer.choice))
    counts = dict((await session.exec(query)).all())
    await session.exec(delete(PulseAnswer).where(mine))
    pulse.state, pulse.key_sealed = PulseState.CLOSED, None
    session.add(pulse)
    return [counts.get(number, 0) for number in range(choices)]


async def lose(session: AsyncSession, pulse_ids: Collection[int]) -> None:
    """The messages of these check-ins are not there; their groups are looked at soon."""
    await _lose(session, col(Pulse.id).in_(pulse_ids))


async def lose_in(session: AsyncSession, group_id: int, unchanged: Collection[str]) -> None:
    """A group went elsewhere, and what was said before stayed behind; likewise.

    `unchanged`: things of which something was said and still to be changed there.
    """
    ids = [key for about in unchanged if (key := pulse_in(about)) is not None]
    left = or_(col(Pulse.state) == PulseState.OPEN, col(Pulse.told).is_(False), col(Pulse.id).in_(ids))
    await _lose(session, and_(col(Pulse.group_id) == group_id, left))


async def _lose(session: AsyncSession, which: ColumnElement[bool]) -> None:
    await session.flush()
    lost = update(Pulse).where(which, col(Pulse.lost).is_(False)).values(lost=True, told=False)
    found = await session.exec(lost.returning(col(Pulse.group_id), col(Pulse.opened_at)))
    await timers.put(session, [Setting(group_id, ROOM, at, "group") for group_id, at in found])


async def forget_before(session: AsyncSession, instant: datetime) -> None:
    """Delete the closed check-ins that were to close before an instant."""
    old = (col(Pulse.closes_at) < instant, col(Pulse.state) == PulseState.CLOSED)
    await session.exec(delete(Pulse).where(*old))


async def forget(session: AsyncSession, group_id: int) -> None:
    """Delete every check-in of a group, and what was planned."""
    mine = select(Pulse.id).where(Pulse.group_id == group_id)
    await session.exec(delete(PulseAnswer).where(col(PulseAnswer.pulse_id).in_(mine)))
    await session.exec(delete(Pulse).where(col(Pulse.group_id) == group_id))
    await session.exec(delete(PulsePlan).where(col(PulsePlan.group_id) == group_id))
