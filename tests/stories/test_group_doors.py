"""Somebody types in a group what belongs into a private chat: nothing is done or told there."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.gathering import ROBIN, SAM, Gathering, gathering
from tests.stories.life import House, house, plain

NOON = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)
LINE = (
    "Commands like that are for a private chat with me. Here I do nothing with them. "
    "For everybody here there are /next and /resources."
)
CARD = "You wrote a command in a group. Here is the place for it."


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, NOON) as one:
        await one.life.settle_in()
        await one.life.say("/cancel")
        yield one


async def told(group: Gathering, person: int) -> list[str]:
    """What the bot says to somebody in private about their command."""
    chat = await group.home.life.call(f"chats/{person}")
    return [plain(message) for message in chat["messages"] if CARD in message["text"]]


async def test_the_group_reads_the_same_whether_the_bot_knows_the_writer_or_not(home: House) -> None:
    lines = []
    for writer in (home.life.person, ROBIN):
        group = await gathering(home)
        await group.say("/add Zoloftine 50 mg", by=writer)
        await home.life.wait(seconds=2)
        [line] = [message for message in await group.shown() if LINE in message["text"]]
        lines.append((line["text"], line["buttons"]))
    assert lines[0] == lines[1]
    assert len(await told(group, home.life.person)) == 1
    await home.close()
    left = b"".join(file.read_bytes() for file in home.database_file().parent.glob("evenkeel.db*"))
    assert b"Zoloftine" not in left


async def test_however_many_commands_come_there_is_one_line_in_ten_minutes_and_few_cards(home: House) -> None:
    group = await gathering(home)
    for number in range(30):
        await group.say(f"/meds {number}", by=(home.life.person, SAM, ROBIN)[number % 3])
    assert len(await group.about(LINE)) == 1, "30 of them in 4 minutes"
    assert len(await told(group, home.life.person)) == 10
    await home.life.wait(minutes=10)
    await group.say("/today", by=SAM)
    assert len(await group.about(LINE)) == 2


async def test_a_command_of_another_bot_is_left_alone_also_where_the_bot_is_an_admin(home: House) -> None:
    group = await gathering(home, "supergroup")
    await group.bot_is("administrator")
    before = await group.heard()
    [greeting] = [message["id"] for message in await group.shown()][:1]
    for number in range(6):
        await group.say("/add@another_bot Zoloftine", **({"reply_to": greeting} if number % 2 else {}))
    await home.life.wait(seconds=2)
    assert await group.heard() == before
    assert await told(group, home.life.person) == []
    await group.say("/group")
    assert len(await group.heard()) == len(before) + 1, "what was not for us used up none of our answers"


async def test_the_writer_can_have_their_message_deleted_where_the_bot_may(home: House) -> None:
    group = await gathering(home, "supergroup")
    for status, answer in (("member", "I may not delete"), ("administrator", "I have asked Telegram")):
        await group.bot_is(status)
        await group.say(f"/mood 9, and a {status}")
        await home.life.wait(seconds=2)
        await home.life.press("Delete my message in the group")
        await home.life.wait(seconds=2)
        assert (await home.life.last()).startswith(answer)
    there = str((await home.life.call(f"chats/{group.ref}"))["messages"])
    assert "9, and a member" in there
    assert "9, and a administrator" not in there


async def test_a_card_for_one_person_is_of_no_use_to_another_nor_after_a_move(home: House) -> None:
    group = await gathering(home)
    await group.bot_is("administrator")
    await group.say("/mood 9, and afraid")
    await home.life.wait(seconds=2)
    card = [message for message in await home.life.heard() if CARD in message["text"]][-1]
    await home.life.call("say", {"from": SAM, "text": "/start"})
    forged = {"chat": SAM, "from": SAM, "message_id": 1, "data": card["buttons"][1][0]["data"]}
    assert (await home.life.call("press", forged))["answer"]["text"] == "That button is no longer in use."
    assert "and afraid" in str((await home.life.call(f"chats/{group.ref}"))["messages"])
    await home.life.call("migrate", {"chat": group.ref})
    await home.life.press("Delete my message in the group")
    assert (await home.life.last()).startswith("I may not delete")


async def test_a_cry_for_help_in_a_command_gets_the_numbers_and_nothing_else(home: House) -> None:
    group = await gathering(home)
    await group.say("/add I want to kill myself")
    await home.life.wait(seconds=2)
    assert not await group.about(LINE)
    assert not await told(group, home.life.person)


async def test_remind_me_in_private_leads_to_the_ordinary_beginning_and_stands_under_posts(
    home: House,
) -> None:
    group = await gathering(home)
    await group.set_up()
    await group.add_post("Sleep", "daily 18:00")
    await home.life.wait(days=1)
    for message in ((await group.shown())[0], (await group.shown())[-1]):
        [link] = [b["url"] for row in message["buttons"] for b in row if b["text"] == "Remind me in private"]
        assert link.endswith("?start=hello")
    await home.life.call("say", {"from": SAM, "text": "/start hello"})
    chat = (await home.life.call(f"chats/{SAM}"))["messages"]
    assert "Yes, let's begin" in str(chat[-1]["buttons"])
