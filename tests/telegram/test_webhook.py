"""The webhook: only Telegram is heard, and it hears 200 only once the effects are committed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.conversation.inbound import Inbound
from bot.telegram.account import Account
from bot.telegram.outcomes import TokenRefused
from bot.telegram.turns import Turns
from bot.telegram.webhook import LARGEST_BODY, SECRET_HEADER, Webhook, Webhooks
from tests.telegram.wire import Wire, error, result

SECRET = "s3cret-of-256-bits"
HEADERS = {SECRET_HEADER: SECRET}


@dataclass
class House:
    """What the rest of the bot sees, and whether its database is there."""

    fronted: list[int] = field(default_factory=list)
    committed: list[int] = field(default_factory=list)
    there: asyncio.Event = field(default_factory=asyncio.Event)

    async def front(self, inbound: Inbound) -> None:
        self.fronted.append(inbound.update_id)

    async def handle(self, inbound: Inbound) -> None:
        await self.there.wait()
        self.committed.append(inbound.update_id)


@dataclass
class Door:
    """Where Telegram knocks."""

    webhook: Webhook
    house: House
    url: str
    http: aiohttp.ClientSession

    async def knock(
        self, body: bytes | dict[str, Any], headers: dict[str, str] = HEADERS, path: str | None = None
    ) -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        address = self.url + (self.webhook.path if path is None else path)
        async with self.http.post(address, data=data, headers=headers) as reply:
            return reply.status


def said(update_id: int, text: str = "hi") -> dict[str, Any]:
    person = {"id": 77, "is_bot": False, "first_name": "Ada"}
    chat = {"id": 77, "type": "private"}
    message = {"message_id": update_id, "date": 1, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": message}


@asynccontextmanager
async def open_door(account: Account, patience: float = 5.0) -> AsyncIterator[Door]:
    house, app = House(), web.Application()
    webhook = Webhook(
        account,
        Turns(house.front, house.handle, first_pause=0.001),
        "https://bot.example.org/",
        SECRET,
        patience=patience,
        first_pause=0.001,
    )
    webhooks = Webhooks()
    webhooks.add_to(app)
    webhooks.open(webhook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        yield Door(webhook, house, f"http://127.0.0.1:{runner.addresses[0][1]}", http)
    await runner.cleanup()


@pytest.fixture
async def door(account: Account) -> AsyncIterator[Door]:
    async with open_door(account) as door:
        door.house.there.set()
        yield door


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.002)


async def test_an_update_is_answered_when_it_is_committed(door: Door) -> None:
    door.house.there.clear()
    knocking = asyncio.create_task(door.knock(said(5)))
    await until(lambda: door.house.fronted == [5])
    assert not knocking.done()
    assert not door.webhook.idle()
    door.house.there.set()
    assert await knocking == 200
    assert door.house.committed == [5]
    assert door.webhook.idle()


async def test_what_cannot_be_committed_in_time_is_brought_again_and_has_one_turn(account: Account) -> None:
    async with open_door(account, patience=0.05) as door:
        assert [await door.knock(said(5)) for _ in range(3)] == [503] * 3
        door.house.there.set()
        await until(door.webhook.idle)
        assert (door.house.fronted, door.house.committed) == ([5], [5])


async def test_while_nothing_can_be_committed_no_connection_is_kept_waiting(account: Account) -> None:
    async with open_door(account, patience=1.0) as door:
        assert await door.knock(said(1)) == 503
        began = asyncio.get_running_loop().time()
        assert set(await asyncio.gather(*(door.knock(said(n)) for n in range(2, 42)))) == {503}
        assert asyncio.get_running_loop().time() - began < 0.9
        assert door.house.fronted == [*range(1, 42)], "every one of them was looked at"
        door.house.there.set()
        await until(door.webhook.idle)
        door.house.there.clear()
        knocking = asyncio.create_task(door.knock(said(50)))
        await asyncio.sleep(0)
        door.house.there.set()
        assert await knocking == 200


@pytest.mark.parametrize("shown", [None, "", SECRET[:-1], SECRET + "x", "é"])
async def test_a_stranger_is_turned_away_before_anything_is_read(door: Door, shown: str | None) -> None:
    headers = {} if shown is None else {SECRET_HEADER: shown}
    assert await door.knock(b"not even JSON", headers) == 403
    assert await door.knock(said(5), headers) == 403
    assert door.house.fronted == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"update_id": "5"}', b'{"update_id": true}', b"\xff"]
)
async def test_what_is_no_update_is_refused(door: Door, body: bytes) -> None:
    assert await door.knock(body) == 400


async def test_a_body_that_is_too_large_is_not_kept(door: Door) -> None:
    assert await door.knock(b" " * (LARGEST_BODY + 1)) == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 65_536 + 2):
            yield b" " * 65_536

    async with door.http.post(door.url + door.webhook.path, data=pieces(), headers=HEADERS) as reply:
        assert reply.status == 413


async def test_the_path_holds_no_secret(door: Door, account: Account) -> None:
    assert door.webhook.path == f"/telegram/{account.number}"
    assert await door.knock(said(5), path="/telegram/1") == 404


async def test_telegram_is_told_where_we_are_until_it_understands(
    wire: Wire, account: Account, door: Door
) -> None:
    wire.replies = [error(500, "not now"), error(429, "slower", {"retry_after": 0}), result(True)]
    running = asyncio.create_task(door.webhook.run())
    await until(lambda: wire.methods == ["setWebhook"] * 3)
    wish = wire.requests[-1].parameters
    assert wish["url"] == f"https://bot.example.org/telegram/{account.number}"
    assert wish["secret_token"] == SECRET
    assert "drop_pending_updates" not in wish
    door.webhook.stop()
    await running


async def test_whoever_balances_the_load_sees_that_we_hear_whatever_the_database_does(
    wire: Wire, door: Door
) -> None:
    door.house.there.clear()
    async with door.http.get(door.url + door.webhook.path) as reply:
        assert reply.status == 200
    door.webhook.stop()
    async with door.http.get(door.url + door.webhook.path) as reply:
        assert reply.status == 503


async def test_a_token_that_is_refused_ends_it(wire: Wire, door: Door) -> None:
    wire.replies = [error(401, "Unauthorized")]
    with pytest.raises(TokenRefused):
        await door.webhook.run()


async def test_after_stop_updates_are_brought_again_and_those_in_hand_are_finished(
    wire: Wire, door: Door
) -> None:
    wire.replies = [result(True)]
    running = asyncio.create_task(door.webhook.run())
    door.house.there.clear()
    knocking = asyncio.create_task(door.knock(said(5)))
    await until(lambda: door.house.fronted == [5])
    door.webhook.stop()
    assert await door.knock(said(6)) == 503
    door.house.there.set()
    assert await knocking == 200
    await running
    assert door.house.committed == [5]
