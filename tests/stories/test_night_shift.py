"""Somebody who works at night: what they take before their day ends belongs to the day before."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.checkins import Checkin
from storage.doses import Dose
from tests.stories.life import House, Life, house, plain

THURSDAY = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)  # 08:30 in Berlin
FRIDAY_1_AM = datetime(2026, 3, 6, 0, 0, tzinfo=UTC)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A person in Berlin who takes a medicine at 01:00."""
    async with house(tmp_path, THURSDAY) as one:
        await one.life.settle_in("Berlin", "Germany")
        await one.life.add_medicine("Sertraline", "50 mg", "1am", first=True)
        await one.life.press("No, thank you")
        yield one


async def end_the_day_at(life: Life, ends: str) -> None:
    await life.say("/settings")
    await life.press("My day ends")
    await life.press(ends)


async def names(home: House) -> list[date]:
    assert home.app is not None
    async with home.app.vault.database.reading() as session:
        rows = await session.exec(select(Dose).order_by(col(Dose.due_at)))
        return [dose.slot_date for dose in rows]


async def test_a_dose_in_the_night_belongs_to_the_previous_day(home: House) -> None:
    await end_the_day_at(home.life, "04:00")
    await home.life.wait_until(FRIDAY_1_AM.replace(minute=1))
    assert "Time for Fri 6 Mar, 01:00" in await home.life.last()
    await home.life.press("Taken")
    await home.life.say("/today")
    assert "Today, Thu 5 Mar\n✓ Fri 01:00 Sertraline" in await home.life.last()
    assert await names(home) == [date(2026, 3, 5)]


async def test_another_end_of_the_day_neither_doubles_nor_drops_a_dose(home: House) -> None:
    life = home.life
    for night, ends in enumerate(("04:00", "Midnight", "06:00", "02:00", "Midnight", "04:00")):
        await life.wait_until(FRIDAY_1_AM.replace(day=6 + night, minute=1))
        assert len([m for m in await life.heard() if plain(m).startswith("Time for")]) == 1
        await life.press("Taken")
        await life.wait(hours=5)
        await end_the_day_at(life, ends)
    assert await names(home) == [date(2026, 3, 5 + night) for night in range(6)]


async def test_a_dose_logged_ahead_stays_logged_when_the_day_ends_later(home: House) -> None:
    life = home.life
    await end_the_day_at(life, "04:00")
    await life.say("/today")
    await life.press("Taken: Fri 01:00 \u2068Sertraline\u2069")
    await end_the_day_at(life, "Midnight")
    await life.wait_until(FRIDAY_1_AM.replace(hour=2))
    assert not [m for m in await life.heard() if plain(m).startswith("Time for")]
    assert await names(home) == [date(2026, 3, 6)]


async def test_a_check_in_in_the_night_is_that_of_the_day_before(home: House) -> None:
    life = home.life
    await end_the_day_at(life, "04:00")
    await life.wait_until(FRIDAY_1_AM.replace(minute=5))
    await life.say("/checkin")
    assert home.app is not None
    async with home.app.vault.database.reading() as session:
        assert [row.day for row in await session.exec(select(Checkin))] == [date(2026, 3, 5)]
