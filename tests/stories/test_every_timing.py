"""Every kind of timing, from the phrase that was typed to the reminder that comes."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from storage.regimens import RegimenVersion
from tests.stories.life import House, house

SATURDAY = datetime(2026, 3, 28, 7, 0, tzinfo=UTC)  # in London the clock moves forward in the night


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, SATURDAY) as one:
        await one.life.settle_in("London", "United Kingdom")
        yield one


async def test_every_kind_that_is_due_on_the_sunday_of_a_clock_change_is_in_one_reminder_and_no_other(
    home: House,
) -> None:
    life = home.life
    phrases = (
        "8am, weekends 10am",
        "29th 10:00",
        "every 2 weeks on sun 10:00",
        "2 days on, 1 day off 10:00",
        "every 5 hours between 10:00 and 23:00",
        "every other day 10:00",  # on Saturday and Monday
    )
    for number, phrase in enumerate(phrases):
        await life.add_medicine(f"M{number}", "1", phrase)
    await life.say("/add")
    for said in ("M6", "1", "as needed, 4 hours apart, at most 6 a day"):
        await life.say(said)
    await life.press("Yes, keep it")
    await life.wait_until(datetime(2026, 3, 29, 9, 0, 1, tzinfo=UTC))
    reminder = await life.last()
    assert "10:00" in reminder
    assert [number for number in range(7) if f"M{number}" in reminder] == [0, 1, 2, 3, 4]


async def test_first_and_last_day_are_kept_with_the_version_and_stay_when_the_amount_changes(
    home: House,
) -> None:
    life = home.life
    await life.add_medicine("Drops", "2", "8am from 1 April for 10 days", first=True)
    await life.press("No, thank you")
    await life.say("/meds")
    await life.press("Drops")
    assert "From 1 Apr 2026 to 10 Apr 2026, both included" in await life.last()
    await life.press("Change the amount")
    await life.say("3")
    assert home.vault is not None
    async with home.vault.database.transaction() as session:
        versions = (await session.exec(select(RegimenVersion))).all()
    assert [(one.starts_on, one.ends_on) for one in versions] == [(date(2026, 4, 1), date(2026, 4, 10))] * 2
