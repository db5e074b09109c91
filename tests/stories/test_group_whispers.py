"""What concerns one member of a group alone is whispered to them, where Telegram does that; else as ever."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.standin.world import World
from tests.stories.gathering import ROBIN, SAM, Gathering, gathering
from tests.stories.life import House, house, plain

NOON = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)
LINE = (
    "Commands like that are for a private chat with me. Here I do nothing with them. "
    "For everybody here there are /next and /resources."
)
CARD = "You wrote a command in a group. Here is the place for it."
NUMBERS = "For everyone here: if a life is in danger now"
CRISIS_CARD = "If your life is in danger now"
TOLD = "Somebody in the group may need help; the numbers are shown there."
ONLY_ADMINS = "Only an admin of this group can choose its country."


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, NOON) as one:
        one.life.unhurried = 2.0
        await one.life.say("/start")
        yield one


async def in_private(home: House, person: int) -> list[dict[str, Any]]:
    """What somebody reads in their private chat."""
    messages: list[dict[str, Any]] = (await home.life.call(f"chats/{person}"))["messages"]
    return [message for message in messages if message["from"]["is_bot"]]


async def tries(home: House) -> list[int]:
    """How each wish to whisper was answered."""
    asked = (await home.life.call("requests?method=sendMessage"))["requests"]
    return [one["status"] for one in asked if "ephemeral_message_parameters" in one["params"]]


async def settle(group: Gathering) -> None:
    await group.home.life.wait(seconds=2)


def world_of(home: House) -> World:
    return next(iter(home.standin.stalls.values())).world


async def test_an_admin_bot_tells_the_writer_alone_and_the_group_reads_nothing(home: House) -> None:
    group = await gathering(home, "supergroup")
    await group.bot_is("administrator")
    for writer in (home.life.person, SAM):
        await group.say("/mood 9, and afraid", by=writer)
        await settle(group)
        assert await group.whispered(writer) == [LINE]
    assert await group.whispered(ROBIN) == []
    assert await group.about(LINE) == []
    [card] = [message for message in await in_private(home, home.life.person) if CARD in message["text"]]
    assert [row[0]["text"] for row in card["buttons"]] == ["Open /mood", "Delete my message in the group"]
    await group.say("/country France", by=SAM)
    await settle(group)
    assert (await group.whispered(SAM))[-1] == ONLY_ADMINS
    assert await group.about(ONLY_ADMINS) == []
    await group.say("/country", by=SAM)
    await group.say("/group", by=SAM)
    await settle(group)
    assert len(await group.whispered(SAM)) == 2, "what is for everybody is said to everybody"


async def test_where_it_is_refused_everybody_reads_one_line_and_it_is_not_tried_each_time(
    home: House,
) -> None:
    group = await gathering(home)
    for number in range(6):
        await group.say(f"/meds {number}", by=SAM)
    await settle(group)
    assert await group.about(LINE) == [LINE]
    assert await tries(home) == [400]
    await home.life.wait(minutes=1)
    await group.say("/country France", by=SAM)
    await settle(group)
    assert await group.about(ONLY_ADMINS) == [ONLY_ADMINS]
    assert await tries(home) == [400]
    await home.life.wait(minutes=60)
    await group.say("/meds", by=SAM)
    await settle(group)
    assert await tries(home) == [400, 400]
    assert await group.about(LINE) == [LINE, LINE]
    await group.bot_is("administrator")  # from now on, and not only in an hour
    await group.say("/meds", by=SAM)
    await settle(group)
    assert await group.whispered(SAM) == [LINE]
    assert await tries(home) == [400, 400, 200]


async def test_a_command_that_nobody_saw_leaves_no_trace_and_is_answered_there_and_in_private(
    home: House,
) -> None:
    group = await gathering(home)
    before = len(await group.shown())
    for writer in (home.life.person, SAM):
        await group.say("/add Zoloftine 50 mg", by=writer, ephemeral=True)
        await settle(group)
        assert await group.whispered(writer) == [LINE]
    assert len(await group.shown()) == before
    [card] = [message for message in await in_private(home, home.life.person) if CARD in message["text"]]
    assert [row[0]["text"] for row in card["buttons"]] == ["Open /add"], "there is nothing to delete"
    [somebody] = await group.members(1, first=607_123_456)
    await group.say("/next", by=somebody, ephemeral=True)
    await settle(group)
    assert len(await group.whispered(somebody)) == 1
    assert len(await group.shown()) == before
    for number in range(9):
        await group.say(f"/meds {number}", by=SAM, ephemeral=True)
    await settle(group)
    assert len(await group.whispered(SAM)) < 10, "floods are answered as little as ever"
    await home.close()
    left = b"".join(file.read_bytes() for file in home.database_file().parent.glob("evenkeel.db*"))
    assert b"Zoloftine" not in left
    assert str(somebody).encode() not in left, "about members nothing is kept"


async def test_a_member_without_rights_chooses_no_country_unseen_either(home: House) -> None:
    group = await gathering(home)
    await group.say("/country Germany", by=SAM, ephemeral=True)
    await group.say("/country Germany", ephemeral=True)
    await settle(group)
    assert await group.whispered(SAM) == [ONLY_ADMINS]
    assert "Germany" in (await group.whispered(home.life.person))[-1]
    assert await group.about("Germany") == []


async def test_an_answer_that_comes_too_late_is_not_said_to_everybody_instead(home: House) -> None:
    group = await gathering(home)
    before = len(await group.shown())
    wait = {"kind": "retry_after", "seconds": 20, "method": "sendMessage", "chat": group.ref, "times": 1}
    for command, by in (("/mood 3", home.life.person), ("/country France", SAM)):
        await home.life.call("faults", {"rules": [wait]})
        await group.say(command, by=by, ephemeral=True)
        await home.life.wait(minutes=2)
        assert await group.whispered(by) == []
        assert len(await group.shown()) == before
    assert CARD in str(await in_private(home, home.life.person)), "the private way is as it was"


async def test_what_was_not_to_be_said_aloud_is_not_whispered_long_after_either(home: House) -> None:
    group = await gathering(home)
    await group.bot_is("administrator")
    await group.say("/meds", by=SAM)
    await settle(group)
    wait = {"kind": "retry_after", "seconds": 20, "method": "sendMessage", "chat": group.ref, "times": 1}
    await home.life.call("faults", {"rules": [wait]})
    await group.say("/meds", by=SAM)
    await home.life.wait(minutes=2)
    assert await group.whispered(SAM) == [LINE]
    assert await group.about(LINE) == []


async def test_a_cry_that_nobody_saw_is_answered_in_private_and_unseen_and_nobody_is_told(
    home: House,
) -> None:
    group = await gathering(home)
    await group.set_up()
    await group.say("/country Germany")
    await home.life.press("When words sound like a crisis")
    await home.life.press("Tell the admins")
    await home.life.press("Post the notice")
    await home.life.wait(seconds=5)
    await home.life.call("say", {"from": SAM, "text": "/start"})
    before = len(await group.shown())
    await group.say("/sos", by=SAM, ephemeral=True)
    await settle(group)
    assert CRISIS_CARD in str(await in_private(home, SAM))
    [numbers] = await group.whispered(SAM)
    assert numbers.startswith("If your life is in danger now, call 112 (Germany).")
    assert await group.whispered(ROBIN) == []
    assert len(await group.shown()) == before
    assert TOLD not in str(await in_private(home, home.life.person))
    for _ in range(9):
        await group.say("/sos", by=SAM, ephemeral=True)
    await settle(group)
    assert str(await in_private(home, SAM)).count(CRISIS_CARD) == 10, "the card comes every time"
    assert len(await group.whispered(SAM)) < 10


async def test_whoever_has_no_private_chat_reads_the_numbers_with_everybody_as_well(home: House) -> None:
    group = await gathering(home, "supergroup")
    topic = (await home.life.call("topics", {"chat": group.ref, "name": "Nights"}))["topic"]
    await group.say("/sos", by=SAM, ephemeral=True, topic=topic, wait=False)
    async with asyncio.timeout(10):
        while not await group.about(NUMBERS):
            await asyncio.sleep(0.02)
    home.life.clock.advance(5)  # what else there is to say there waits a little behind the line
    await settle(group)
    [line] = [message for message in await group.shown() if NUMBERS in message["text"]]
    assert line["topic"] == topic
    assert [button["text"] for row in line["buttons"] for button in row] == ["Open a private chat"]
    assert len(await group.whispered(SAM)) == 1


async def test_the_card_waits_neither_for_the_whisper_nor_for_the_database(home: House) -> None:
    group = await gathering(home)
    await home.life.call("say", {"from": SAM, "text": "/start"})
    refused = {"kind": "status", "code": 400, "body": "json", "method": "sendMessage", "chat": group.ref}
    await home.life.call("faults", {"rules": [refused]})
    await group.say("/sos", by=SAM, ephemeral=True)
    await settle(group)
    assert CRISIS_CARD in str(await in_private(home, SAM))
    assert await group.whispered(SAM) == []
    await home.life.call("faults", {"clear": True})
    await home.close()
    database = home.database_file()
    database.rename(database.with_suffix(".gone"))
    database.mkdir()  # nothing can be opened there
    watching = await home.watch()
    await home.life.call(
        "say", {"from": SAM, "chat": group.ref, "text": "/sos", "ephemeral": True, "wait": False}
    )
    async with asyncio.timeout(10):
        while str(await in_private(home, SAM)).count(CRISIS_CARD) < 2:
            await asyncio.sleep(0.02)
    assert await group.about(NUMBERS) == []
    watching.cancel()


async def test_an_older_server_shows_it_to_all_once_and_then_it_goes_as_ever(home: House) -> None:
    world_of(home).knows_ephemeral = False
    group = await gathering(home)
    await group.bot_is("administrator")
    for number in range(5):
        await group.say(f"/meds {number}", by=SAM)
    await settle(group)
    assert [plain(message) for message in await group.shown() if LINE in message["text"]] == [LINE]
    assert await tries(home) == [200]


async def test_the_menus_of_groups_mark_what_is_ones_own(home: House) -> None:
    await home.life.wait(minutes=1)
    shown = (await home.life.call("bot?kind=group"))["commands"]
    marked = {command["command"]: command.get("is_ephemeral", False) for command in shown}
    assert marked == {
        **dict.fromkeys(("sos", "worried", "start", "help"), True),
        **dict.fromkeys(("group", "next", "resources"), False),
    }
    private = (await home.life.call("bot?kind=private"))["commands"]
    assert not any("is_ephemeral" in command for command in private)
