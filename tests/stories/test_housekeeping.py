"""Once an hour what is of no more use is forgotten, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import SQLModel, func, select

from bot import housekeeping
from storage.outbox import OutboxRow
from storage.people import Person
from storage.updates import SeenUpdate
from tests.stories.life import House, house

MORNING = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)


async def count(home: House, table: type[SQLModel]) -> int:
    assert home.vault is not None
    async with home.vault.database.reading() as session:
        return (await session.exec(select(func.count()).select_from(table))).one()


async def tidied(home: House) -> None:
    assert home.vault is not None
    await housekeeping.tidy(home.vault, home.clock.now())


async def test_who_wrote_once_and_never_agreed_is_forgotten_after_a_day_and_a_person_is_not(
    tmp_path: Path, database_url: str | None
) -> None:
    async with house(tmp_path, MORNING, database_url=database_url) as home:
        await home.life.settle_in("Berlin", "Germany")
        await home.life.call("people", {"first_id": 900, "count": 1})
        await home.life.say("hello", **{"from": 900})
        assert await count(home, Person) == 2
        await home.life.wait(hours=23)
        await tidied(home)
        assert await count(home, Person) == 2
        await home.life.wait(hours=2)
        await tidied(home)
        assert await count(home, Person) == 1


async def test_updates_are_known_for_a_week_and_messages_for_a_month(
    tmp_path: Path, database_url: str | None
) -> None:
    async with house(tmp_path, MORNING, database_url=database_url) as home:
        await home.life.settle_in("Berlin", "Germany")
        seen, sent = await count(home, SeenUpdate), await count(home, OutboxRow)
        await home.life.wait(days=6)
        await tidied(home)
        assert (await count(home, SeenUpdate), await count(home, OutboxRow)) == (seen, sent)
        await home.life.wait(days=2)
        await tidied(home)
        assert (await count(home, SeenUpdate), await count(home, OutboxRow)) == (0, sent)
        await home.life.wait(days=23)
        await tidied(home)
        assert await count(home, OutboxRow) == 0
