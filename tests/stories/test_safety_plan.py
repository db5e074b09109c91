"""The plan, the calm hours and the day after, as somebody lives them: the real bot over real HTTP."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.demo.house import demo
from scheduler.clock import SteerableClock
from tests.stories.life import House, Life, house, plain

BERLIN = ZoneInfo("Europe/Berlin")
CARD = "I am a program. Nobody reads this live."
QUESTION = "Yesterday was a hard day. How is it now?"
CHECK_IN = "Check-in · 1 of 5"
CRY = "i want to kill myself"
GENTLE = "everyone would be better off without me"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of March 2026 in Berlin."""
    return datetime(2026, 3, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@asynccontextmanager
async def berlin(folder: Path, start: datetime, check_in: str = "No, thank you") -> AsyncIterator[House]:
    """Somebody in Berlin who takes Sertraline at eight."""
    async with house(folder, start) as one:
        await one.life.settle_in("Berlin", "Germany")
        await one.life.add_medicine("Sertraline", "50 mg", "8am", first=True)
        await one.life.press(check_in)
        yield one


async def heard(life: Life, words: str) -> list[str]:
    return [text for text in map(plain, await life.heard()) if words in text]


async def restart(one: House) -> None:
    await one.close()
    await one.open()


async def test_a_cry_at_night_a_calm_morning_and_one_question_in_the_evening(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 21, 30), check_in="Another time") as one:
        life = one.life
        await life.say("11:00")
        await life.wait_until(at(5, 23, 40))
        await life.say(CRY)
        assert await heard(life, CARD)
        await restart(one)
        await life.wait_until(at(6, 8, 1))
        assert await life.last() == "Time for Fri 6 Mar, 08:00\n○ Sertraline, 50 mg"
        assert await life.press("Taken") == "Recorded at 08:01."
        await life.wait_until(at(6, 11, 30))
        assert not await heard(life, CHECK_IN)
        await life.say("/streak")
        assert await life.last() == "No numbers today. They will still be there when you want them."
        await life.say("/mood")
        assert await life.last() == "No numbers today. They will still be there when you want them."
        await life.wait_until(at(6, 18, 59))
        assert not await heard(life, QUESTION)
        await restart(one)
        await life.wait_until(at(6, 19, 1))
        assert len(await heard(life, QUESTION)) == 1
        await restart(one)
        await life.wait_until(at(7, 11, 1))
        assert await heard(life, CHECK_IN)
        await life.wait_until(at(9, 12))
        assert len(await heard(life, QUESTION)) == 1


@pytest.mark.process
@pytest.mark.xdist_group("processes")
async def test_the_question_comes_once_however_often_the_bot_is_killed(tmp_path: Path) -> None:
    start = at(5, 15, 0)
    async with demo(tmp_path, start=start) as (url, bot), aiohttp.ClientSession() as http:
        life = Life(http, url, SteerableClock(start, frozen=True), tmp_path)
        for deed in ("/start", "[Yes, let's begin]", "Berlin", "[Germany]", "/cancel", CRY):
            await life.wait(seconds=4)
            await (life.press(deed[1:-1]) if deed.startswith("[") else life.say(deed))
        await bot.kill()
        await life.wait(hours=23, minutes=59)
        assert not await heard(life, QUESTION)
        await bot.kill()
        await life.wait(minutes=2)
        assert len(await heard(life, QUESTION)) == 1
        await bot.kill()
        await life.wait(hours=30)
        assert len(await heard(life, QUESTION)) == 1


NOTHING_GETS_THROUGH = {"method": "sendMessage", "kind": "retry_after", "seconds": 30}


