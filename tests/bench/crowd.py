"""Many people with one daily medicine each, written in bulk into a database of either engine."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.vault import open_vault
from scheduler.timing import Daily, to_data
from storage import regimens
from storage.people import Person, PersonKey
from storage.regimens import Regimen, RegimenVersion
from storage.sealing import MasterKey
from storage.timers import Timer
from storage.vocabulary import PersonState

ACCOUNT = "1"
FIRST_CHAT = 1_000_000
_BATCH = 5_000

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
                await _write(session, vault.master, ids, crowd.due_at)
    finally:
        await vault.close()


async def _write(session: AsyncSession, master: MasterKey, ids: range, due_at: datetime) -> None:
    before = due_at - timedelta(minutes=5)
    timing = to_data(Daily((time(due_at.hour, due_at.minute),)))
    connection = await session.connection()
    keys = {key: master.new_wrapped_key(key) for key in ids}
    people: list[Row] = [
        Person(
            id=key,
            platform="telegram",
            account=ACCOUNT,
            ref=str(FIRST_CHAT + key),
            created_at=before,
            state=PersonState.ACTIVE,
            zone="UTC",
            country="US",
        ).model_dump()
        for key in ids
    ]
    await connection.execute(insert(Person), people)
    await connection.execute(insert(PersonKey), [{"person_id": k, "wrapped": w} for k, w in keys.items()])
    await connection.execute(
        insert(Regimen),
        [
            Regimen(id=key, person_id=key, created_at=before, planned_through=before).model_dump()
            for key in ids
        ],
    )
    versions: list[Row] = []
    for key in ids:
        name, amount = regimens.seal_words(master.sealer(keys[key], key), "Sertraline", "50 mg")
        versions.append(
            RegimenVersion(
                id=key,
                regimen_id=key,
                number=1,
                since=before,
                timing=timing,
                name_sealed=name,
                amount_sealed=amount,
            ).model_dump()
        )
    await connection.execute(insert(RegimenVersion), versions)
    await connection.execute(
        insert(Timer),
        [{"subject_kind": "person", "subject_id": key, "room": "doses", "fire_at": due_at} for key in ids],
    )
