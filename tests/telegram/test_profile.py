"""The bot's face is nice to have."""

from dataclasses import replace

import pytest

from bot.profile import profile
from bot.telegram.account import Account
from bot.telegram.links import DeepLinks
from bot.telegram.outcomes import TokenRefused
from bot.telegram.profile import Profile, register, username_of
from tests.telegram.wire import Reply, Wire, error, result

FACE = Profile(
    private=[("today", "What is due today")],
    groups=[("help", "What I can do here")],
    admins=[("country", "Whose numbers are shown here")],
    description="A companion.",
    short_description="Companion",
    language="it",
)


async def test_commands_and_descriptions_are_registered(account: Account, wire: Wire) -> None:
    wire.replies = [result(True)]
    await register(account, [FACE])
    assert wire.methods == [*["setMyCommands"] * 3, "setMyDescription", "setMyShortDescription"]
    assert wire.requests[0].parameters == {
        "commands": [{"command": "today", "description": "What is due today"}],
        "scope": {"type": "all_private_chats"},
        "language_code": "it",
    }
    assert wire.requests[1].parameters["scope"] == {"type": "all_group_chats"}
    assert wire.requests[2].parameters["scope"] == {"type": "all_chat_administrators"}


async def test_commands_of_ones_own_are_marked_and_a_server_without_the_mark_gets_them_plain(
    account: Account, wire: Wire
) -> None:
    face = replace(FACE, groups=[*FACE.groups, ("next", "What comes")], whispered=frozenset({"help"}))
    refused = error(400, "Bad Request: can't parse BotCommand")
    wire.replies = [result(True), refused, result(True)]
    await register(account, [face])
    assert wire.methods == [*["setMyCommands"] * 4, "setMyDescription", "setMyShortDescription"]
    marked, plain, admins = (request.parameters["commands"] for request in wire.requests[1:4])
    assert marked[0] == {"command": "help", "description": "What I can do here", "is_ephemeral": True}
    assert plain == [{"command": "help", "description": "What I can do here"}, marked[1]]
    assert marked[1] == {"command": "next", "description": "What comes"}
    assert admins == [{"command": "country", "description": "Whose numbers are shown here"}]
    assert wire.requests[2].parameters["scope"] == {"type": "all_group_chats"}


def test_in_groups_what_is_for_everybody_is_not_marked() -> None:
    for face in profile():
        shown = {name for name, _ in face.admins}
        assert shown - face.whispered == {"group", "next", "resources", "country"}
        assert {name for name, _ in face.groups} < shown


@pytest.mark.parametrize(
    "reply", [error(500, "no"), error(400, "Bad Request: BOT_COMMAND_INVALID"), Reply(fault="drop")]
)
async def test_a_face_that_is_not_taken_is_no_trouble(reply: Reply, account: Account, wire: Wire) -> None:
    wire.replies = [reply]
    await register(account, [FACE])
    assert len(wire.requests) == 5
    assert await username_of(account) is None


async def test_the_bot_knows_its_name(account: Account, wire: Wire) -> None:
    wire.replies = [result({"id": 4000, "is_bot": True, "first_name": "E", "username": "evenkeel_bot"})]
    assert await username_of(account) == "evenkeel_bot"
    assert account.number == "4000"


async def test_a_revoked_token_is_said_aloud(account: Account, wire: Wire) -> None:
    wire.replies = [error(401, "Unauthorized")]
    with pytest.raises(TokenRefused):
        await username_of(account)


async def test_the_address_of_the_private_chat_is_known_as_soon_as_telegram_says_the_name(
    account: Account, wire: Wire
) -> None:
    me = result({"id": 4000, "is_bot": True, "first_name": "E", "username": "evenkeel_bot"})
    wire.replies = [error(500, "no"), Reply(fault="drop"), me]
    links = DeepLinks(account, pause=0.01)
    assert links.start("sos") is None
    await links.learn()
    assert links.start("sos") == "https://t.me/evenkeel_bot?start=sos"
