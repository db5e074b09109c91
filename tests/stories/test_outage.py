"""When we were away or nobody could be reached: nothing is lost or blamed, one message catches up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.life import House, Life, house, plain

MORNING = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)  # 12:00 in Berlin


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A person in Berlin who takes a medicine at 13:00."""
    async with house(tmp_path, MORNING) as one:
        await one.life.settle_in("Berlin", "Germany")
        await one.life.add_medicine("Sertraline", "50 mg", "13:00", first=True)
        await one.life.press("No, thank you")
        yield one


async def heard_since(life: Life, count: int) -> list[str]:
    """The texts that came after the first `count` messages of the bot."""
    return [plain(message) for message in (await life.heard())[count:]]


async def test_back_within_the_window_one_late_reminder_says_so(home: House) -> None:
    life, before = home.life, len(await home.life.heard())
    await home.close()
    home.clock.advance(3 * 3600)
    await home.open()
    await life.wait(seconds=1)
    [text] = await heard_since(life, before)
    assert "late" in text
    assert "Sertraline" in text
    assert await life.press("Taken") == "Recorded at 15:00."


async def test_who_answers_an_older_card_before_we_woke_is_still_asked_for_what_fell_due(home: House) -> None:
    life = home.life
    await life.wait(hours=1)
    card, before = (await life.heard())[-1], len(await life.heard())
    await home.close()
    home.clock.advance(24 * 3600)  # the next dose fell due just now, and nobody wrote it down
    press = {"chat": life.person, "from": life.person, "message_id": card["id"], "button": "Taken"}
    await life.call("press", press | {"wait": False})
    await home.open()
    async with asyncio.timeout(10):
        while home.standin.world.updates.pending:
            await asyncio.sleep(0.01)
    await life.wait(seconds=1)
    [text] = await heard_since(life, before)
    assert "Fri 6 Mar, 13:00" in text


async def test_back_after_the_window_one_message_says_what_was_not_asked(home: House) -> None:
    life = home.life
    await life.wait(hours=1)
    await life.press("Taken")
    before = len(await life.heard())
    await home.close()
    home.clock.advance(3 * 86400)  # a minute or so after the fourth day's dose
    await home.open()
    await life.wait(seconds=1)
    [text] = await heard_since(life, before)
    assert text.count("Sertraline") == 3
    assert text.count("I could not ask") == 2
    assert "Don't take two doses" in text
    await life.press("Taken")
    await life.say("/streak")
    assert "Your streak: 2 days" in await life.last()
    await life.wait(days=1)
    assert "Mon 9 Mar" in await life.last()


async def test_with_the_reminder_also_what_is_too_long_to_list_is_counted(home: House) -> None:
    life, before = home.life, len(await home.life.heard())
    await home.close()
    home.clock.advance(14 * 86400 + 3660)  # a minute or so after the dose of the fifteenth day
    await home.open()
    await life.wait(seconds=1)
    [text] = await heard_since(life, before)
    assert text.startswith("Time for")
    assert text.count("I could not ask") == 12
    assert "and 2 earlier ones" in text


async def test_what_an_arrived_card_told_is_not_told_again_when_we_were_away_once_more(home: House) -> None:
    life = home.life
    await home.close()
    home.clock.advance(25 * 3600 + 60)  # a minute after the second day's dose
    await home.open()
    await life.wait(seconds=1)
    assert "Thu 5 Mar" in await life.last()
    before = len(await life.heard())
    await home.close()
    home.clock.advance(6 * 3600)
    await home.open()
    await life.wait(seconds=1)
    [text] = await heard_since(life, before)
    assert "Fri 6 Mar" in text
    assert "Thu 5 Mar" not in text


async def test_all_that_a_refused_reminder_was_to_tell_is_told_on_return_also_what_it_does_not_list(
    home: House,
) -> None:
    life = home.life
    await home.close()
    home.clock.advance(14 * 86400 + 3660)  # a minute or so after the dose of the fifteenth day
    await life.call("block", {"person": life.person, "blocked": True})
    await home.open()
    await life.wait(hours=6)
    before = len(await life.heard())
    await life.call("block", {"person": life.person, "blocked": False})
    await life.wait(seconds=1)
    await life.say("/today")
    [text] = [text for text in await heard_since(life, before) if "for these:" in text]
    assert text.count("Sertraline") == 12
    assert "3 earlier" in text


