"""Adherence days: what each medicine and local day comes to, kept, so that years of doses need not be read.

A row says nothing that the doses of its day do not say; whatever changes a dose refreshes its day.
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import Insert, bindparam, delete
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.adherence import DayCount, DueDose, day_counts
from storage.columns import LONG
from storage.database import is_postgresql
from storage.doses import Dose


class AdherenceDay(SQLModel, table=True):
    """How many doses of each kind there are on one of the person's own days, as a DayCount has it.

    A day that comes to nothing has no row.
    """

    __tablename__: ClassVar[str] = "adherence_day"

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=LONG)
    regimen_id: int = Field(primary_key=True, foreign_key="regimen.id", sa_type=LONG)
    day: date = Field(primary_key=True)
    due: int
    taken: int
    in_time: int
    untimed: int
    skipped: int
    advised: int
    unknown: int
    missed: int
    open: int
    as_needed: int
    extra: int


class OwnDay(NamedTuple):
    """One day of one medicine of a person: the slot date of its doses."""

    person_id: int
    regimen_id: int
    day: date


_KEY = tuple(OwnDay._fields)
_EMPTYING = delete(AdherenceDay).where(
    col(AdherenceDay.person_id) == bindparam("of_person"),
    col(AdherenceDay.regimen_id) == bindparam("of_regimen"),
    col(AdherenceDay.day) == bindparam("on"),
)
# Every medicine with every day is more than is asked for, but pairs would find no index on SQLite.
_AROUND = select_columns(
    col(Dose.regimen_id),
    col(Dose.slot_date),
    col(Dose.state),
    col(Dose.due_at),
    col(Dose.window_end),
    col(Dose.reason),
    col(Dose.taken_at),
    col(Dose.kind),
).where(
    col(Dose.regimen_id).in_(bindparam("regimens", expanding=True)),
    col(Dose.slot_date).in_(bindparam("days", expanding=True)),
)
_COUNTED = DayCount._fields


def own_day(dose: Dose) -> OwnDay:
    """The day on which a dose counts."""
    return OwnDay(dose.person_id, dose.regimen_id, dose.slot_date)


async def refresh(
    session: AsyncSession, days: Iterable[OwnDay], around: Iterable[DueDose] | None = None
) -> None:
    """Count these days anew from their doses, set at a time.

    `around`: all doses of these days, perhaps among others of these medicines, if they have been read.
    """
    wanted = set(days)
    if not wanted:
        return
    await session.flush()
    connection = await session.connection()
    rows = _counted(wanted, around if around is not None else await _around(connection, wanted))
    if empty := wanted - rows.keys():
        gone = [
            {"of_person": each.person_id, "of_regimen": each.regimen_id, "on": each.day} for each in empty
        ]
        await connection.execute(_EMPTYING, gone)
    if rows:
        await connection.execute(_keeping(is_postgresql(session)), list(rows.values()))


async def _around(connection: AsyncConnection, days: Collection[OwnDay]) -> list[DueDose]:
    """The doses of these days, and others of these medicines."""
    wanted = {"regimens": list({day.regimen_id for day in days}), "days": list({day.day for day in days})}
    return [DueDose(*row) for row in await connection.execute(_AROUND, wanted)]


def _counted(days: Collection[OwnDay], around: Iterable[DueDose]) -> dict[OwnDay, dict[str, Any]]:
    """What these days come to; without those that come to nothing."""
    owners = {day.regimen_id: day.person_id for day in days}
    counts = day_counts(
        dose for dose in around if OwnDay(owners[dose.regimen_id], dose.regimen_id, dose.day) in days
    )
    rows = (row_of(owners[each.regimen_id], each) for each in counts)
    return {OwnDay(row["person_id"], row["regimen_id"], row["day"]): row for row in rows}


def row_of(person_id: int, count: DayCount) -> dict[str, Any]:
    """A count as a row to be written."""
    return {"person_id": person_id, "due": count.due, **count._asdict()}


@cache
def _keeping(on_server: bool) -> Insert:
    insert = postgresql.insert(AdherenceDay) if on_server else sqlite.insert(AdherenceDay)
    news = {column.name: column for column in insert.excluded if column.name not in _KEY}
    return insert.on_conflict_do_update(index_elements=_KEY, set_=news)


async def of_person(session: AsyncSession, person_id: int, since: date, until: date) -> list[DayCount]:
    """What a person's days from `since` to `until`, both included, come to, in order of day and regimen."""
    query = (
        select(AdherenceDay)
        .where(AdherenceDay.person_id == person_id, col(AdherenceDay.day).between(since, until))
        .order_by(col(AdherenceDay.day), col(AdherenceDay.regimen_id))
    )
    return [DayCount(**{name: getattr(row, name) for name in _COUNTED}) for row in await session.exec(query)]
