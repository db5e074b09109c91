"""Somebody allows that reminders come around the time: everything else stays as it was planned."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.demo.house import TOKEN
from storage.doses import Dose
from storage.people import Person
from tests.chaos.population import FIRST, populate
from tests.stories.life import House, house, plain

BEFORE = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)
EIGHT = BEFORE.replace(hour=8, minute=0)
A_DAY, MOMENT = timedelta(days=1), timedelta(seconds=3)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A person in UTC with a medicine at 08:00, who allows ten minutes."""
    await populate(tmp_path, TOKEN.partition(":")[0], 1, time(8), BEFORE)
    shutil.copy(tmp_path / "demo.key", tmp_path / "evenkeel.key")
    async with house(tmp_path, BEFORE, database_url=f"sqlite:///{tmp_path / 'demo.db'}") as one:
        one.life.person = FIRST
        await one.life.call("people", {"first_id": FIRST, "count": 1})
        assert one.vault is not None
        async with one.vault.database.transaction() as session:
            await session.exec(update(Person).values(spread_minutes=10))
        yield one


async def reminders(home: House) -> list[tuple[datetime, str]]:
    """When reminders were sent, and their first lines."""
    log = await home.life.call("requests?method=sendMessage")
    sent = [(datetime.fromisoformat(entry["time"]), plain(entry["params"])) for entry in log["requests"]]
    return [(at, words.splitlines()[0]) for at, words in sent if not words.startswith("Today")]


async def record_by_the_list(home: House) -> None:
    await home.life.say("/today")
    [label] = [label for label in await home.life.buttons() if label.startswith("Taken: 08:00")]
    await home.life.press(label)


async def test_four_days_around_eight(home: House) -> None:
    life = home.life
    await life.wait_until(EIGHT)
    assert await reminders(home) == [], "at eight nothing comes yet"

    await life.wait_until(EIGHT + timedelta(minutes=11))
    [(first, words)] = await reminders(home)
    assert EIGHT + MOMENT < first <= EIGHT + timedelta(minutes=10) + MOMENT
    assert words == "Time for Thu 5 Mar, 08:00", "it speaks of the planned time"
    assert home.vault is not None
    async with home.vault.database.reading() as session:
        [due_at] = await session.exec(select(col(Dose.due_at)))
    assert due_at == EIGHT

    await life.wait_until(first + timedelta(minutes=21))
    [_, (repeat, words)] = await reminders(home)
    assert words == "Still open: Thu 5 Mar, 08:00"
    assert abs(repeat - first - timedelta(minutes=20)) < MOMENT, "a repeat follows the reminder"

    await life.press("Snooze")
    await life.press("15 minutes")
    named = home.clock.now() + timedelta(minutes=15)
    await life.wait(minutes=16)
    assert abs((await reminders(home))[-1][0] - named) < MOMENT, "a time that was named is kept"
    await life.press("Taken")

    await life.wait_until(EIGHT + A_DAY + timedelta(minutes=11))
    second = (await reminders(home))[-1][0]
    assert abs(second - first - A_DAY) < MOMENT, "it comes at the same time each day"
    await life.press("Taken")

    so_far = await reminders(home)
    await life.wait_until(EIGHT + 2 * A_DAY)
    await record_by_the_list(home)
    await life.wait_until(EIGHT + 3 * A_DAY - timedelta(minutes=20))
    await record_by_the_list(home)
    await life.wait(hours=3)
    assert await reminders(home) == so_far, "who was quicker is not reminded, after eight or before it"


async def test_who_takes_it_back_between_eight_and_the_reminder_is_reminded_at_once(home: House) -> None:
    await home.life.wait_until(EIGHT)
    await home.life.say("/settings")
    await home.life.press("Exact time")
    await home.life.press("Not at all")
    [at] = [at for at, words in await reminders(home) if words == "Time for Thu 5 Mar, 08:00"]
    assert at - EIGHT < 2 * MOMENT


async def test_a_bot_that_comes_back_says_late_by_the_persons_own_time(home: House) -> None:
    await home.close()
    home.clock.advance_to(EIGHT + timedelta(minutes=9))
    await home.open()
    await home.life.wait(minutes=2)
    [(_, words)] = await reminders(home)
    assert words == "Time for Thu 5 Mar, 08:00", "its own time is less than five minutes ago, or to come"
