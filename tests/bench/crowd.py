"""Many people with one daily medicine each, written in bulk into a database of either engine."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.vault import open_vault
from scheduler.timing import Daily, to_data
from storage import regimens
from storage.people import Person, PersonKey
from storage.regimens import Regimen, RegimenVersion
from storage.sealing import MasterKey
from storage.timers import Timer
from storage.vocabulary import PersonState

TOKEN = "1:x"
ACCOUNT = TOKEN.partition(":")[0]
FIRST_CHAT = 1_000_000
_BATCH = 10_000

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is written: so many people, whose dose is due at one minute of the day, in UTC."""

    people: int
    due_at: datetime


async def settle(url: str, key_file: Path, crowd: Crowd) -> None:
    """Write them all; the tables and the key are made when they are not there."""
    vault = await open_vault(url, key_file)
    try:
        for first in range(1, crowd.people + 1, _BATCH):
            ids = range(first, min(first + _BATCH, crowd.people + 1))
            async with vault.database.transaction() as session:
                await _write(await session.connection(), vault.master, ids, crowd.due_at)
    finally:
        await vault.close()


async def _write(connection: AsyncConnection, master: MasterKey, ids: range, due_at: datetime) -> None:
    """One row of each table is made by its model; the others differ from it by their numbers and seals."""
    before = due_at - timedelta(minutes=5)
    person = Person(
        platform="telegram",
        account=ACCOUNT,
        ref="",
        created_at=before,
        state=PersonState.ACTIVE,
        zone="UTC",
        country="US",
    ).model_dump()
    regimen = Regimen(person_id=0, created_at=before, planned_through=before).model_dump()
    keys = {key: master.new_wrapped_key(key) for key in ids}
    timer = {"subject_kind": "person", "room": "doses", "fire_at": due_at}
    await connection.execute(
        insert(Person), [person | {"id": key, "ref": str(FIRST_CHAT + key)} for key in ids]
    )
    await connection.execute(insert(PersonKey), [{"person_id": k, "wrapped": w} for k, w in keys.items()])
    await connection.execute(insert(Regimen), [regimen | {"id": key, "person_id": key} for key in ids])
    await connection.execute(insert(RegimenVersion), _versions(master, keys, before, due_at))
    await connection.execute(insert(Timer), [timer | {"subject_id": key} for key in ids])


def _versions(master: MasterKey, keys: dict[int, bytes], since: datetime, due_at: datetime) -> list[Row]:
    timing = to_data(Daily((time(due_at.hour, due_at.minute),)))
    version = RegimenVersion(
        regimen_id=0, number=1, since=since, timing=timing, name_sealed=b"", amount_sealed=b""
    ).model_dump()
    rows: list[Row] = []
    for key, wrapped in keys.items():
        name, amount = regimens.seal_words(master.sealer(wrapped, key), "Sertraline", "50 mg")
        rows.append(version | {"id": key, "regimen_id": key, "name_sealed": name, "amount_sealed": amount})
    return rows
