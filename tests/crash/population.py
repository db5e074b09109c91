"""People with a medicine, written straight into a database, for tests that need many at once."""

from datetime import datetime, time
from pathlib import Path

from bot.vault import open_vault
from scheduler.timing import Daily, to_data
from storage import people, regimens, timers
from storage.people import Person
from storage.regimens import Regimen, RegimenVersion
from storage.timers import Setting
from storage.vocabulary import PersonState

FIRST = 100_000


async def populate(
    folder: Path, account: str, count: int, at: time, now: datetime, database_url: str | None = None
) -> list[int]:
    """`count` people in UTC with one daily medicine at `at`; their chat numbers come back."""
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
                    timing=to_data(Daily((at,))),
                    name_sealed=name,
                    amount_sealed=amount,
                )
            )
            due = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
            await timers.put(session, [Setting(person.key, "doses", due)])
    await vault.close()
    return refs
