"""A taper as it is lived: the amounts of the reminders, and every step as a change of dose on its day."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.escalation.noticing import reading
from bot.reports import record
from bot.reports.rules import ChangeKind, summary
from tests.stories.life import House, house
from tests.stories.test_care_team import visiting

START = datetime(2026, 3, 5, 7, tzinfo=UTC)


@pytest.fixture
async def home(tmp_path: Path, database_url: str | None) -> AsyncIterator[House]:
    """A person in London with a plan of three steps, of which the last is still to come on 20 March."""
    async with house(tmp_path, START, database_url=database_url) as one:
        life = one.life
        await life.settle_in("London", "United Kingdom")
        await life.say("Sertraline")
        await life.press("A plan with steps (taper or titration)")
        steps = (("5 March 2026", "50 mg"), ("16 March", "50 mg, 25 mg"), ("20 March", "25 mg"))
        for since, amounts in steps:
            if since != "5 March 2026":
                await life.press("Another step")
            await life.say(since)
            await life.say(amounts)
            await life.press("08:00")
        await life.press("It goes on like this")
        await life.press("Yes, keep this plan")
        await life.press("No, thank you")
        yield one


async def rename(home: House) -> None:
    """A new name is a new version, to which the steps belong as well."""
    await home.life.say("/meds")
    await home.life.press("Sertraline")
    await home.life.press("Rename")
    await home.life.say("The white one")


async def test_a_reminder_has_the_amount_of_its_step_and_a_step_is_a_change_of_dose(
    home: House,
) -> None:
    life, shown = home.life, []
    for day in range(5, 19):
        await life.wait_until(datetime(2026, 3, day, 8, 0, 1, tzinfo=UTC))
        shown.append((await life.last()).splitlines()[1].rpartition(", ")[2])
        await life.press("Taken")
        if day == 7:
            await rename(home)
    assert "The white one, 50 mg" in await life.last()
    assert shown == ["50 mg"] * 11 + ["50 mg", "25 mg", "50 mg"]
    async with visiting(home) as visit:
        look = await reading.look(visit)
        changed = [day.date for day in look.days if day.dose_changed]
        assert changed == [date(2026, 3, 16)], "the step to come is no change yet"
        page = summary(await record.read(visit), named=True)
        [medicine] = page.medicines
        assert (medicine.amount, medicine.amount_since) == ("50 mg, 25 mg", date(2026, 3, 16))
        [change] = [each for each in page.changes if each.kind is ChangeKind.AMOUNT]
        assert (change.on, page.marked) == (date(2026, 3, 16), (date(2026, 3, 16),))
