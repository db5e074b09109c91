"""Journeys: a medicine goes by the clock its owner chose, and no dose comes twice or is passed over."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.life import Life, house, plain

THURSDAY = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)  # 08:30 in Berlin


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[Life]:
    """A person in Berlin who takes a medicine at 20:00."""
    async with house(tmp_path, THURSDAY) as one:
        await one.life.settle_in("Berlin", "Germany")
        await one.life.add_medicine("Sertraline", "50 mg", "8pm", first=True)
        await one.life.press("No, thank you")
        yield one.life


async def go_to(life: Life, city: str, country: str) -> None:
    await life.say("/settings")
    await life.press("Time zone")
    await life.say(city)
    await life.press(country)


async def reminders(life: Life) -> list[str]:
    return [plain(m) for m in await life.heard() if plain(m).startswith("Time for")]


async def late(life: Life) -> bool:
    return any("It was for Thu 5 Mar, 20:00" in plain(message) for message in await life.heard())


async def test_a_dose_that_the_new_clock_asked_for_waits_when_the_medicine_keeps_its_time(life: Life) -> None:
    await life.wait_until(THURSDAY.replace(hour=12))  # 21:00 in Tokyo
    await go_to(life, "Tokyo", "Japan")
    await life.wait(minutes=1)
    assert await late(life)
    await life.press("Berlin time: \u2068Sertraline\u2069")
    await life.wait(minutes=1)
    assert not await late(life)
    await life.wait_until(THURSDAY.replace(hour=19, minute=1))
    assert len(await reminders(life)) == 1
    assert (await reminders(life))[-1].startswith("Time for Thu 5 Mar, 20:00 Berlin time\n")
    assert await life.press("Taken") == "Recorded at 04:01."


async def test_a_medicine_that_keeps_its_time_goes_by_it_until_it_is_told_otherwise(life: Life) -> None:
    await life.wait_until(THURSDAY.replace(hour=19, minute=1))
    await life.press("Taken")
    await go_to(life, "New York", "United States")
    await life.press("Berlin time: \u2068Sertraline\u2069")
    await life.wait_until(THURSDAY.replace(day=6, hour=19, minute=1))
    assert (await reminders(life))[-1].startswith("Time for Fri 6 Mar, 20:00 Berlin time\n")
    await life.press("Taken")
    await life.say("/meds")
    await life.press("Local or home time")
    await life.press("Local time: \u2068Sertraline\u2069")
    assert "You already had Fri 6 Mar, 20:00" in await life.last()
    await life.wait_until(THURSDAY.replace(day=8, hour=0, minute=2))  # 19:02 in New York
    assert len(await reminders(life)) == 0
    await life.wait(hours=1)
    assert (await reminders(life))[-1].startswith("Time for Sat 7 Mar, 20:00\n")


async def test_the_same_zone_again_is_no_journey(life: Life) -> None:
    await go_to(life, "Berlin", "Germany")
    await life.wait(minutes=1)
    assert "Your time zone is Berlin now" in await life.last()
