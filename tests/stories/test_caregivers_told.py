"""When a caregiver is told, and when not, on the whole house: three chats, each seen from its own side."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from storage.people import Person
from storage.told import Told
from storage.vocabulary import ReviewState
from tests.stories.life import House, Life, house, plain

MORNING = datetime(2026, 3, 5, 11, 0, tzinfo=UTC)  # 12:00 in Berlin
ANNA = 502
NOT_RECORDED = "13:00 dose is not recorded"


@dataclass(slots=True)
class Two:
    """A person in Berlin who takes a medicine at 13:00 and is reminded once, and their caregiver."""

    home: House
    anna: Life
    before: int = 0

    @property
    def life(self) -> Life:
        """The person's side."""
        return self.home.life

    async def told(self) -> list[str]:
        """What the caregiver got since they agreed."""
        return [plain(message) for message in (await self.anna.heard())[self.before :]]

    async def set_person(self, ref: int, **values: Any) -> None:
        """As /settings would."""
        assert self.home.vault is not None
        async with self.home.vault.database.transaction() as session:
            await session.exec(update(Person).where(col(Person.ref) == str(ref)).values(**values))

    async def away(self, minutes: float) -> None:
        """We are out of order."""
        await self.home.close()
        self.home.clock.advance(minutes * 60)
        await self.home.open()


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with house(tmp_path, MORNING) as home:
        life = home.life
        both = Two(home, replace(life, person=ANNA))
        await life.settle_in("Berlin", "Germany")
        await life.add_medicine("Sertraline", "50 mg", "13:00", first=True)
        await life.press("No, thank you")
        await both.set_person(life.person, nudges=0)
        await life.say("/caregivers")
        await life.press("Invite someone")
        link = re.search(r"cg_[\w-]{22}", await life.last())
        assert link is not None
        await both.anna.say(f"/start {link[0]}", name="Anna")
        await both.anna.press("I agree")
        await both.anna.say("Alex")
        await life.wait(minutes=2)
        await life.press(next(label for label in await life.buttons() if label.startswith("Yes, it is")))
        both.before = len(await both.anna.heard())
        yield both


async def share_doses(two: Two) -> None:
    """Half an hour after a dose."""
    life = two.life
    await life.say("/caregivers")
    gets = next(
        label for label in await all_buttons(life) if label.startswith("What ") and label.endswith(" gets")
    )
    await life.press(gets)
    for label in ("a dose that is not recorded", "30 min", "Switch it on"):
        await life.press(label)


async def all_buttons(life: Life) -> list[str]:
    return [button["text"] for message in await life.heard() for row in message["buttons"] for button in row]


async def until(two: Two, hour: int, minute: int) -> None:
    """Time passes until the clock in Berlin shows it, today."""
    await two.life.wait_until(datetime(2026, 3, 5, hour - 1, minute, tzinfo=UTC))


async def test_half_an_hour_after_the_dose_the_caregiver_is_told(two: Two) -> None:
    await share_doses(two)
    await until(two, 13, 29)
    assert await two.told() == []
    await until(two, 13, 32)
    [text] = await two.told()
    assert text.startswith("Alex\n\nAs of 13:3")
    assert NOT_RECORDED in text
    assert "Sertraline" not in text


async def test_a_time_in_a_notice_is_shown_by_the_readers_own_clock(two: Two) -> None:
    await share_doses(two)
    await until(two, 13, 32)
    message = (await two.anna.heard())[-1]
    times = [entity for entity in message["entities"] if entity["type"] == "date_time"]
    assert [entity["date_time_format"] for entity in times] == ["t", "t"]
    assert times[1]["unix_time"] == int(datetime(2026, 3, 5, 12, 0, tzinfo=UTC).timestamp())
    words = message["text"]
    assert words[times[0]["offset"] :].startswith("13:3")
    assert "(Berlin)" in words


async def test_recorded_in_the_last_minute_and_nobody_is_told(two: Two) -> None:
    await share_doses(two)
    await until(two, 13, 29)
    await two.life.press("Taken")
    await two.life.wait(hours=6)
    assert await two.told() == []


async def test_we_were_out_of_order_in_between_and_nobody_is_told(two: Two) -> None:
    await share_doses(two)
    await until(two, 13, 5)
    await two.away(10)
    await two.life.wait(hours=6)
    assert await two.told() == []


