"""The crisis numbers that stand in a group: pinned, up to date, and put up again wherever they are wanted."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from storage.groups import Group
from tests.stories.gathering import SAM, Gathering, gathering
from tests.stories.life import House, house

# A Thursday, 19:00 in Berlin.
EVENING = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)
OLD = "These numbers have not been checked for a while."


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, EVENING) as one:
        one.life.unhurried = 2.0
        await one.life.say("/start")
        yield one


async def with_numbers(home: House) -> Gathering:
    """A group of Germany in which an admin had the numbers put up."""
    group = await gathering(home)
    await group.say("/country Germany")
    await group.say("/resources")
    await home.life.wait(seconds=5)
    return group


async def pinned(group: Gathering) -> list[dict[str, Any]]:
    """The messages that are pinned there, as they look now."""
    there = await group.home.life.call(f"chats/{group.ref}")
    return [message for message in there["messages"] if message["id"] in there["pinned"]]


def lose(group: Gathering, message: int) -> None:
    """Somebody deletes a message there."""
    next(iter(group.home.standin.stalls.values())).world.chats[group.ref].messages.pop(message)


async def test_they_are_pinned_follow_the_group_and_are_put_up_again_when_they_are_gone(home: House) -> None:
    group = await with_numbers(home)
    [first] = await pinned(group)
    assert "112 (Germany)" in first["text"]
    assert "on 2026-" in first["text"]
    await group.say("/resources", by=SAM)
    assert "112 (Germany)" in (await group.heard())[-1]
    assert [message["id"] for message in await pinned(group)] == [first["id"]]

    await group.say("/country France")
    await home.life.wait(seconds=5)
    [changed] = await pinned(group)
    assert changed["id"] == first["id"]
    assert "France" in changed["text"]
    await group.set_up()
    await home.life.press("Language")
    await home.life.press("français")
    await home.life.wait(seconds=5)
    [changed] = await pinned(group)
    assert changed["id"] == first["id"]
    assert changed["text"].startswith("Pour tout le monde ici")

    lose(group, first["id"])
    await group.say("/country Spain")
    await home.life.wait(minutes=1)
    [replaced] = await pinned(group)
    assert replaced["id"] > first["id"]
    assert "Espagne" in replaced["text"]
    await group.say("/resources")
    await home.life.wait(seconds=5)
    [anew] = await pinned(group)
    assert anew["id"] > replaced["id"]
    assert len(await group.about("Espagne)")) == 1


async def test_at_the_start_and_daily_they_are_compared_with_what_is_known_then(tmp_path: Path) -> None:
    async with house(tmp_path, datetime(2027, 5, 20, 18, tzinfo=UTC)) as home:
        await home.life.say("/start")
        group = await with_numbers(home)
        assert home.app is not None
        async with home.app.vault.database.transaction() as session:
            await session.exec(update(Group).values(resources_shown="of an older release"))
        before = (await home.life.call("requests"))["methods"].get("editMessageText", 0)
        await home.close()
        await home.open()
        for _minute in range(3):  # it begins to look while we begin to wait
            await home.life.wait(minutes=1)
        assert (await home.life.call("requests"))["methods"]["editMessageText"] == before + 1
        [message] = await pinned(group)
        assert OLD not in message["text"]
        await home.life.wait(days=4)
        assert OLD in (await pinned(group))[0]["text"]


@pytest.mark.parametrize("told_first", [True, False])
async def test_a_group_that_moves_has_them_at_its_new_place(home: House, told_first: bool) -> None:
    group = await with_numbers(home)
    await group.set_up()
    await group.add_post("Sleep", "daily 9:00")
    moved = Gathering(
        home, (await home.life.call("migrate", {"chat": group.ref, "told": told_first}))["chat"]
    )
    if not told_first:
        await home.life.wait(hours=15)  # the post finds out
        await home.life.wait(days=1)
    await home.life.wait(minutes=1)
    assert len(await pinned(moved)) == 1
    if not told_first:
        await home.life.call("migrate", {"chat": group.ref})
        await home.life.wait(minutes=1)
        assert len(await pinned(moved)) == 1


async def test_without_a_country_they_wait_for_one_and_without_the_right_to_pin_they_only_stand_there(
    home: House,
) -> None:
    group = await gathering(home)
    await group.say("/resources")
    await home.life.wait(seconds=5)
    assert (await group.heard())[-1].startswith("This group has no country yet")
    await group.say("/country Germany")
    rule = {"kind": "status", "code": 400, "method": "pinChatMessage", "times": 5}
    await home.life.call("faults", {"rules": [rule]})
    await group.say("/resources")
    await home.life.wait(days=2)
    assert await pinned(group) == []
    assert len(await group.about("112 (Germany)")) == 1


@pytest.mark.parametrize("still_pinned", [True, False])
async def test_when_the_group_is_forgotten_they_stay_but_are_not_pinned_any_more(
    home: House, still_pinned: bool
) -> None:
    group = await with_numbers(home)
    [numbers] = await pinned(group)
    if not still_pinned:
        [stall] = home.standin.stalls.values()
        stall.world.chats[group.ref].pinned.clear()  # then Telegram refuses, and nothing comes of that
    await group.set_up()
    await home.life.press("Forget this group")
    await home.life.press("Yes, forget it")
    await home.life.wait(seconds=5)
    assert await pinned(group) == []
    assert numbers["text"] in [message["text"] for message in await group.shown()]
    await home.life.say("/privacy")
    assert (await home.life.last()).startswith("Privacy"), "nobody is taken for unreachable"
    await group.say("/group")
    assert "State: not set up yet" in (await group.heard())[-1]
