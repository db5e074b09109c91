"""People with a medicine, written straight into a database, for tests that need many at once."""

from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

from bot.vault import open_vault
from scheduler.timing import Daily, to_data
from storage import people, regimens, timers
from storage.people import Person
from storage.regimens import Regimen, RegimenVersion
from storage.timers import Setting
from storage.vocabulary import PersonState

FIRST = 100_000


async def populate(
    folder: Path,
    account: str,
    count: int,
    at: time | Sequence[time],
    now: datetime,
    database_url: str | None = None,
    **habits: Any,
) -> list[int]:
    """`count` people in UTC with one medicine, each day at `at`; their chat numbers come back.

    The first dose falls due at the earliest of these times that is not over on the day of `now`. `habits` are
    settings of the people, such as `nudges=0`.
    """
    times = (at,) if isinstance(at, time) else tuple(at)
    vault = await open_vault(database_url or f"sqlite:///{folder / 'demo.db'}", folder / "demo.key")
    refs = list(range(FIRST, FIRST + count))
    async with vault.database.transaction() as session:
        for ref in refs:
            person = Person(
                platform="telegram",
                account=account,
                ref=str(ref),
                created_at=now,
                state=PersonState.ACTIVE,
                zone="UTC",
                country="US",
                **habits,
            )
            sealer = await people.add(session, vault.master, person)
            regimen = Regimen(person_id=person.key, created_at=now, planned_through=now)
            session.add(regimen)
            await session.flush()
            name, amount = regimens.seal_words(sealer, "Sertraline", "50 mg")
            session.add(
                RegimenVersion(
                    regimen_id=regimen.key,
                    number=1,
                    since=now,
                    timing=to_data(Daily(times)),
                    name_sealed=name,
                    amount_sealed=amount,
                )
            )
            wakes = [Setting(person.key, "doses", _first(times, now))]
            if person.checkin_at is not None:
                wakes.append(Setting(person.key, "mood", now))
            await timers.put(session, wakes)
    await vault.close()
    return refs


def _first(times: Sequence[time], now: datetime) -> datetime:
    """The first of these times of day from `now` on; when all are over, the last one."""
    today = [datetime.combine(now.date(), at, now.tzinfo) for at in times]
    return next((instant for instant in today if instant >= now), today[-1])
