"""The care team, as somebody lives with it: the real bot over real HTTP."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import post, reactions
from bot.conversation.facts import CareTeamSuggested, DoseChanged, Fact
from bot.conversation.visit import Visit
from storage import notices, people
from storage.notices import Notice
from storage.people import Person
from tests.stories.life import House, Life, house, plain

BERLIN = ZoneInfo("Europe/Berlin")
QUESTION = "Did you reach your care team?"
REMINDER = "Your appointment"
REVIEW = "guidelines advise a talk with the care team"
CRY = "i want to kill myself"
CARD = "I am a program. Nobody reads this live."


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """A time of 2026 in Berlin, in March if nothing else is said."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


@asynccontextmanager
async def berlin(folder: Path, start: datetime) -> AsyncIterator[House]:
    """Somebody in Berlin, without a medicine, so that nothing else is said."""
    async with house(folder, start) as one:
        await one.life.settle_in("Berlin", "Germany")
        await one.life.say("/cancel")
        yield one


async def heard(life: Life, words: str) -> list[str]:
    return [text for text in map(plain, await life.heard()) if words in text]


async def offered(life: Life) -> dict[str, dict[str, Any]]:
    """The buttons of the newest message by their names, without the invisible marks around them."""
    rows = (await life.heard())[-1]["buttons"]
    return {plain({"text": button["text"]}): button for row in rows for button in row}


async def restart(one: House) -> None:
    await one.close()
    await one.open()


@asynccontextmanager
async def visiting(one: House) -> AsyncIterator[Visit]:
    """The person at this moment, as another room has them in hand."""
    assert one.vault is not None
    async with one.vault.database.transaction() as session:
        person = (await people.by_ids(session, [1]))[1]
        assert isinstance(person, Person)
        sealer = (await people.sealers(session, one.vault.master, [person.key]))[person.key]
        visit = Visit(session, person, sealer, one.clock.now())
        yield visit
        await reactions.react(visit)
        await session.flush()
        await post.supersede([visit])
        await post.set_timers([visit])


async def suggest(one: House, **content: Any) -> None:
    """A notice suggests to contact the care team."""
    async with visiting(one) as visit:
        told = {"kind": "concern", "on": visit.today.isoformat(), **content}
        sealed = notices.seal_content(visit.sealer, told)
        visit.session.add(Notice(person_id=visit.person.key, told_at=visit.now, content_sealed=sealed))
        visit.tell(CareTeamSuggested())


async def add(life: Life, name: str, role: str, ways: str) -> None:
    await life.say("/care")
    await life.press("Add someone")
    await life.say(name)
    await life.press(role)
    await life.say(ways)


async def appoint(life: Life, day: str, time: str = "") -> None:
    """An appointment with nobody in particular."""
    await life.say("/care")
    await life.press("Appointment")
    await life.say(day)
    await (life.say(time) if time else life.press("I don't know the time"))
    await life.press("Leave it open")


def told_to(monkeypatch: pytest.MonkeyPatch) -> list[Fact]:
    """What is told of changed doses."""
    told: list[Fact] = []

    async def note(_visit: Visit, fact: Fact) -> None:
        told.append(fact)

    table = {**reactions.REACTIONS}
    table[DoseChanged] = (*table[DoseChanged], note)
    monkeypatch.setattr(reactions, "REACTIONS", table)
    return told


