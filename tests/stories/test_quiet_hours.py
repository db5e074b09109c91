"""Quiet hours: reminders wait as long as their dose can, nothing else makes a sound, and nothing is lost."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.stories.life import House, Life, house, plain

NOON = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)  # 12:00 in Berlin


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A person in Berlin with quiet hours from 22:00 to 07:00."""
    async with house(tmp_path, NOON) as one:
        await one.life.settle_in("Berlin", "Germany")
        await one.life.say("/cancel")
        await one.life.say("/settings")
        await one.life.press("Quiet hours")
        await one.life.say("22:00 7:00")
        yield one


async def sent(life: Life) -> list[tuple[str, str, bool]]:
    """The reminders that were sent: when in Berlin, the first line, and whether with a sound."""
    log = await life.call("requests?method=sendMessage")
    found = [
        (
            _clock(entry),
            plain(entry["params"]).split("\n")[0],
            not entry["params"].get("disable_notification"),
        )
        for entry in log["requests"]
    ]
    return [
        each
        for each in found
        if each[1].startswith(("Time for", "Still open", "This reminder", "I was away"))
    ]


def _clock(entry: dict[str, Any]) -> str:
    at = datetime.fromisoformat(entry["time"])
    return f"{(at.hour + 1) % 24:02}:{at.minute:02}"


async def test_what_fell_due_in_the_night_comes_at_its_end_as_one_message(home: House) -> None:
    life = home.life
    await life.add_medicine("Sertraline", "50 mg", "6:15")
    await life.press("No, thank you")
    await life.add_medicine("Bupropion", "150 mg", "6:30")
    await life.wait(hours=20)
    [(at, line, loud), *_] = await sent(life)
    assert (at, loud) == ("07:00", True)
    assert line == "Time for Fri 6 Mar, 06:15"
    assert await life.press("All taken") == "Recorded at 08:00."


async def test_what_cannot_wait_comes_silently_and_is_not_repeated(home: House) -> None:
    life = home.life
    await life.add_medicine("Sertraline", "50 mg", "22:30")
    await life.press("No, thank you")
    await life.wait(hours=20)
    assert await sent(life) == [("22:30", "Time for Thu 5 Mar, 22:30", False)]


async def test_what_has_not_left_yet_and_changes_in_the_night_still_comes_silently(home: House) -> None:
    life = home.life
    for name in ("Sertraline", "Bupropion"):
        await life.add_medicine(name, "1 tablet", "22:30")
    await life.wait_until(NOON.replace(hour=21, minute=29))
    fault = {"method": "sendMessage", "kind": "retry_after", "seconds": 5}
    await life.call("faults", {"rules": [fault]})
    await life.wait(seconds=61)
    await life.call("faults", {"clear": True})
    await life.say("/today")
    await life.press("Taken: 22:30 \u2068Sertraline\u2069")
    await life.wait(minutes=2)
    assert (await sent(life))[-1] == ("22:30", "Time for Thu 5 Mar, 22:30", False)
    assert "Sertraline, 1 tablet: taken at 22:30" in await life.last()


async def test_what_was_put_off_into_quiet_hours_comes_with_a_sound_and_its_repeats_do_not_come(
    home: House,
) -> None:
    life = home.life
    await life.add_medicine("Sertraline", "50 mg", "21:50")
    await life.press("No, thank you")
    await life.wait(hours=9, minutes=52)
    await life.press("Snooze")
    assert await life.buttons() == ["15 minutes", "1 hour", "Move to another time", "Back"]
    said = await life.press("1 hour")
    assert said is not None
    assert said.startswith("I'll ask again at 22:52, with a sound")
    await life.wait(hours=10)
    assert await sent(life) == [
        ("21:50", "Time for Thu 5 Mar, 21:50", True),
        ("22:52", "Still open: Thu 5 Mar, 21:50", True),
    ]


async def test_a_dose_moved_into_quiet_hours_comes_when_the_person_said_with_a_sound(home: House) -> None:
    life = home.life
    await life.add_medicine("Sertraline", "50 mg", "21:00")
    await life.press("No, thank you")
    await life.say("/today")
    await life.press("Move a dose")
    await life.press("21:00 \u2068Sertraline\u2069")
    await life.press("Another time")
    await life.say("5:30")
    await life.wait(hours=20)
    first, repeat, *_ = await sent(life)
    assert first == ("05:30", "Time for Fri 6 Mar, 05:30 (moved from Thu 5 Mar, 21:00)", True)
    assert repeat[0] == "07:00", "a repeat is ours, and waits"


async def test_what_we_were_away_for_is_told_in_the_morning(home: House) -> None:
    life = home.life
    await life.add_medicine("Sertraline", "50 mg", "18:00")
    await life.press("No, thank you")
    await home.close()
    home.clock.advance(12.5 * 3600)  # back at half past midnight
    await home.open()
    await life.wait(hours=1)
    assert await sent(life) == []
    await life.wait(hours=7)
    assert await sent(life) == [("07:00", "I was away, or could not reach you, for these:", True)]
