"""Words about gaps over weeks: missed days in a row, too few check-ins, and when nothing is said."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.stories.life import House, house, plain

NEW_YORK = ZoneInfo("America/New_York")
MORNING = datetime(2026, 3, 5, 12, tzinfo=UTC)  # 7:00 in New York
MISSED = "days in a row no dose is recorded as taken"
TOO_FEW = "Check-ins in the last ten days"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, MORNING) as one:
        await one.life.settle_in()
        await one.life.add_medicine("Sertraline", "50 mg", "8am", first=True)
        yield one


async def told(home: House, words: str) -> list[datetime]:
    """When it was told, by the person's own clock."""
    heard = [message for message in await home.life.heard() if words in plain(message)]
    return [datetime.fromisoformat(message["date"]).astimezone(NEW_YORK) for message in heard]


async def keep_quiet(home: House, hours: str) -> None:
    await home.life.say("/settings")
    await home.life.press("Quiet hours")
    await home.life.say(hours)


async def test_three_weeks_without_a_dose_is_told_once_late_in_the_morning(home: House) -> None:
    await home.life.wait(days=20)
    [once] = await told(home, MISSED)
    assert (once.day, once.hour) == (7, 11)


async def test_whoever_sleeps_by_day_hears_of_it_when_their_night_is_over(home: House) -> None:
    await keep_quiet(home, "09:30 to 02:00")
    await home.life.wait(days=4)
    [once] = await told(home, MISSED)
    assert (once.day, once.hour) == (7, 2)


@pytest.mark.parametrize(("crisis", "arrives"), [(False, 1), (True, 0)])
async def test_a_word_about_missed_days_that_is_under_way_does_not_arrive_after_a_crisis(
    home: House, crisis: bool, arrives: int
) -> None:
    busy = {"method": "sendMessage", "kind": "retry_after", "seconds": 60, "probability": 1.0}
    await home.life.wait(days=2, hours=3, minutes=55)
    await home.life.call("faults", {"rules": [busy]})
    await home.life.wait(minutes=6, seconds=5)
    await home.life.call("faults", {"clear": True})
    if crisis:
        await home.life.say("/sos")
    await home.life.wait(hours=8)
    assert len(await told(home, MISSED)) == arrives


async def test_silence_is_spoken_of_twice_and_then_left_alone(home: House) -> None:
    await home.life.press("20:00")
    await home.life.wait(days=42)
    first, second = await told(home, TOO_FEW)
    assert (first.date().isoformat(), first.hour) == ("2026-03-14", 11)
    assert (second - first).days == 14


async def test_after_a_pause_nobody_was_silent(home: House) -> None:
    await home.life.press("20:00")
    await home.life.wait(days=5)
    await home.life.say("/pause")
    await home.life.wait(days=14)
    await home.life.say("/resume")
    await home.life.wait(days=8)
    assert await told(home, TOO_FEW) == []


async def test_whoever_wants_no_notices_is_not_asked_for_more_check_ins(home: House) -> None:
    await home.life.press("20:00")
    await home.life.say("/usual")
    await home.life.press("No more notices about a change")
    await home.life.wait(days=14)
    assert await told(home, TOO_FEW) == []
    assert len(await told(home, MISSED)) == 1


async def test_whoever_stopped_the_check_ins_is_not_asked_for_more(home: House) -> None:
    await home.life.press("20:00")
    await home.life.wait(days=8, hours=20)
    await home.life.say("/settings")
    await home.life.press("Check-in")
    await home.life.press("No check-ins")
    await home.life.wait(days=2)
    assert await told(home, TOO_FEW) == []


async def test_a_word_that_never_left_is_said_when_that_is_possible_again(home: House) -> None:
    down = {"method": "sendMessage", "kind": "retry_after", "seconds": 900, "probability": 1.0}
    await home.life.wait(days=2, hours=3, minutes=55)
    await home.life.call("faults", {"rules": [down]})
    await home.life.wait(hours=10)
    await home.life.call("faults", {"clear": True})
    assert await told(home, MISSED) == []
    await home.life.wait(days=1)
    assert len(await told(home, MISSED)) == 1
