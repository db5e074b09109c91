"""A crisis answer gets through what would hold up any other message."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import Text, bold
from bot.telegram.crisis import CrisisSender
from tests.telegram.wire import OK, TOKEN, Reply, Wire, error

CARD = Message(bold("You can call 988."), choices=((Choice("Call", "crisis:call", "primary"),),))
HOLD = error(429, "Too Many Requests: retry after 1", {"retry_after": 1})


def sign(_: Action) -> str:
    return "signed"


@pytest.fixture
async def crisis(wire: Wire) -> AsyncIterator[CrisisSender]:
    async with CrisisSender(TOKEN, base_url=wire.url, pauses=(0, 0.05, 0.1)) as crisis:
        yield crisis


async def test_it_arrives_at_the_first_try(crisis: CrisisSender, wire: Wire) -> None:
    assert await crisis.send("77", CARD, sign)
    assert wire.requests[0].parameters["text"] == "You can call 988."
    assert len(wire.requests) == 1


@pytest.mark.parametrize(
    "trouble", [Reply(fault="reset"), Reply(fault="drop"), error(500, "no"), HOLD], ids=str
)
async def test_trouble_is_met_with_another_try(trouble: Reply, crisis: CrisisSender, wire: Wire) -> None:
    wire.replies = [trouble, trouble, OK]
    assert await crisis.send("77", CARD, sign)
    assert len(wire.requests) == 3


async def test_after_three_tries_it_says_that_it_failed(crisis: CrisisSender, wire: Wire) -> None:
    wire.replies = [Reply(fault="drop")]
    assert not await crisis.send("77", CARD, sign)
    assert len(wire.requests) == 3


async def test_a_wait_for_a_day_is_cut_to_what_a_crisis_can_bear(
    crisis: CrisisSender, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.crisis._LONGEST_HOLD", 0.1)
    wire.replies = [error(429, "Too Many Requests", {"retry_after": 86400}), OK]
    assert await crisis.send("77", CARD, sign)


async def test_a_refused_card_goes_as_plain_words(crisis: CrisisSender, wire: Wire) -> None:
    wire.replies = [error(400, "Bad Request: can't parse entities"), OK]
    assert await crisis.send("77", CARD, sign)
    assert "entities" not in wire.requests[1].parameters
    assert wire.requests[1].parameters["text"] == "You can call 988."


async def test_it_follows_a_group_that_has_moved(crisis: CrisisSender, wire: Wire) -> None:
    wire.replies = [error(400, "Bad Request: upgraded", {"migrate_to_chat_id": -1001}), OK]
    assert await crisis.send("-5", CARD, sign)
    assert wire.requests[1].parameters["chat_id"] == "-1001"


@pytest.mark.parametrize("reply", [error(403, "Forbidden: bot was blocked by the user"), error(401, "no")])
async def test_where_nothing_can_help_it_says_so_at_once(
    reply: Reply, crisis: CrisisSender, wire: Wire
) -> None:
    wire.replies = [reply]
    assert not await crisis.send("77", CARD, sign)
    assert len(wire.requests) == 1


async def test_it_never_raises(crisis: CrisisSender) -> None:
    def broken(_: Action) -> Any:
        raise RuntimeError

    card = Message(Text("x"), choices=((Choice("x", Action("crisis", "call")),),))
    assert not await crisis.send("77", card, broken)


async def test_nobody_at_home_is_not_waited_for() -> None:
    async with CrisisSender(TOKEN, base_url="http://127.0.0.1:9/bot", pauses=(0, 0)) as crisis:
        assert not await crisis.send("77", CARD, sign)