async def test_a_question_that_could_not_be_asked_all_evening_is_asked_in_the_morning(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say(CRY)
        await life.wait_until(at(6, 14, 59))
        await life.call("faults", {"rules": [NOTHING_GETS_THROUGH]})
        await life.wait_until(at(6, 21))
        await life.call("faults", {"clear": True})
        await life.wait_until(at(7, 9, 59))
        assert not await heard(life, QUESTION)
        await life.wait_until(at(7, 10, 1))
        assert len(await heard(life, QUESTION)) == 1
        await life.wait(days=3)
        assert len(await heard(life, QUESTION)) == 1


async def test_a_question_on_its_way_waits_when_the_person_cries_again(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say(CRY)
        await life.wait_until(at(6, 14, 59))
        await life.call("faults", {"rules": [NOTHING_GETS_THROUGH | {"chat": life.person}]})
        await life.wait_until(at(6, 15, 1))
        await life.call("faults", {"clear": True})
        await life.say(CRY)
        assert len(await heard(life, CARD)) == 2
        await life.wait_until(at(7, 14, 59))
        assert not await heard(life, QUESTION)
        await life.wait_until(at(7, 15, 5))
        assert len(await heard(life, QUESTION)) == 1


async def test_a_no_gives_the_evening_back_and_nobody_asks_the_next_day(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15), check_in="18:00") as one:
        life = one.life
        await life.wait_until(at(5, 17, 50))
        await life.say(GENTLE)
        await life.wait_until(at(5, 18, 5))
        assert not await heard(life, CHECK_IN)
        await life.press("No")
        await life.wait(minutes=1)
        assert await heard(life, CHECK_IN)
        await life.wait(days=2)
        assert not await heard(life, QUESTION)


async def test_a_no_the_next_morning_still_counts(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say(GENTLE)
        await life.wait_until(at(6, 9))
        await life.press("No")
        await life.wait(days=2)
        assert not await heard(life, QUESTION)


async def test_a_no_does_not_take_back_an_urgent_card(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15), check_in="18:00") as one:
        life = one.life
        await life.say(CRY)
        await life.wait(minutes=10)
        await life.say(GENTLE)
        await life.press("No")
        await life.wait_until(at(5, 18, 1))
        assert not await heard(life, CHECK_IN)
        await life.wait_until(at(6, 15, 1))
        assert len(await heard(life, QUESTION)) == 1


async def test_a_yes_or_a_second_cry_moves_nothing_earlier(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 13)) as one:
        life = one.life
        await life.say(GENTLE)
        await life.wait(hours=2)
        await life.press("Yes")
        await life.wait(hours=1)
        await life.press("My safety plan")
        await life.wait_until(at(6, 14, 59))
        assert not await heard(life, QUESTION)
        await life.wait_until(at(6, 15, 1))
        assert len(await heard(life, QUESTION)) == 1


async def test_worry_about_somebody_else_changes_nothing_in_ones_own_day(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15), check_in="18:00") as one:
        life = one.life
        await life.say("my sister wants to kill herself")
        await life.wait_until(at(5, 18, 1))
        assert await heard(life, CHECK_IN)
        await life.wait(days=2)
        assert not await heard(life, QUESTION)


async def test_whoever_paused_is_asked_and_a_stranger_is_not(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say(CRY)
        await life.say("/pause")
        assert "streak" not in await life.last()
        stranger = Life(life.http, life.url, life.clock, life.folder, person=777)
        await stranger.say(CRY)
        assert await heard(stranger, CARD)
        await life.wait_until(at(6, 15, 1))
        assert len(await heard(life, QUESTION)) == 1
        assert not await heard(stranger, QUESTION)


async def test_whoever_blocked_the_bot_is_left_in_peace_and_asked_when_they_are_back_soon(
    tmp_path: Path,
) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say(CRY)
        await life.call("block", {"person": life.person, "blocked": True})
        await life.wait_until(at(6, 17))
        assert not await heard(life, QUESTION)
        await life.call("block", {"person": life.person, "blocked": False})
        await life.say("/today")
        await life.wait(minutes=1)
        assert len(await heard(life, QUESTION)) == 1


@pytest.mark.parametrize(("back", "asked"), [(at(6, 19), 1), (at(7, 3), 1), (at(7, 16), 0)])
async def test_after_an_outage_the_question_comes_within_a_day_by_day_or_not_at_all(
    tmp_path: Path, back: datetime, asked: int
) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say(CRY)
        await one.close()
        one.clock.advance_to(back)
        await one.open()
        await life.wait(minutes=1)
        by_day = 10 <= back.astimezone(BERLIN).hour < 20
        assert len(await heard(life, QUESTION)) == (asked if by_day else 0)
        await life.wait_until(at(7, 17))
        assert len(await heard(life, QUESTION)) == asked


async def test_a_question_that_was_under_way_does_not_reach_somebody_who_cried_since(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15), check_in="20:00") as one:
        life = one.life
        await life.call("faults", {"rules": [_busy()]})
        await life.wait_until(at(5, 20, 0) + timedelta(seconds=5))
        await life.call("faults", {"clear": True})
        await life.say(CRY)
        await life.wait(minutes=30)
        assert await heard(life, CARD)
        assert not await heard(life, CHECK_IN)


def _busy() -> dict[str, Any]:
    return {"method": "sendMessage", "kind": "retry_after", "seconds": 60, "probability": 1.0}