async def test_who_blocked_the_bot_is_left_in_peace_and_told_on_return(home: House) -> None:
    life, before = home.life, len(await home.life.heard())
    await life.call("block", {"person": life.person, "blocked": True})
    await life.wait(days=2)
    asked = await life.call("requests?method=sendMessage")
    assert not [entry for entry in asked["requests"] if entry["status"] == 403]
    await life.call("block", {"person": life.person, "blocked": False})
    await life.wait(seconds=1)
    await life.say("/today")
    texts = await heard_since(life, before)
    caught_up = [text for text in texts if "for these:" in text]
    assert len(caught_up) == 1
    assert caught_up[0].count("Sertraline") == 2


async def test_a_block_that_telegram_did_not_announce_is_learnt_from_the_first_refusal(home: House) -> None:
    life = home.life
    home.standin.world.people[life.person].blocked = True
    await life.wait(days=2)
    asked = await life.call("requests?method=sendMessage")
    refused = [entry for entry in asked["requests"] if entry["status"] == 403]
    assert len(refused) == 1


async def test_an_hour_of_broken_telegram_delays_the_reminder_and_nothing_more(home: House) -> None:
    life, before = home.life, len(await home.life.heard())
    await life.wait(minutes=59)
    fault = {"method": "sendMessage", "kind": "status", "code": 502, "probability": 1.0}
    await life.call("faults", {"rules": [fault]})
    await life.wait(minutes=2)
    await life.call("faults", {"clear": True})
    await life.wait(minutes=10)
    texts = await heard_since(life, before)
    assert [text for text in texts if "Sertraline" in text]
    assert len(texts) <= 3


async def test_lost_answers_bring_at_most_three_copies_and_each_says_so(home: House) -> None:
    life, before = home.life, len(await home.life.heard())
    fault = {"method": "sendMessage", "kind": "accept_then_drop", "probability": 1.0}
    await life.call("faults", {"rules": [fault]})
    await life.wait(minutes=75)
    await life.call("faults", {"clear": True})
    texts = await heard_since(life, before)
    assert 1 <= len(texts) <= 3
    assert all(text.startswith("Sent again") for text in texts[1:])
    await life.press("Taken")
    await life.wait(minutes=1)
    assert "taken at" in (await heard_since(life, before))[-1]


async def test_a_foreign_hand_on_a_button_changes_nothing(home: House) -> None:
    life = home.life
    await life.wait(hours=1)
    reminder = (await life.heard())[-1]
    said = await life.press_on(reminder["id"], reminder["buttons"][0][0]["data"], presser=777)
    assert said is None or "no longer in use" in said
    assert "○" in await life.last()


async def test_who_could_not_answer_for_most_of_the_window_is_not_blamed(home: House) -> None:
    life = home.life
    await life.wait(hours=1, minutes=5)
    assert "Time for Thu 5 Mar, 13:00" in await life.last()
    await home.close()
    home.clock.advance(3 * 3600 + 50 * 60)  # the window ends at 17:00, five minutes from now
    await home.open()
    await life.wait(minutes=6)
    await life.say("/today")
    assert "13:00 Sertraline, 50 mg: asked, but no answer could reach me" in await life.last()


async def test_who_had_nearly_all_of_the_window_to_answer_was_asked(home: House) -> None:
    life = home.life
    await life.wait(hours=3)
    await home.close()
    home.clock.advance(2 * 60)
    await home.open()
    await life.wait(hours=3)
    await life.say("/today")
    assert "13:00 Sertraline, 50 mg: not recorded" in await life.last()


async def test_a_check_in_that_fell_into_the_outage_does_not_come_with_the_catching_up(home: House) -> None:
    life = home.life
    await life.say("/settings")
    await life.press("Check-in")
    await life.press("18:00")
    await life.wait(hours=1)
    before = len(await life.heard())
    await home.close()
    home.clock.advance(5 * 3600 + 1800)  # 18:30
    await home.open()
    await life.wait(minutes=10)
    [text] = await heard_since(life, before)
    assert "I was away, or could not reach you" in text
    await life.wait_until(MORNING.replace(day=6, hour=17, minute=1))
    assert "Just one tap today" in await life.buttons()
