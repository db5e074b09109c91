"""When nobody knows whether a reminder has arrived, because its answer was lost on the way back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.stories.life import House, Life, house, plain

NOON = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)  # 12:00 in Berlin
LOST = {"method": "sendMessage", "kind": "accept_then_drop", "probability": 1.0}


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A person in Berlin who takes two medicines at 13:00, of which one card asks."""
    async with house(tmp_path, NOON) as one:
        await one.life.settle_in("Berlin", "Germany")
        await one.life.add_medicine("Sertraline", "50 mg", "13:00", first=True)
        await one.life.press("No, thank you")
        await one.life.add_medicine("Bupropion", "150 mg", "13:00")
        yield one


async def cards(life: Life) -> list[str]:
    """The messages that show the doses of 13:00, as they look now."""
    return [text for text in map(plain, await life.heard()) if "Thu 5 Mar, 13:00" in text]


async def reminded_in_doubt(life: Life) -> None:
    """The reminder is before the person's eyes, and the bot cannot know."""
    await life.call("faults", {"rules": [LOST | {"times": 1}]})
    await life.wait(hours=1, seconds=5)
    assert len(await cards(life)) == 1


@pytest.mark.parametrize("button", ["Taken: \u2068Sertraline\u2069", "Snooze"])
async def test_who_taps_it_hears_nothing_twice(home: House, button: str) -> None:
    life = home.life
    await reminded_in_doubt(life)
    await life.press(button)
    await life.wait(minutes=10)
    [card] = await cards(life)
    assert ("taken at" in card) is button.startswith("Taken")


@pytest.mark.parametrize("fault", [{"kind": "retry_after", "seconds": 5}, {"kind": "status", "code": 502}])
async def test_who_taps_yesterdays_card_meanwhile_is_still_reminded_of_today(
    home: House, fault: dict[str, Any]
) -> None:
    life = home.life
    await life.wait(hours=1, seconds=5)
    yesterday = (await life.heard())[-1]
    await home.close()
    home.clock.advance(24 * 3600)  # yesterday's doses were never answered, and today's are due
    await life.call("faults", {"rules": [{"method": "sendMessage", "probability": 1.0} | fault]})
    await home.open()
    await life.wait(seconds=1)
    before = len(await life.heard())
    await life.press_forged(yesterday["id"], yesterday["buttons"][1][0]["data"])  # a finger was faster
    await life.call("faults", {"clear": True})
    await life.wait(minutes=10)
    assert [text for text in map(plain, (await life.heard())[before:]) if "Fri 6 Mar, 13:00" in text]


async def test_what_changes_elsewhere_leaves_it_marked_as_sent_again(home: House) -> None:
    life = home.life
    await reminded_in_doubt(life)
    await life.say("/today")
    await life.press("Taken: 13:00 \u2068Sertraline\u2069")
    await life.wait(minutes=10)
    first, again = await cards(life)
    assert first.startswith("Time for")
    assert again.startswith("Sent again")
    assert "taken at" in again


async def test_however_often_it_changes_it_comes_three_times_at_most(home: House) -> None:
    life = home.life
    for name in ("Lithium", "Quetiapine", "Lamotrigine"):
        await life.add_medicine(name, "1 tablet", "13:00")
    await life.call("faults", {"rules": [LOST]})
    await life.wait(hours=1, seconds=5)
    for name in ("Sertraline", "Bupropion", "Lithium", "Quetiapine"):
        await life.say("/today")
        await life.press(f"Taken: 13:00 \u2068{name}\u2069")
        await life.wait(seconds=10)
    came = await cards(life)
    assert len(came) == 3
    assert all(text.startswith("Sent again") for text in came[1:])