async def test_the_reminder_did_not_arrive_and_nobody_is_told(two: Two) -> None:
    await share_doses(two)
    await until(two, 12, 59)
    fault = {"method": "sendMessage", "kind": "accept_then_drop", "probability": 1.0}
    await two.life.call("faults", {"rules": [fault]})
    await until(two, 13, 10)
    await two.life.call("faults", {"clear": True})
    await two.life.wait(hours=6)
    assert await two.told() == []


async def test_whoever_paused_everything_is_not_told_of(two: Two) -> None:
    await share_doses(two)
    await until(two, 13, 10)
    await two.life.say("/pause")
    await two.life.wait(hours=3)
    await two.life.say("/resume")
    await two.life.wait(hours=3)
    assert await two.told() == []


async def test_whoever_could_not_be_reached_in_between_is_not_told_of(two: Two) -> None:
    await share_doses(two)
    await until(two, 13, 10)
    await two.life.call("block", {"person": two.life.person, "blocked": True})
    await until(two, 13, 20)
    await two.life.call("block", {"person": two.life.person, "blocked": False})
    await two.life.wait(hours=6)
    assert await two.told() == []


async def test_the_caregiver_sleeps_and_it_waits_until_they_wake(two: Two) -> None:
    await share_doses(two)
    await two.set_person(ANNA, zone="America/New_York", quiet_from=time(22), quiet_until=time(9))
    await until(two, 14, 59)  # 08:59 in New York
    assert await two.told() == []
    await until(two, 15, 2)
    [text] = await two.told()
    assert "As of 15:0" in text


async def test_what_is_recorded_while_the_caregiver_sleeps_is_not_told(two: Two) -> None:
    await share_doses(two)
    await two.set_person(ANNA, zone="America/New_York", quiet_from=time(22), quiet_until=time(9))
    await until(two, 14, 30)
    await two.life.press("Taken")
    await two.life.wait(hours=6)
    assert await two.told() == []


async def test_the_caregiver_is_told_in_their_language_and_the_preview_has_both(two: Two) -> None:
    await two.set_person(ANNA, language="de")
    await two.life.say("/caregivers")
    gets = next(label for label in await all_buttons(two.life) if label.endswith(" gets"))
    await two.life.press(gets)
    await two.life.press("a dose that is not recorded")
    await two.life.press("30 min")
    page = await two.life.last()
    assert "die Dosis von 08:00 ist nicht eingetragen" in page.replace("Die Dosis", "die Dosis")
    assert "the 08:00 dose is not recorded" in page
    await two.life.press("Switch it on")
    await until(two, 13, 32)
    [text] = await two.told()
    assert "Die Dosis von 13:00 ist nicht eingetragen" in text
    assert text.partition("\n\n")[2] in await log(two), "word for word"


async def log(two: Two) -> str:
    """What stands in the person's log."""
    await two.life.press("What they were told")
    return next(
        words for words in map(plain, await two.life.heard()) if words.startswith("What ") and "told" in words
    )


async def test_a_second_person_of_the_platform_cannot_acknowledge_for_the_caregiver(two: Two) -> None:
    await share_doses(two)
    await until(two, 13, 32)
    message = (await two.anna.heard())[-1]
    button = message["buttons"][0][0]["data"]
    await two.anna.press_on(message["id"], button, presser=777)
    assert [row.acknowledged_at for row in await told_rows(two)] == [None]
    assert await two.anna.press_on(message["id"], button) == "Noted. Thank you."
    assert [row.acknowledged_at is not None for row in await told_rows(two)] == [True]


async def told_rows(two: Two) -> list[Told]:
    assert two.home.vault is not None
    async with two.home.vault.database.reading() as session:
        return list(await session.exec(select(Told)))


async def test_what_waits_for_the_persons_word_is_dropped_when_the_dose_is_recorded(two: Two) -> None:
    await share_doses(two)
    await two.life.press("Ask me first: no")
    await two.life.press("Yes. Without an answer, send it")
    await until(two, 13, 32)
    assert "would be told this" in await two.life.last()
    await two.life.press("Taken")
    await two.life.wait(hours=6)
    assert await two.told() == []
    assert [row.review for row in await told_rows(two)] == [ReviewState.DROPPED]