async def test_in_calm_hours_nothing_is_offered_and_an_outage_is_told_without_the_streak(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, at(5, 6)) as one:
        life = one.life
        await life.settle_in("Berlin", "Germany")
        await life.say(CRY)
        await life.add_medicine("Sertraline", "50 mg", "8am", first=True)
        assert not await heard(life, "Shall I ask you once a day")
        await one.close()
        one.clock.advance_to(at(5, 16, 30))
        await one.open()
        await life.wait(minutes=1)
        [told] = await heard(life, "I was away, or could not reach you")
        assert "streak" not in told


async def test_the_day_after_speaks_the_language_of_the_card(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/settings")
        await life.press("Language")
        await life.press("Deutsch")
        await life.say("/sos")
        await life.wait_until(at(6, 15, 1))
        question = (await life.heard())[-1]
        assert question["buttons"][1][0]["text"] == "Immer noch schwer"
        await life.press("Immer noch schwer")
        assert "Behandlungsteam" in await life.last()
        assert "Mein Sicherheitsplan" in await life.buttons()


async def test_a_plan_half_written_survives_a_restart_and_a_cry_in_it_is_not_lost(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/plan")
        await life.press("Go through all six")
        await life.say("No sleep.\nNo appetite.")
        await restart(one)
        await life.say("i want to die")
        assert await heard(life, CARD)
        assert (await life.last()).startswith("I kept what you wrote as step 2")
        await restart(one)
        await life.press("Go on with the plan")
        assert "Step 3 of 6" in await life.last()
        await life.say("The café.")
        await life.say("/sos")
        await life.press("My safety plan")
        shown = await life.last()
        for words in ("No sleep.\nNo appetite.", "i want to die", "The café.", "(Germany)"):
            assert words in shown


@pytest.mark.parametrize("call", ["SOS", "help me", "/sos"])
async def test_a_call_for_help_in_the_middle_of_the_plan_changes_no_step(tmp_path: Path, call: str) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/plan")
        await life.press("Step 1")
        await life.say("No sleep.")
        await life.press("Step 1")
        await life.say(call)
        assert await heard(life, CARD)
        await life.press("I am in another country")
        await life.press("More countries")
        await life.say("Spain")
        await life.say("/plan")
        assert "\nNo sleep.\n" in await life.last()


async def test_a_cry_too_long_for_a_step_is_answered_and_the_step_asks_again(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/plan")
        await life.press("Step 1")
        await life.say("i want to kill myself. " + "x" * 700)
        assert await heard(life, CARD)
        assert (await life.last()).startswith("That is longer than a step can be")
        await life.say("short")
        assert "\nshort\n" in await life.last()


async def test_the_file_holds_the_plan_and_the_cards_and_delete_takes_both(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/plan")
        await life.press("Step 2")
        await life.say("A walk.")
        await life.press("People I trust")
        await life.press("Add a person")
        await life.say("Anna")
        await life.say("030 123456")
        await life.say(CRY)
        await life.say("/export")
        exported = await _exported(life)
        assert exported["safety_plan"]["steps"] == ["", "A walk.", "", "", "", ""]
        assert exported["safety_plan"]["people"] == [{"name": "Anna", "reach": "+4930123456"}]
        [event] = exported["crisis_cards_shown"]
        assert (event["outlook"], event["language"], event["followed_up_at"]) == ("own", "en", None)
        assert event["follow_up_at"].startswith("2026-03-06T14:00")
        await life.say("/delete")
        await life.press("Delete everything")
        await life.press("Yes, erase it for good")
        await life.wait(days=2)
        assert not await heard(life, QUESTION)
        await life.say("/sos")
        await life.press("My safety plan")
        assert "There is no safety plan yet" in await life.last()


async def _exported(life: Life) -> dict[str, Any]:
    document = (await life.heard())[-1]["document"]
    async with life.http.get(life.url + document["url"]) as reply:
        return dict(json.loads(await reply.text()))


async def test_whoever_erased_everything_may_still_say_that_it_is_hard(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say(CRY)
        await life.wait_until(at(6, 15, 1))
        await life.say("/delete")
        await life.press("Delete everything")
        await life.press("Yes, erase it for good")
        await life.press("Still hard")
        assert await heard(life, "It is a lot to carry")


async def test_erasing_the_plan_closes_the_question_about_a_person_in_it(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/plan")
        await life.press("People I trust")
        await life.press("Add a person")
        await life.say("Anna")
        await life.say("@anna_kay")
        await life.press("Add a person")
        await life.say("/plan")
        await life.press("Erase the plan")
        await life.press("Yes, erase it")
        await life.say("thank you")
        assert "How do you reach" not in await life.last()
