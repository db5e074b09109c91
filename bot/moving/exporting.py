"""`evenkeel export --all`: everybody, a line each, as `/export` hands it to the person."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.visit import Visit
from bot.moving.columns import instant
from bot.moving.part import NOTHING, Begun, Part
from bot.moving.trouble import told_plainly
from bot.people.erasure import readable
from storage import deployment, estate, people
from storage.database import Database
from storage.doses import Dose
from storage.people import Person
from storage.sealing import MasterKey

# People are read so many at a time, or fewer when they have more doses than that: years of them take memory.
AT_A_TIME, DOSES_AT_A_TIME = 100, 20_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many people were written, and how many of them by earlier runs."""

    people: int
    before: int = 0


async def hand_over(file: Path, database: Database, master: MasterKey, now: datetime) -> Count:
    """Write everybody into a new file that only its owner can read. What is written is in clear.

    A run that breaks off leaves `FILE.part`. The next one goes on after it if nothing has changed since, and
    begins anew otherwise. Raises OSError for the file, and DatabaseUnusable.
    """
    part = Part(file)
    begun = part.begun()
    with told_plainly():
        async with database.unmoved() as session:
            after = await _reached(session, begun)
    if not after:
        begun = NOTHING
    with part.going_on(begun) as lines:
        count = await write_lines(lines, database, master, now, after)
    return Count(begun.lines + count, begun.lines)


async def write_lines(
    lines: BinaryIO, database: Database, master: MasterKey, now: datetime, after: int = 0
) -> int:
    """Write everybody whose id is larger than `after`; how many. Raises OSError and DatabaseUnusable.

    People of one batch are as they are at one moment.
    """
    count = 0
    async for batch in _batches(database, master, now, after):
        for line in batch:
            lines.write(line)
        count += len(batch)
    lines.flush()
    return count


async def _reached(session: AsyncSession, begun: Begun) -> int:
    """The id of the last person in what was begun; 0 if it does not tell how things are any more.

    It does when it is of this house, nobody in it was erased, and no worker was there since it was written.
    """
    try:
        told = json.loads(begun.last)
        written, key = told["person"], int(told["person"]["id"])
        then, at = instant(told["exported_at"]), [written[name] for name in ("platform", "account", "ref")]
    except (KeyError, TypeError, ValueError):
        return 0
    person = await session.get(Person, key)
    if person is None or [person.platform, person.account, person.ref] != at:
        return 0
    there = (await session.exec(select(func.count()).where(col(Person.id) <= key))).one()
    known = await deployment.read(session)
    lived = known is not None and known.alive_at is not None and known.alive_at >= then
    return 0 if lived or there != begun.lines else key


async def _batches(
    database: Database, master: MasterKey, now: datetime, after: int
) -> AsyncIterator[Sequence[bytes]]:
    """Lines of people, in order of their ids. Nobody waits for the one who writes them."""
    while True:
        with told_plainly():
            async with database.unmoved() as session:
                ids = await _next(session, after)
                batch = await _lines(session, master, ids, now) if ids else []
        if not ids:
            return
        yield batch
        after = ids[-1]


async def _lines(
    session: AsyncSession, master: MasterKey, ids: Sequence[int], now: datetime
) -> Sequence[bytes]:
    sealers = await people.sealers(session, master, ids)
    return [
        _line(Visit(session, found.person, sealers[found.person.key], now), found)
        for found in await estate.of_people(session, ids)
    ]


async def _next(session: AsyncSession, after: int) -> list[int]:
    """The next people, at least one if there is one."""
    doses = select(func.count()).where(Dose.person_id == Person.id).scalar_subquery()
    query = select(col(Person.id), doses).where(col(Person.id) > after).order_by(col(Person.id))
    found = (await session.exec(query.limit(AT_A_TIME))).all()
    sums = accumulate(count for _, count in found)
    return [
        key
        for place, ((key, _), doses_so_far) in enumerate(zip(found, sums, strict=True))
        if key is not None and (doses_so_far <= DOSES_AT_A_TIME or place == 0)
    ]


def _line(visit: Visit, found: estate.Estate) -> bytes:
    """Half of a character, which UTF-8 does not have, is written as JSON can say it."""
    plain = json.dumps(readable(visit, found), ensure_ascii=False, default=str)
    return plain.encode("utf-8", "backslashreplace") + b"\n"
