"""A group is asked how it goes: nobody's answer shows, and nothing of it is lost or left behind."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.gathering import Gathering, gathering
from tests.stories.life import House, house, plain

EVENING = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)  # a Thursday, 19:00 in Berlin
KEPT = "Kept. Nobody sees who answered. You can change it until Thu 21:00."
OVER = "This check-in is over."
QUESTION = "How is this week going?"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, EVENING) as one:
        await one.life.say("/start")
        yield one


async def asked(home: House, kind: str = "supergroup", hours: int = 2) -> Gathering:
    """A group that was asked a moment ago."""
    group = await gathering(home, kind)
    await group.set_up()
    await home.life.press("Check-in")
    await home.life.press("Open for")
    await home.life.press(f"{hours} hours")
    await home.life.press("Ask now")
    await home.life.wait(seconds=2)
    return group


async def answer(group: Gathering, people: Sequence[int], *labels: str) -> list[str | None]:
    """These people answer, in turn with each of the labels; what each of them reads."""
    return [await group.press(labels[place % len(labels)], person) for place, person in enumerate(people)]


async def last(group: Gathering) -> str:
    return (await group.about(QUESTION))[-1]


def rows(home: House, query: str) -> list[tuple[object, ...]]:
    """Straight from the file."""
    connection = sqlite3.connect(home.database_file())
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


async def test_answers_change_nothing_that_is_seen_until_the_close_shows_what_tells_of_nobody(
    home: House, capsys: pytest.CaptureFixture[str]
) -> None:
    group = await asked(home)
    before = await group.shown()
    people = await group.members(14, first=700_123_001)
    read = await answer(group, people, "Hard", "Good")
    read += await answer(group, people[:1], "All right")  # in place of "Hard"
    read += await answer(group, people[2:3], "Hard")  # again
    assert set(read) == {KEPT}
    assert await group.shown() == before
    assert len(rows(home, "SELECT member_hash FROM pulse_answer")) == 14
    await home.life.wait(hours=2)
    [message] = [each for each in await group.shown() if QUESTION in each["text"]]
    assert message["id"] == before[-1]["id"], "in the same place"
    assert not message["buttons"]
    assert "Hard: 5 or more\nUp and down / All right / Good: 5 or more" in plain(message)
    late = {"message_id": message["id"], "data": before[-1]["buttons"][0][0]["data"]}
    assert await group.press_on(late) == OVER
    await _nothing_is_left(home, people)
    logged = "".join(capsys.readouterr())
    assert not [person for person in people if str(person) in logged]


async def _nothing_is_left(home: House, people: Sequence[int]) -> None:
    """Of who answered what, or how many how."""
    assert rows(home, "SELECT * FROM pulse_answer") == []
    [(key, shown)] = rows(home, "SELECT key_sealed, shown FROM pulse")
    assert key is None
    assert str(shown).replace(" ", "") == '{"enough":true,"blocks":[[[0],5],[[1,2,3],5]]}'
    await home.close()
    left = b"".join(file.read_bytes() for file in home.database_file().parent.glob("evenkeel.db*"))
    assert not [person for person in people if str(person).encode() in left]


async def test_answers_that_are_all_alike_are_not_shown(home: House) -> None:
    group = await asked(home, "channel")
    await answer(group, await group.members(12), "Hard")
    await home.life.wait(hours=2)
    assert "5 or more answered." in await last(group)
    assert "Hard" not in await last(group)


async def test_forged_and_foreign_presses_have_no_effect_and_a_note_that_tells_nothing(home: House) -> None:
    other = await asked(home)
    foreign = (await other.shown())[-1]["buttons"][0][0]["data"]
    group = await asked(home, "group")
    message = (await group.shown())[-1]["id"]
    dead = "That button is no longer in use."
    for data in (foreign, "", "x", "a" * 65, "sos2", "MQ==", foreign[:-4] + "AAAA", "é", "-1", "1.99"):
        assert await group.press_on({"message_id": message, "data": data or " "}) == dead, data
    assert rows(home, "SELECT * FROM pulse_answer") == []


async def test_a_press_that_comes_again_is_one_answer(home: House) -> None:
    group = await asked(home)
    message = (await group.shown())[-1]
    for _ in range(3):
        assert await group.press("Hard") == KEPT
    query = {
        "id": "77",
        "from": {"id": home.life.person, "is_bot": False, "first_name": "A"},
        "message": {"message_id": message["id"], "date": 1, "chat": {"id": group.ref, "type": "supergroup"}},
        "chat_instance": "1",
        "data": message["buttons"][3][0]["data"],
    }
    for _ in range(2):
        await home.life.call("update", {"update": {"update_id": 770_001, "callback_query": query}})
    await home.life.wait(seconds=1)
    assert rows(home, "SELECT choice FROM pulse_answer") == [(3,)]


async def test_it_is_asked_once_a_day_at_most(home: House) -> None:
    group = await asked(home)
    assert await home.life.press("Ask now") == "One is open. It has to close first."
    await home.life.wait(hours=3)
    assert "once a day" in (await home.life.press("Ask now") or "")
    await home.life.press("Times")
    await home.life.say("daily 9:00, 16:00")
    await home.life.press("Yes, post it then")
    await home.life.wait(days=2)
    # Thu 19:00 by hand; Fri 9:00 is too early after it, Fri 16:00 is not, and so on.
    opened = [str(at)[:16] for (at,) in rows(home, "SELECT opened_at FROM pulse ORDER BY id")]
    assert opened == ["2026-03-05 18:00", "2026-03-06 15:00", "2026-03-07 15:00"]
    assert len(await group.about(QUESTION)) == 1


# What happens to an open one


async def test_it_survives_a_restart_and_an_outage_over_its_close(home: House) -> None:
    group = await asked(home)
    people = await group.members(12)
    await answer(group, people[:6], "Hard")
    await home.close()
    await home.open()
    assert await answer(group, people[6:], "Good") == [KEPT] * 6
    await home.close()
    home.clock.advance(5 * 3600)
    await home.open()
    await home.life.wait(minutes=1)
    assert "Hard: 5 or more" in await last(group)
    assert await group.press_on({"message_id": 1, "data": "x"}) == "That button is no longer in use."


async def test_after_a_move_it_is_asked_at_the_new_place_and_no_answer_is_lost(home: House) -> None:
    group = await asked(home, "group")
    people = await group.members(12)
    await answer(group, people[:6], "Hard")
    moved = Gathering(home, (await home.life.call("migrate", {"chat": group.ref}))["chat"])
    await home.life.wait(seconds=5)
    assert len(await moved.about(QUESTION)) == 1
    await answer(moved, people[6:], "Good")
    await home.life.wait(hours=2)
    assert len(await moved.about(QUESTION)) == 1
    assert "Hard: 5 or more" in await last(moved)


async def test_a_move_that_only_the_refusal_tells_brings_the_totals_to_the_new_place(home: House) -> None:
    group = await asked(home, "group")
    await answer(group, await group.members(12), "Hard", "Good")
    moved = Gathering(home, (await home.life.call("migrate", {"chat": group.ref, "told": False}))["chat"])
    await home.life.wait(hours=2, minutes=2)
    await home.life.call("migrate", {"chat": group.ref})
    await home.life.wait(minutes=1)
    assert len(await moved.about(QUESTION)) == 1
    assert "Hard: 5 or more" in await last(moved)


async def test_where_the_question_was_deleted_the_totals_stand_anew(home: House) -> None:
    group = await asked(home)
    await answer(group, await group.members(12), "Hard", "Good")
    message = (await group.shown())[-1]["id"]
    world = next(iter(home.standin.stalls.values())).world
    world.remove(world.chats[group.ref], message)
    await home.life.wait(hours=2)
    await home.life.wait(minutes=1)
    assert len(await group.about("Hard: 5 or more")) == 1
    await home.life.wait(days=1)
    assert len(await group.about("Hard: 5 or more")) == 1


async def test_a_topic_that_is_deleted_takes_the_question_along_and_not_the_answers(home: House) -> None:
    group = await gathering(home, "supergroup")
    topic = (await home.life.call("topics", {"chat": group.ref, "name": "Rhythm"}))["topic"]
    await group.set_up()
    await group.say("/group", topic=topic)
    await group.follow("Set me up (admins)")
    await home.life.press("Post in the topic I came from")
    await home.life.press("Check-in")
    await home.life.press("Ask now")
    await home.life.wait(seconds=2)
    assert (await group.shown())[-1]["topic"] == topic
    await answer(group, await group.members(12), "Hard", "Good")
    await home.life.call("topics", {"chat": group.ref, "topic": topic, "state": "deleted"})
    await home.life.wait(hours=13)
    [message] = [each for each in await group.shown() if "Hard: 5 or more" in plain(each)]
    assert "topic" not in message


@pytest.mark.parametrize("told", [True, False], ids=["told of it", "finding out"])
async def test_where_it_may_not_write_at_the_close_it_tells_when_it_may_again(
    home: House, told: bool
) -> None:
    group = await asked(home)
    await answer(group, await group.members(12), "Hard", "Good")
    if told:
        await group.bot_is("kicked")
    else:
        next(iter(home.standin.stalls.values())).world.chats[group.ref].bot_status = "kicked"
    await home.life.wait(hours=4)
    assert rows(home, "SELECT * FROM pulse_answer") == [], "they are gone in time all the same"
    assert not await group.about("Hard: 5 or more")
    await group.bot_is("member")
    await home.life.wait(minutes=1)
    assert len(await group.about("Hard: 5 or more")) == 1


async def test_a_group_that_is_forgotten_leaves_nothing_of_it(home: House) -> None:
    group = await asked(home)
    await group.press("Hard")
    button = (await group.shown())[-1]
    await home.life.press("Back")
    await home.life.press("Forget this group")
    await home.life.press("Yes, forget it")
    for table in ("pulse", "pulse_plan", "pulse_answer", "support_group"):
        assert rows(home, f"SELECT * FROM {table}") == []  # noqa: S608 - names from the line above
    pressed = {"message_id": button["id"], "button": "Hard"}
    assert await group.press_on(pressed) == "That button is no longer in use."
    assert rows(home, "SELECT * FROM support_group") == []


# The picture of a week


async def test_the_picture_of_a_week_shows_what_was_shown_and_comes_only_when_that_was_twice(
    home: House,
) -> None:
    group = await gathering(home, "supergroup")
    await group.set_up()
    await home.life.press("Check-in")
    await home.life.press("Picture of the week")
    await home.life.say("sun 18:00")
    await home.life.press("Yes, post it then")
    await home.life.press("Times")
    await home.life.say("fri sat 9:00")
    await home.life.press("Yes, post it then")
    people = await group.members(12)
    said = {6: ("Hard", "Good"), 7: ("Slow", "Steady"), 13: ("A little", "A lot"), 14: ("Hard",)}
    for day, labels in said.items():
        await home.life.wait_until(datetime(2026, 3, day, 8, 1, tzinfo=UTC))
        await answer(group, people, *labels)
    await home.life.wait_until(datetime(2026, 3, 15, 18, tzinfo=UTC))
    pictures = [m for m in await group.shown() if "The check-ins of this week" in plain(m)]
    assert len(pictures) == 1, "in the second week only one could be shown"
    words = plain(pictures[0])
    assert "Hard: 5 or more" in words
    assert "Very slow / Slow: 5 or more" in words
    assert "photo" in str(pictures[0])
