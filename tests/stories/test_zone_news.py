"""Newer zone data: people whose times move are told once, everybody else hears nothing of it."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlmodel import select

from scheduler.localtime import tzdata_version, zone
from scheduler.outlook import outlook
from storage import deployment, zones
from storage.people import Person
from tests.stories.life import House, house, plain

THURSDAY = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)  # 08:30 in Berlin
SUMMER = "2026-03-29T01:00:00+00:00"


async def settled(home: House) -> None:
    await home.life.settle_in("Berlin", "Germany")
    await home.life.add_medicine("Sertraline", "50 mg", "8am", first=True)
    await home.life.press("No, thank you")


async def start_with_newer_data(home: House, known: dict[str, list[Any]], **person: Any) -> None:
    """The bot starts anew, and what was known of zones is what an older version of the data said."""
    assert home.vault is not None
    async with home.vault.database.transaction() as session:
        deployed = await deployment.read(session)
        assert deployed is not None
        deployed.tzdata = "1999.1"
        await zones.keep(session, "1999.1", known)
        if person:
            await session.exec(update(Person).values(**person))
    await home.close()
    await home.open()
    await home.life.wait(minutes=1)


async def told(home: House) -> list[str]:
    return [text for m in await home.life.heard() if (text := plain(m)).startswith("I have newer data")]


def without_summer_time() -> list[Any]:
    return [pair for pair in outlook(zone("Europe/Berlin"), THURSDAY) if pair[0] != SUMMER]


async def test_whose_times_move_is_told_once(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as home:
        await settled(home)
        await start_with_newer_data(home, {"Europe/Berlin": without_summer_time()})
        [text] = await told(home)
        assert "From Sun 29 Mar on, the clock in Berlin is 1 hour ahead of what I knew before." in text
        assert home.vault is not None
        async with home.vault.database.reading() as session:
            assert (await session.exec(select(Person.zone_news))).one() is None
            [kept] = (await zones.outlooks(session)).values()
            assert (kept.tzdata, kept.changes[1]) == (tzdata_version(), [SUMMER, 7200])
        await home.close()
        await home.open()
        await home.life.wait(days=1)
        assert len(await told(home)) == 1


async def test_the_same_clock_by_newer_data_is_no_news(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as home:
        await settled(home)
        await start_with_newer_data(home, {"Europe/Berlin": outlook(zone("Europe/Berlin"), THURSDAY)})
        assert await told(home) == []


async def test_without_anything_written_down_nothing_is_said(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as home:
        await settled(home)
        await start_with_newer_data(home, {})
        assert await told(home) == []


async def test_who_has_nothing_by_that_clock_is_left_in_peace(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as home:
        await home.life.settle_in("Berlin", "Germany")
        await home.life.say("/cancel")
        await start_with_newer_data(home, {"Europe/Berlin": without_summer_time()})
        assert await told(home) == []


async def test_news_wait_for_the_end_of_quiet_hours_and_of_a_pause(tmp_path: Path) -> None:
    async with house(tmp_path, THURSDAY) as home:
        await settled(home)
        await home.life.say("/pause")
        quiet = {"quiet_from": time(8), "quiet_until": time(12)}
        await start_with_newer_data(home, {"Europe/Berlin": without_summer_time()}, **quiet)
        await home.life.say("/resume")
        await home.life.wait(minutes=5)
        assert await told(home) == []
        await home.life.wait(hours=4)
        assert len(await told(home)) == 1
