"""Timers: one per subject and room, a hint when that room should look at the subject again."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import Index, Insert, Integer, and_, bindparam, delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG
from storage.database import is_postgresql


class Timer(SQLModel, table=True):
    """When `room` wants to look at `(subject_kind, subject_id)` next."""

    __tablename__ = "timer"
    __table_args__ = (Index("timer_by_instant", "fire_at"),)

    subject_kind: str = Field(primary_key=True)
    subject_id: int = Field(primary_key=True, sa_type=LONG)
    room: str = Field(primary_key=True)
    fire_at: datetime


@dataclass(frozen=True, slots=True)
class Setting:
    """A timer to set; `fire_at` None clears it."""

    subject_id: int
    room: str
    fire_at: datetime | None
    subject_kind: str = "person"


class Due(NamedTuple):
    """A timer that has run out."""

    subject_kind: str
    subject_id: int
    room: str


async def due(
    session: AsyncSession, now: datetime, limit: int, passing_over: Collection[str] = ()
) -> list[Due]:
    """The earliest timers of one room (that of the earliest of all) and one kind of subject.

    Some rooms may be passed over. On PostgreSQL the timers are locked until the transaction ends, and those
    locked by others are passed over too. When nothing is due it is one look at an index.
    """
    first = await _next_of(session, now, passing_over)
    if first is None:
        return []
    wanted = {"now": now, "room": first.room, "kind": first.subject_kind, "most": limit}
    return [Due(*row) for row in await session.exec(_DUE, params=wanted)]


# Built once, as it is asked for every batch. SQLite has no row locks, and leaves these words out.
_DUE = (
    select(Timer.subject_kind, Timer.subject_id, Timer.room)
    .where(Timer.fire_at <= bindparam("now"), Timer.room == bindparam("room"))
    .where(Timer.subject_kind == bindparam("kind"))
    .order_by(col(Timer.fire_at), col(Timer.subject_id))
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)


async def _next_of(session: AsyncSession, now: datetime, passing_over: Collection[str]) -> Timer | None:
    query = select(Timer).where(Timer.fire_at <= now, col(Timer.room).not_in(passing_over))
    ordered = query.order_by(col(Timer.fire_at)).limit(1).with_for_update(skip_locked=True)
    return (await session.exec(ordered)).first()


# Asked at every press, and therefore built once.
_RUN_OUT = (
    select(Timer.room)
    .where(Timer.subject_kind == "person", Timer.subject_id == bindparam("person"))
    .where(Timer.room == bindparam("room"), Timer.fire_at <= bindparam("now"))
)


async def is_due(session: AsyncSession, person_id: int, room: str, now: datetime) -> bool:
    """True when a person's timer of a room has run out and nobody has looked yet."""
    mine = {"person": person_id, "room": room, "now": now}
    return (await session.exec(_RUN_OUT, params=mine)).first() is not None


async def of_people(session: AsyncSession, person_ids: Collection[int], room: str) -> dict[int, datetime]:
    """When a room looks at each of these people next; without a timer, no entry."""
    mine = (Timer.subject_kind == "person", col(Timer.subject_id).in_(person_ids), Timer.room == room)
    query = select(Timer.subject_id, Timer.fire_at).where(*mine)
    return dict((await session.exec(query)).all())


async def earliest(session: AsyncSession, rooms: Collection[str] | None = None) -> datetime | None:
    """The instant of the next timer of all, or of these rooms."""
    query = select(Timer.fire_at).order_by(col(Timer.fire_at)).limit(1)
    if rooms is not None:
        query = query.where(col(Timer.room).in_(rooms))
    return (await session.exec(query)).first()


async def put(session: AsyncSession, settings: Iterable[Setting]) -> None:
    """Set or clear timers, set at a time; of two settings of one timer the last one counts."""
    last = {(s.subject_kind, s.subject_id, s.room): s.fire_at for s in settings}
    await _clear(session, [key for key, fire_at in last.items() if fire_at is None])
    rows = [
        {"subject_kind": kind, "subject_id": subject, "room": room, "fire_at": fire_at}
        for (kind, subject, room), fire_at in last.items()
        if fire_at is not None
    ]
    if rows:
        await (await session.connection()).execute(_setting(is_postgresql(session)), rows)


@cache
def _setting(on_server: bool) -> Insert:
    insert = postgresql.insert(Timer) if on_server else sqlite.insert(Timer)
    return insert.on_conflict_do_update(
        index_elements=["subject_kind", "subject_id", "room"], set_={"fire_at": insert.excluded.fire_at}
    )


async def _clear(session: AsyncSession, keys: Iterable[tuple[str, int, str]]) -> None:
    """Clear these timers, the subjects of a room together: by a list of keys SQLite would read them all."""
    subjects: dict[tuple[str, str], list[int]] = defaultdict(list)
    for kind, subject, room in keys:
        subjects[kind, room].append(subject)
    if not subjects:
        return
    timers = (
        and_(col(Timer.subject_kind) == kind, col(Timer.room) == room, col(Timer.subject_id).in_(of_room))
        for (kind, room), of_room in subjects.items()
    )
    await (await session.connection()).execute(delete(Timer).where(or_(*timers)))


async def stir_all(session: AsyncSession, now: datetime) -> None:
    """Wake everybody now: what was computed before may no longer hold."""
    await session.exec(update(Timer).values(fire_at=now))


async def forget(session: AsyncSession, subject_kind: str, subject_id: int) -> None:
    """Clear every timer of a subject."""
    await session.exec(
        delete(Timer).where(col(Timer.subject_kind) == subject_kind, col(Timer.subject_id) == subject_id)
    )
