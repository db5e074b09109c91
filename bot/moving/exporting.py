"""`evenkeel export --all`: everybody into a file, a line each, as `/export` hands it to the person."""

import json
import os
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select

from bot.conversation.visit import Visit
from bot.people.erasure import readable
from storage import estate, people
from storage.database import Database
from storage.people import Person
from storage.sealing import MasterKey

_AT_A_TIME = 100


async def hand_over(file: Path, database: Database, master: MasterKey, now: datetime) -> int:
    """Write everybody into a new file that only its owner can read; how many. Raises OSError.

    Each person is as they are when their turn comes. What is written is in clear.
    """
    count, after = 0, 0
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as lines:
        while True:
            async with database.reading() as session:
                query = select(Person.id).where(col(Person.id) > after).order_by(col(Person.id))
                ids = [key for key in await session.exec(query.limit(_AT_A_TIME)) if key is not None]
                if not ids:
                    return count
                sealers = await people.sealers(session, master, ids)
                for found in await estate.of_people(session, ids):
                    visit = Visit(session, found.person, sealers[found.person.key], now)
                    lines.write(json.dumps(readable(visit, found), ensure_ascii=False, default=str) + "\n")
            count, after = count + len(ids), ids[-1]
