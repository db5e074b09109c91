"""Zones: when their clocks change next, as the zone data of today has it, to tell what newer data changes."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, bindparam, delete, insert, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.people import Person
from storage.regimens import Regimen
from storage.vocabulary import RegimenState


class ZoneOutlook(SQLModel, table=True):
    """The changes ahead of one zone that is in use, by one version of the zone data.

    `changes` is the scheduler's data; a list, empty for a zone whose clocks stand.
    """

    __tablename__: ClassVar[str] = "zone_outlook"

    key: str = Field(primary_key=True)
    tzdata: str
    changes: list[Any] = Field(sa_column=Column(JSON, nullable=False))


async def outlooks(session: AsyncSession) -> dict[str, ZoneOutlook]:
    """Every outlook that is kept, by zone; nothing before the first is written."""
    return {row.key: row for row in await session.exec(select(ZoneOutlook))}


async def keep(session: AsyncSession, tzdata: str, changes: Mapping[str, list[Any]]) -> None:
    """Replace all outlooks by these, of one version of the zone data."""
    connection = await session.connection()
    await connection.execute(delete(ZoneOutlook))
    if rows := [{"key": key, "tzdata": tzdata, "changes": ahead} for key, ahead in changes.items()]:
        await connection.execute(insert(ZoneOutlook), rows)


async def in_use(session: AsyncSession) -> set[str]:
    """The zones by which somebody lives, or a medicine that is still taken goes."""
    people = select(col(Person.zone)).where(col(Person.zone).is_not(None))
    homes = select(col(Regimen.home_zone)).where(*_GOES_BY_HOME)
    found = (await (await session.connection()).execute(people.union(homes))).scalars()
    return {zone for zone in found if zone is not None}


async def dwellers(session: AsyncSession, zones: Collection[str]) -> dict[int, set[str]]:
    """Whom a change of these zones may concern, and through which of them: their own, or a medicine's."""
    people = select(col(Person.id), col(Person.zone)).where(col(Person.zone).in_(zones))
    homes = select(col(Regimen.person_id), col(Regimen.home_zone)).where(*_GOES_BY_HOME)
    found: dict[int, set[str]] = defaultdict(set)
    concerned = people.union(homes.where(col(Regimen.home_zone).in_(zones)))
    for person_id, zone in await (await session.connection()).execute(concerned):
        if person_id is not None and zone is not None:
            found[person_id].add(zone)
    return dict(found)


_GOES_BY_HOME = (col(Regimen.home_zone).is_not(None), Regimen.state != RegimenState.STOPPED)


async def bring_news(session: AsyncSession, news: Mapping[int, Mapping[str, Any] | None]) -> None:
    """Note down what new zone data changes for each of these people; None: nothing is left to be told."""
    rows = [{"who": person_id, "what": what} for person_id, what in news.items()]
    if rows:
        writing = update(Person).where(col(Person.id) == bindparam("who"))
        connection = await session.connection()
        await connection.execute(writing.values(zone_news=bindparam("what")), rows)
