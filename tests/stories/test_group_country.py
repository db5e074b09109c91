"""A support group shows its country's numbers: an admin chooses, everybody sees, and nobody is named."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.standin.world import BOT_USERNAME as BOT
from tests.stories.life import House, house, plain

EVENING = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)
MEMBER = 606


class Group:
    """A group on the stand-in, whose owner is the person of the house."""

    def __init__(self, home: House, ref: int) -> None:
        self.home, self.ref = home, ref

    async def say(self, text: str, by: int | None = None, **more: object) -> None:
        life = self.home.life
        life.clock.advance(8)
        said = {"from": by or life.person, "chat": self.ref, "text": text}
        await life.call("say", said | more)

    async def heard(self) -> list[str]:
        shown = (await self.home.life.call(f"chats/{self.ref}"))["messages"]
        return [plain(message) for message in shown if message["from"]["is_bot"] and message["text"]]


@pytest.fixture
async def group(tmp_path: Path) -> AsyncIterator[Group]:
    async with house(tmp_path, EVENING) as home:
        await home.life.settle_in()
        made = await home.life.call("chats", {"name": "Support", "members": [home.life.person, MEMBER]})
        await home.life.wait(seconds=1)  # it greets the group
        yield Group(home, int(made["id"]))


async def test_an_admin_chooses_and_the_public_line_shows_that_countrys_numbers(group: Group) -> None:
    await group.say("/sos")
    assert "your local emergency number" in (await group.heard())[-1]
    await group.say("/country Germany")
    assert "I show the numbers of Germany from now on." in (await group.heard())[-1]
    await group.home.life.wait(minutes=11)
    await group.say("/sos", by=MEMBER)
    line = (await group.heard())[-1]
    assert "112 (Germany)" in line
    assert "0800 111" in line
    for secret in ("911", "Alex", "United States"):
        assert secret not in line


async def test_it_is_still_so_after_a_restart_and_without_asking_again(group: Group) -> None:
    await group.say(f"/country@{BOT} FR")
    assert "numbers of France" in (await group.heard())[-1]
    await group.home.close()
    await group.home.open()
    await group.say("/sos")
    assert "(France)" in (await group.heard())[-1]
    await group.say("/country")
    assert "The crisis numbers of this group are those of France." in (await group.heard())[-1]


async def test_a_member_who_is_no_admin_changes_nothing(group: Group) -> None:
    await group.say("/country France", by=MEMBER)
    assert (await group.heard())[-1] == "Only an admin of this group can choose its country."
    await group.say("/sos")
    assert "your local emergency number" in (await group.heard())[-1]


async def test_an_admin_without_a_name_is_asked_for_one(group: Group) -> None:
    await group.say("/country France", is_anonymous_admin=True)
    assert (await group.heard())[-1].startswith("I cannot see who wrote that.")


async def test_an_unclear_name_is_asked_about_and_an_unknown_one_is_said_to_be(group: Group) -> None:
    await group.say("/country united")
    assert (await group.heard())[-1].startswith("Which one is meant? ")
    await group.say("/country Atlantis")
    assert (await group.heard())[-1].startswith("I have no numbers for a country of that name.")
    await group.say("/country Iran")
    assert (await group.heard())[-1] == "I have no numbers for Iran yet, so nothing was changed."


async def test_when_telegram_does_not_say_who_is_admin_nothing_changes_and_that_is_said(group: Group) -> None:
    rule = {"kind": "status", "code": 500, "method": "getChatMember", "times": 5}
    await group.home.life.call("faults", {"rules": [rule]})
    await group.say("/country France")
    assert (await group.heard())[-1].startswith("I could not ask whether you are an admin here.")


async def test_a_group_that_became_a_supergroup_keeps_its_country(group: Group) -> None:
    await group.say("/country Germany")
    moved = await group.home.life.call("migrate", {"chat": group.ref})
    after = Group(group.home, int(moved["chat"]))
    await after.say("/sos")
    assert "112 (Germany)" in (await after.heard())[-1]


async def test_in_private_the_command_is_unknown_as_ever(group: Group) -> None:
    await group.home.life.say("/country Germany")
    assert (await group.home.life.last()).startswith("I don't know that command.")
