"""What newer zone data changes, and for whom: compared with what was written down by the older."""

from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.people.wake import ROOM
from scheduler.breath import unhurried
from scheduler.localtime import all_zones, tzdata_version, zone
from scheduler.outlook import moved, outlook, to_data
from storage import deployment, timers, zones
from storage.database import Database
from storage.timers import Setting

_log = structlog.get_logger(__name__)


async def compare(session: AsyncSession, now: datetime) -> None:
    """Look whether the zone data is another one than before; if so, every wake is computed afresh.

    Whoever lives by a zone whose clock runs otherwise than was known is told. Of a zone of which nothing was
    written down, nothing is said.
    """
    known = await deployment.read(session, hold=True)
    if known is None or known.tzdata == tzdata_version():
        return
    _log.info("new_zone_data", before=known.tzdata, now=tzdata_version())
    known.tzdata = tzdata_version()
    await _bring_news(session, now)
    await timers.stir_all(session, now)
    await zones.keep(session, tzdata_version(), {})


async def write_down(database: Database, now: datetime) -> None:
    """How the clocks of all zones in use will run, if there is one of which that is not known yet.

    A worker with other zone data than the deployment's writes nothing.
    """
    async with database.reading() as session:
        used = await zones.in_use(session) & all_zones()
        if not used - (await zones.outlooks(session)).keys():
            return
    found = {key: outlook(zone(key), now) async for key in unhurried(sorted(used))}
    async with database.transaction() as session:
        known = await deployment.read(session, hold=True)
        if known is not None and known.tzdata == tzdata_version():
            await zones.keep(session, tzdata_version(), found)


async def _bring_news(session: AsyncSession, now: datetime) -> None:
    changes = {
        key: to_data(change)
        for key, row in (await zones.outlooks(session)).items()
        if key in all_zones() and (change := moved(row.changes, zone(key), now)) is not None
    }
    if not changes:
        return
    concerned = await zones.dwellers(session, list(changes))
    await zones.bring_news(
        session,
        {
            person: {"tzdata": tzdata_version(), "zones": {key: changes[key] for key in sorted(keys)}}
            for person, keys in concerned.items()
        },
    )
    await timers.put(session, [Setting(person, ROOM, now) for person in concerned])
    _log.info("times_move", zones=len(changes), people=len(concerned))