@pytest.mark.parametrize("away", [False, True])
async def test_without_an_answer_it_is_sent_only_if_an_answer_could_reach_us(two: Two, away: bool) -> None:
    await share_doses(two)
    await two.life.press("Ask me first: no")
    await two.life.press("Yes. Without an answer, send it")
    await until(two, 13, 32)
    assert "would be told this" in await two.life.last()
    if away:
        await two.away(10)
    await until(two, 14, 3)
    assert len(await two.told()) == (0 if away else 1)
    if not away:
        times = [e for e in (await two.anna.heard())[-1]["entities"] if e["type"] == "date_time"]
        due_at = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
        assert [entity["unix_time"] for entity in times][1:] == [int(due_at.timestamp())], "by her own clock"
    await two.life.wait(hours=4)
    assert len(await two.told()) == (0 if away else 1)


async def test_what_waits_for_the_persons_word_does_not_leave_when_it_was_switched_off_meanwhile(
    two: Two,
) -> None:
    """And on again: silence is no word about what is from before."""
    await share_doses(two)
    await two.life.press("Ask me first: no")
    await two.life.press("Yes. Without an answer, send it")
    await until(two, 13, 40)
    assert len(await told_rows(two)) == 1
    await two.life.press("✓ a dose that is not recorded")
    await two.life.press("Switch it off")
    await two.life.press("a dose that is not recorded")
    await two.life.press("Switch it on")
    await until(two, 14, 30)
    assert await two.told() == []


async def test_a_letter_that_could_not_leave_yet_is_taken_back_when_the_dose_is_recorded(two: Two) -> None:
    await share_doses(two)
    await until(two, 13, 25)
    fault = {"method": "sendMessage", "kind": "status", "code": 429, "probability": 1.0}
    await two.life.call("faults", {"rules": [fault]})
    await until(two, 13, 32)
    assert len(await told_rows(two)) == 1
    await two.life.call("faults", {"clear": True})
    await two.life.press("Taken")
    await two.life.wait(hours=6)
    assert await two.told() == []


async def share_weeks(two: Two) -> None:
    """On Sundays at 18:00; nothing else."""
    await two.life.say("/caregivers")
    gets = next(label for label in await all_buttons(two.life) if label.endswith(" gets"))
    for label in (gets, "the count of the week", "Switch it on"):
        await two.life.press(label)


SUNDAY = datetime(2026, 3, 15, 11, 0, tzinfo=UTC)  # 12:00 in Berlin, after the first whole week


@pytest.mark.parametrize("crisis", [False, True])
async def test_the_count_of_the_week_comes_at_its_time_whatever_the_day_was_like(
    two: Two, crisis: bool
) -> None:
    await share_weeks(two)
    await two.life.wait_until(SUNDAY)
    if crisis:
        await two.life.say("/sos")
        await two.life.say("I want to kill myself")
    await two.life.wait_until(datetime(2026, 3, 15, 16, 59, tzinfo=UTC))
    assert await two.told() == []
    await two.life.wait_until(datetime(2026, 3, 15, 17, 1, tzinfo=UTC))
    [text] = await two.told()
    assert "of 7" in text
    await two.life.wait(days=1)
    assert await two.told() == [text]


async def test_nobody_is_asked_about_a_count_after_a_crisis_and_the_week_is_left_out(two: Two) -> None:
    await share_weeks(two)
    await two.life.press("Ask me first: no")
    await two.life.press("Yes. Without an answer, send it")
    await two.life.wait_until(SUNDAY)
    await two.life.say("/sos")
    await two.life.say("I want to kill myself")
    await two.life.wait(days=2)
    assert await two.told() == []
    assert not any("would be told this" in plain(message) for message in await two.life.heard())


async def test_a_caregiver_never_learns_of_a_crisis_card(two: Two) -> None:
    """Everything is on; the person opens the card by its command and by a text."""
    life = two.life
    await share_doses(two)
    for scope in (
        "the count of the week",
        "that a lasting change was noticed",
        "days of low mood in a row",
        "“I need you”, when you tap it",
    ):
        await life.press(scope)
        await life.press("Switch it on")
    await life.say("/sos")
    await life.say("I want to kill myself")
    assert "112" in " ".join([plain(message) for message in await life.heard()])
    requests = await life.call("requests?method=sendMessage")
    before = len(requests["requests"])
    await life.wait(days=2)
    assert before
    texts = await two.told()
    # The dose of the crisis day is not told, those of the days after are told as on any day.
    assert all(NOT_RECORDED in text for text in texts)
    assert not any("As of" in text and "5 Mar" in text for text in texts)
    for word in ("crisis", "sos", "112", "suicide", "help", "emergency", "kill"):
        assert not any(word in text.lower() for text in texts), word
    assert all(row.made_at >= datetime(2026, 3, 6, 11, 0, tzinfo=UTC) for row in await told_rows(two))
