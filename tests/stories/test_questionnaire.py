"""The PHQ over weeks: every fortnight for whoever wants it, over a restart, and item 9 before anything."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage import crises, questionnaires
from storage.questionnaires import Questionnaire
from storage.vocabulary import CheckinState
from tests.crisis.test_always_answered import break_database
from tests.stories.life import House, house, plain

EVENING = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)  # 18:30 in New York
DANGER = "If your life is in danger now, call 911 (United States)."


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, EVENING) as one:
        await one.life.settle_in()
        await one.life.add_medicine("Sertraline", "50 mg", "8am", first=True)
        yield one


async def stored(home: House) -> list[Questionnaire]:
    assert home.app is not None
    async with home.app.vault.database.reading() as session:
        rows = [await questionnaires.owned(session, 1, key) for key in range(1, 9)]
    return [row for row in rows if row is not None]


async def answer(home: House, *labels: str) -> None:
    for label in labels:
        await home.life.press(label)


async def test_half_done_answers_are_there_after_a_restart(home: House) -> None:
    await home.life.say("/phq")
    await answer(home, "PHQ-8, 8 questions", "Several days", "Nearly every day")
    await home.close()
    await home.open()
    await home.life.say("/phq")
    assert (await home.life.last()).startswith("PHQ-8 · 3 of 8")
    await answer(home, *["Not at all"] * 6)
    assert "add up to 4 of 24" in await home.life.last()
    [row] = await stored(home)
    assert (row.instrument, row.version, row.state) == ("phq8", "1999-en", CheckinState.DONE)


async def test_a_second_tap_on_an_answered_item_changes_nothing(home: House) -> None:
    await home.life.say("/phq")
    await home.life.press("PHQ-2, 2 questions")
    first = (await home.life.heard())[-1]
    button = first["buttons"][1][0]["data"]
    await home.life.press_on(first["id"], button)
    assert await home.life.press_forged(first["id"], button) == "That question has been answered already."
    await home.life.press("Not at all")
    assert "add up to 1 of 6" in await home.life.last()


async def test_it_comes_every_two_weeks_and_closes_by_itself(home: House) -> None:
    life = home.life
    await life.say("/phq")
    await answer(home, "PHQ-2, 2 questions", "Not at all", "Not at all", "Ask me every two weeks")
    await life.wait(days=13, hours=23)
    assert len(await stored(home)) == 1
    await life.wait(hours=2)
    assert (await life.last()).startswith("PHQ-2 · 1 of 2")
    await life.wait(days=3, hours=1)
    assert "The PHQ-2 has closed. That is all right" in "\n".join(plain(m) for m in await life.heard())
    assert [row.state for row in await stored(home)] == [CheckinState.DONE, CheckinState.EXPIRED]
    await life.wait(days=11)
    assert len(await stored(home)) == 3


async def test_item_nine_brings_the_card_before_anything_else_and_is_kept(home: House) -> None:
    life = home.life
    await life.say("/phq")
    await answer(home, "PHQ-9, 9 questions", *["Several days"] * 8)
    before = len(await life.heard())
    await life.press("More than half the days")
    card = (await life.heard())[before]
    assert plain(card).startswith(DANGER)
    assert home.app is not None
    assert home.app.vault is not None
    async with home.app.vault.database.reading() as session:
        [event] = await crises.since(session, 1, EVENING)
    assert (event.source, event.tier, event.outlook) == ("button", "urgent", "own")  # in clear, so no more
    [row] = await stored(home)
    assert row.state is CheckinState.DONE


async def test_not_at_all_is_no_cry_and_is_never_called_safe(home: House) -> None:
    life = home.life
    await life.say("/phq")
    await answer(home, "PHQ-9, 9 questions", *["Not at all"] * 9)
    said = "\n".join(plain(message) for message in await life.heard())
    assert DANGER not in said
    assert "safe" not in said
    assert "add up to 0 of 27" in said


async def test_item_nine_is_answered_while_the_database_is_gone(home: House) -> None:
    life = home.life
    await life.say("/phq")
    await answer(home, "PHQ-9, 9 questions", *["Not at all"] * 8)
    message = (await life.heard())[-1]
    before = len(await life.heard())
    await break_database(home)
    press = {"chat": life.person, "from": life.person, "message_id": message["id"], "wait": False}
    await life.call("press", press | {"button": "Several days"})
    async with asyncio.timeout(5):
        while len(await life.heard()) == before:
            await asyncio.sleep(0.01)
    assert plain((await life.heard())[before]).startswith(DANGER)


async def test_the_export_holds_the_answers_with_the_version_that_was_asked(home: House) -> None:
    life = home.life
    await life.say("/phq")
    await answer(home, "PHQ-2, 2 questions", "Several days", "Nearly every day")
    await life.say("/export")
    document = next(
        message["document"] for message in reversed(await life.heard()) if message.get("document")
    )
    async with life.http.get(f"{life.url}{document['url']}") as reply:
        [row] = json.loads(await reply.text())["questionnaires"]
    assert (row["instrument"], row["version"], row["answers"]) == ("phq2", "1999-en", [1, 3])


async def test_one_begun_by_hand_closes_on_the_screen_too(home: House) -> None:
    life = home.life
    await life.say("/phq")
    await answer(home, "PHQ-8, 8 questions", "Several days")
    card = (await life.heard())[-1]["id"]
    await life.wait(days=3, hours=1)
    closed = next(message for message in await life.heard() if message["id"] == card)
    assert "The PHQ-8 has closed. That is all right" in plain(closed)
    assert [row.state for row in await stored(home)] == [CheckinState.EXPIRED]


async def test_a_second_one_closes_the_first_and_says_so_where_it_stood(home: House) -> None:
    life = home.life
    await life.say("/phq")
    offer = (await life.heard())[-1]
    await answer(home, "PHQ-8, 8 questions", "Several days")
    first = (await life.heard())[-1]["id"]
    button = next(b["data"] for row in offer["buttons"] for b in row if b["text"].startswith("PHQ-2"))
    await life.press_forged(offer["id"], button)
    assert (await life.last()).startswith("PHQ-2 · 1 of 2")
    closed = next(message for message in await life.heard() if message["id"] == first)
    assert "The PHQ-8 has closed" in plain(closed)


async def every_two_weeks(home: House) -> None:
    await home.life.say("/phq")
    await answer(home, "PHQ-2, 2 questions", "Not at all", "Not at all", "Ask me every two weeks")


async def test_during_a_pause_none_comes_and_afterwards_it_does(home: House) -> None:
    await every_two_weeks(home)
    await home.life.say("/pause")
    await home.life.wait(days=20)
    assert len(await stored(home)) == 1
    await home.life.say("/resume")
    await home.life.wait(days=1, hours=2)
    assert len(await stored(home)) == 2


async def test_in_quiet_hours_it_waits_until_they_end(home: House) -> None:
    life = home.life
    await every_two_weeks(home)
    await life.say("/settings")
    await life.press("Quiet hours")
    await life.say("18:00 to 08:30")
    mark = (await life.call("requests?since=0"))["last"]
    await life.wait(days=14, hours=2)
    assert await _asked(home, mark) == []
    await life.wait(hours=16)
    [asked] = await _asked(home, mark)
    assert not asked.get("disable_notification")


async def _asked(home: House, since: int) -> list[dict[str, Any]]:
    log = await home.life.call(f"requests?since={since}")
    return [entry["params"] for entry in log["requests"] if "PHQ-2" in str(entry["params"].get("text"))]


async def test_in_the_calm_hours_after_a_crisis_it_waits_for_the_next_day(home: House) -> None:
    life = home.life
    await every_two_weeks(home)
    await life.wait(days=13, hours=22)
    await life.say("/sos")
    await life.wait(hours=4)
    assert len(await stored(home)) == 1
    await life.wait(days=1)
    assert len(await stored(home)) == 2
