"""Every so many hours after taking: the next dose goes by what the record says was taken."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from scheduler.timing import Interval, to_data
from storage.regimens import RegimenVersion
from tests.stories.life import House, Life, house

EIGHT = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


@pytest.fixture
async def home(tmp_path: Path, database_url: str | None) -> AsyncIterator[House]:
    """A person in London who takes a medicine six hours after the last time, which was at 08:00."""
    async with house(tmp_path, EIGHT.replace(hour=7), database_url=database_url) as one:
        await one.life.settle_in("London", "United Kingdom")
        await one.life.add_medicine("Sertraline", "50 mg", "every 6 hours from 8:00", first=True)
        await one.life.press("No, thank you")
        assert one.vault is not None
        async with one.vault.database.transaction() as session:
            version = (await session.exec(select(RegimenVersion))).one()
            version.timing = to_data(Interval(6, EIGHT, "taken"))
        yield one


async def at(life: Life, hour: int, minute: int = 0, day: int = 5) -> None:
    await life.wait_until(EIGHT.replace(day=day, hour=hour, minute=minute, second=1))


async def test_the_next_dose_counts_from_the_taking_and_goes_back_with_it(home: House) -> None:
    life = home.life
    await at(life, 14, 50)
    assert "Thu 5 Mar, 14:00" in await life.last()
    await life.press("Taken")
    await at(life, 18)
    await life.say("/undo")
    await at(life, 20, 1)
    assert "Time for Thu 5 Mar, 20:00" in await life.last(), "as if nothing had been taken at 14:50"
    await at(life, 20, 50)
    await life.press("Taken")
    await at(life, 2, 50, day=6)
    assert "taken at 20:50" in await life.last(), "not at two, as it was taken at ten to nine"
    await at(life, 2, 52, day=6)
    assert "Time for Fri 6 Mar, 02:51" in await life.last(), "a begun minute counts as full"
    await life.press("Taken")
    await life.say("/today")
    await life.press("Correct: 02:51 \u2068Sertraline\u2069")
    await life.press("I did not take it")
    await at(life, 8, 52, day=6)
    assert "Time for Fri 6 Mar, 08:51" in await life.last(), "six hours after the taking that is left"