async def test_a_team_that_survives_restarts_in_the_middle_of_every_question(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/care")
        await life.press("Add someone")
        await restart(one)
        await life.say("Dr. Meyer")
        await restart(one)
        await life.press("psychiatrist")
        await restart(one)
        await life.say("030 123456")
        assert "Dr. Meyer, psychiatrist, +4930123456" in await life.last()
        await life.press("Appointment")
        await life.say("12.3.")
        await restart(one)
        await life.say("2pm")
        await restart(one)
        await life.press("\u2068Dr. Meyer\u2069")
        assert "Next appointment: Thu 12 Mar at 14:00, with Dr. Meyer" in await life.last()


async def test_six_people_and_no_seventh_also_when_two_dialogs_run(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        for n in range(5):
            await add(life, f"Person {n}", "nurse", f"p{n}@example.org")
        await life.say("/care")
        old = (await life.heard())[-1]
        await add(life, "Person 5", "nurse", "030 123456")
        assert "Add someone" not in await life.buttons()
        adding = next(b for row in old["buttons"] for b in row if b["text"] == "Add someone")
        toast = await life.press_forged(old["id"], adding["data"])
        assert toast == "There is room for 6 people. Remove one first."
        await life.say("/care")
        assert "Person 5, nurse, +4930123456" in await life.last()


async def test_a_draft_tells_the_facts_of_a_new_notice_and_the_persons_own_words_take_its_place(
    tmp_path: Path,
) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await add(life, "Dr. Meyer", "psychiatrist", "030 123456, meyer@example.org")
        await life.press("Write to them")
        assert "lower" not in await life.last()
        await suggest(one, since="2026-02-20", taken=26, due=28, stable_since="2025-12-01")
        await life.say("/care")
        await life.press("Write to them")
        ready = (
            "My mood has been lower than my usual for a while. I take my medicine as recorded below. "
            "I would like to talk with you about it. When could we speak?\n"
            "Lower since Fri 20 Feb. Doses recorded: 26 of 28. Dose unchanged since Mon 1 Dec 2025."
        )
        assert ready in await life.last()
        assert "I send nothing." in await life.last()
        buttons = await offered(life)
        assert buttons["Copy the words"]["copy"] == ready
        assert buttons["Copy e-mail of Dr. Meyer"]["copy"] == "meyer@example.org"
        assert buttons["Write to Dr. Meyer"]["url"].startswith("https://t.me/+4930123456?text=My%20mood")
        assert not any("mailto" in str(button) for button in buttons.values())
        await life.press("In my own words")
        await life.say("Hello,\n\n" + "my days are grey. " * 20)
        own = "Hello,\n" + ("my days are grey. " * 20).strip()
        assert own in await life.last()
        assert "too long for a copy button" in await life.last()
        assert "Copy the words" not in await life.buttons()
        await restart(one)
        await life.say("/care")
        await life.press("Write to them")
        assert own in await life.last()
        await life.press("Back to the ready words")
        assert ready in await life.last()
        await suggest(one, kind="two_missed_days", on="2026-03-05")
        await life.say("/care")
        await life.press("Write to them")
        assert ready in await life.last()
        await life.wait(days=40)
        await life.say("/care")
        await life.press("Write to them")
        assert "lower" not in await life.last()


async def test_words_of_nine_hundred_letters_are_kept_and_longer_ones_asked_for_again(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await add(life, "Dr. Meyer", "psychiatrist", "030 123456")
        await life.press("Write to them")
        await life.press("In my own words")
        await life.say("ä" * 901)
        assert (await life.last()).startswith("That is longer than 900 characters.")
        await life.say("ä" * 900)
        assert "Copy the words into it." in await life.last()
        buttons = await offered(life)
        assert buttons["Write to Dr. Meyer"]["url"] == "https://t.me/+4930123456"
        assert "Choose a chat" not in buttons


async def test_words_for_the_team_that_bring_up_a_card_are_not_lost(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/care")
        await life.press("Write to them")
        await life.press("In my own words")
        await life.say("i want to die and i need help")
        assert await heard(life, CARD)
        assert "I kept what you wrote for your care team." in await life.last()
        await life.press("Write to them")
        assert "i want to die and i need help" in await life.last()
        await life.say("/care")
        await life.press("Questions")
        await life.press("Add a question")
        await life.say("What if i want to kill myself?")
        assert "I kept what you wrote for your care team." in await life.last()
        await life.say("/care")
        assert "1. What if i want to kill myself?" in await life.last()


async def test_an_appointment_its_eve_and_the_day_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = told_to(monkeypatch)
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/care")
        await life.press("Questions")
        await life.press("Add a question")
        await life.say("How long will I take it?")
        await appoint(life, "12.3.", "9:30")
        await life.wait_until(at(11, 16, 59))
        assert not await heard(life, REMINDER)
        await restart(one)
        await life.wait_until(at(11, 17, 1))
        [said] = await heard(life, REMINDER)
        assert "Thu 12 Mar at 09:30" in said
        assert "1. How long will I take it?" in said
        await life.wait_until(at(13, 10, 59))
        assert not await heard(life, QUESTION)
        await restart(one)
        await life.wait_until(at(13, 11, 1))
        assert len(await heard(life, QUESTION)) == 1
        await life.press("Yes, we talked")
        await life.press("The dose changed")
        await restart(one)
        await life.press("Done")
        await life.say("11.3.")
        assert "Noted: changed from Wed 11 Mar on." in await life.last()
        assert "/meds" in await life.last()
        assert told == [DoseChanged(date(2026, 3, 11))]
        await life.press("My care team")
        assert "Last talk about your treatment: today" in await life.last()
        assert "No appointment noted." in await life.last()
        await life.wait(days=20)
        assert len(await heard(life, REMINDER)) == 1
        assert len(await heard(life, QUESTION)) == 0  # the only one was answered in its place


async def test_an_appointment_that_moves_is_spoken_of_on_its_new_eve_alone(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await appoint(life, "2026-03-12", "9:30")
        await life.press("Appointment")
        await life.press("Change it")
        await life.say("2026-03-20")
        await life.press("I don't know the time")
        await life.press("Leave it open")
        await life.wait_until(at(19, 16, 59))
        assert not await heard(life, REMINDER)
        assert not await heard(life, QUESTION)
        await life.wait_until(at(19, 17, 1))
        assert len(await heard(life, REMINDER)) == 1
        await life.say("/care")
        await life.press("Appointment")
        await life.press("Remove it")
        await life.wait(days=5)
        assert not await heard(life, QUESTION)


async def test_on_the_eve_itself_nobody_is_reminded_of_what_they_just_noted(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 18)) as one:
        await appoint(one.life, "2026-03-06", "9:30")
        await one.life.wait(hours=14)
        assert not await heard(one.life, REMINDER)


async def test_after_a_notice_it_is_asked_twice_at_most_and_an_answer_ends_it(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await suggest(one)
        await life.wait_until(at(8, 14, 59))
        assert not await heard(life, QUESTION)
        await restart(one)
        await life.wait_until(at(8, 15, 1))
        assert len(await heard(life, QUESTION)) == 1
        await life.press("Not yet")
        assert "I ask once more in about 3 days" in await life.last()
        assert "Write to them" in await life.buttons()
        await life.wait_until(at(11, 15, 2))
        assert len(await heard(life, QUESTION)) == 1
        await life.press("Not yet")
        assert "once more" not in await life.last()
        await life.wait(days=60)
        assert not await heard(life, QUESTION)
        await suggest(one)
        await life.wait(days=4)
        assert len(await heard(life, QUESTION)) == 1
        await life.press("I'd rather not say")
        await life.wait(days=10)
        assert not await heard(life, QUESTION)


async def test_a_question_that_nobody_answers_comes_once_more_and_then_not_again(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        await suggest(one)
        await one.life.wait(days=60)
        assert len(await heard(one.life, QUESTION)) == 2


async def test_whoever_has_talked_by_then_is_not_asked(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        await suggest(one)
        await one.life.say("/care")
        await one.life.press("We talked")
        await one.life.press("It stays as it is")
        await one.life.press("Done")
        await one.life.wait(days=20)
        assert not await heard(one.life, QUESTION)


async def test_another_medicine_from_an_unknown_day_tells_no_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = told_to(monkeypatch)
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.say("/care")
        await life.press("We talked")
        await life.press("Another medicine")
        await life.press("Done")
        await life.press("I don't know the day")
        assert (await life.last()).startswith("Thank you. I noted that you talked.")
        assert told == []
        await life.press("My care team")
        await life.press("We talked")
        await life.press("Another medicine")
        await life.press("Done")
        await life.press("Yesterday")
        assert told == [DoseChanged(date(2026, 3, 4))]


async def test_during_a_pause_nothing_is_asked_and_back_within_a_week_it_is(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await suggest(one)
        await life.say("/pause")
        await life.wait_until(at(13, 12))
        assert not await heard(life, QUESTION)
        await life.say("/resume")
        await life.wait(minutes=1)
        assert len(await heard(life, QUESTION)) == 1


async def test_back_after_more_than_a_week_nobody_asks_about_it_any_more(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await suggest(one)
        await life.say("/pause")
        await life.wait_until(at(16, 12))
        await life.say("/resume")
        await life.wait(days=30)
        assert not await heard(life, QUESTION)


async def test_whoever_blocked_the_bot_is_asked_when_they_are_back_soon(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await suggest(one)
        await life.call("block", {"person": life.person, "blocked": True})
        await life.wait_until(at(9, 12))
        await life.call("block", {"person": life.person, "blocked": False})
        await life.say("/today")
        await life.wait(minutes=1)
        assert len(await heard(life, QUESTION)) == 1


async def test_quiet_hours_move_the_eve_and_the_question(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await appoint(life, "2026-03-12", "15:00")
        await life.say("/settings")
        await life.press("Quiet hours")
        await life.say("16:00 to 18:30")
        await life.wait_until(at(11, 18, 29))
        assert not await heard(life, REMINDER)
        await life.wait_until(at(11, 18, 31))
        assert len(await heard(life, REMINDER)) == 1
        await life.say("/settings")
        await life.press("Quiet hours")
        await life.say("22:00 to 12:00")
        await life.wait_until(at(13, 11, 59))
        assert not await heard(life, QUESTION)
        await life.wait_until(at(13, 12, 1))
        assert len(await heard(life, QUESTION)) == 1


async def test_in_the_calm_hours_after_a_crisis_nothing_is_asked(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 12)) as one:
        life = one.life
        await suggest(one)
        await life.wait_until(at(8, 9))
        await life.say(CRY)
        await life.wait_until(at(8, 20, 30))
        assert not await heard(life, QUESTION)
        await life.wait_until(at(9, 10, 1))
        assert len(await heard(life, QUESTION)) == 1


def busy() -> dict[str, Any]:
    return {"method": "sendMessage", "kind": "retry_after", "seconds": 60, "probability": 1.0}


async def test_a_question_that_was_under_way_does_not_reach_somebody_who_cried_since(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 12)) as one:
        life = one.life
        await suggest(one)
        await life.wait_until(at(8, 11, 59))
        await life.call("faults", {"rules": [busy()]})
        await life.wait_until(at(8, 12) + timedelta(seconds=5))
        await life.call("faults", {"clear": True})
        await life.say(CRY)
        await life.wait(minutes=30)
        assert await heard(life, CARD)
        assert not await heard(life, QUESTION)


@pytest.mark.parametrize(("back", "asked"), [(at(9, 3), 1), (at(15, 11), 1), (at(16, 3), 0)])
async def test_after_an_outage_the_question_comes_by_day_or_not_at_all(
    tmp_path: Path, back: datetime, asked: int
) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        await suggest(one)
        await one.close()
        one.clock.advance_to(back)
        await one.open()
        await one.life.wait(hours=2, minutes=1)  # after an outage, doses come first
        by_day = 10 <= back.astimezone(BERLIN).hour < 20
        assert len(await heard(one.life, QUESTION)) == (asked if by_day else 0)
        await one.life.wait(days=1)
        assert len(await heard(one.life, QUESTION)) == asked


async def test_half_a_year_without_a_talk_is_said_once_and_once_more_after_a_quarter(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await life.wait_until(at(1, 10, 59, month=9))
        assert not await heard(life, REVIEW)
        await life.wait_until(at(1, 11, 1, month=9))
        [said] = await heard(life, REVIEW)
        assert "since you began on Thu 5 Mar" in said
        await life.wait_until(at(30, 10, 59, month=11))
        assert len(await heard(life, REVIEW)) == 1
        await life.wait_until(at(30, 11, 1, month=11))
        assert len(await heard(life, REVIEW)) == 2
        await life.press("We talked")
        await life.press("Done")
        await life.wait(days=170)
        assert len(await heard(life, REVIEW)) == 1


async def test_the_day_after_speaks_the_persons_language_and_its_dates(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await appoint(life, "2026-03-12", "9:30")
        await life.say("/settings")
        await life.press("Language")
        await life.press("Deutsch")
        await life.wait_until(at(11, 17, 1))
        assert "Do., 12. März" in await life.last()


async def test_the_file_holds_the_team_and_delete_takes_it_and_its_questions(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await add(life, "Dr. Meyer", "psychiatrist", "030 123456")
        await appoint(life, "2026-03-12", "9:30")
        await life.say("/export")
        document = (await life.heard())[-1]["document"]
        async with life.http.get(life.url + document["url"]) as reply:
            exported = json.loads(await reply.text())
        assert exported["care_team"] == [
            {"name": "Dr. Meyer", "role": "psychiatrist", "phone": "+4930123456", "email": ""}
        ]
        assert exported["care_file"]["appointment"]["on"] == "2026-03-12"
        await life.say("/delete")
        await life.press("Delete everything")
        await life.press("Yes, erase it for good")
        await life.wait(days=10)
        assert not await heard(life, REMINDER)
        assert not await heard(life, QUESTION)


async def test_no_word_of_the_team_stands_readable_in_the_database(tmp_path: Path) -> None:
    async with berlin(tmp_path, at(5, 15)) as one:
        life = one.life
        await add(life, "Canary Meyer", "psychiatrist", "030 99887766, canary@example.org")
        await life.press("Write to them")
        await life.press("In my own words")
        await life.say("canary words for them")
        await life.say("/care")
        await life.press("Questions")
        await life.press("Add a question")
        await life.say("a canary question")
        await appoint(life, "2027-11-19", "9:30")
        await one.close()
        stored = one.database_file().read_bytes()
        for word in (b"anary", b"99887766", b"2027-11-19"):
            assert word not in stored
        await one.open()
