"""Updates reach the bot by long poll or webhook, and stay until it confirms them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from tests.standin.house import YOU, House, until

OTHER_POLLER = (
    "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


async def say(house: House, text: str) -> int:
    answer = await house.control("say", **{"from": YOU, "text": text, "wait": False})
    return int(answer["update_id"])


async def test_updates_are_repeated_until_the_offset_confirms_them(house: House) -> None:
    first, second = await say(house, "one"), await say(house, "two")
    assert second == first + 1
    for _ in range(2):
        found = await house.result("getUpdates", timeout=0)
        assert [update["update_id"] for update in found] == [first, second]
    found = await house.result("getUpdates", timeout=0, offset=second)
    assert [update["message"]["text"] for update in found] == ["two"]
    assert await house.result("getUpdates", timeout=0, offset=second + 1) == []


async def test_limit_and_negative_offset(house: House) -> None:
    for text in ("one", "two", "three"):
        await say(house, text)
    assert len(await house.result("getUpdates", timeout=0, limit=2)) == 2
    found = await house.result("getUpdates", timeout=0, offset=-1)
    assert [update["message"]["text"] for update in found] == ["three"]
    assert len(await house.result("getUpdates", timeout=0)) == 1


async def test_a_long_poll_waits_for_the_next_update(house: House) -> None:
    poll = asyncio.create_task(house.result("getUpdates", timeout=10))
    await until(house.standin.world.updates.polled_recently)
    await say(house, "hello")
    assert (await asyncio.wait_for(poll, 5))[0]["message"]["text"] == "hello"


async def test_a_second_poller_ends_the_first(house: House) -> None:
    older = asyncio.create_task(house.refused("getUpdates", timeout=10))
    await until(house.standin.world.updates.polled_recently)
    await house.result("getUpdates", timeout=0)
    assert await asyncio.wait_for(older, 5) == OTHER_POLLER


async def test_kinds_that_nobody_asked_for_do_not_arrive(house: House) -> None:
    await house.result("getUpdates", timeout=0, allowed_updates=["callback_query"])
    answer = await house.control("say", **{"from": YOU, "text": "x", "wait": False})
    assert answer["update_id"] is None
    await house.result("getUpdates", timeout=0, allowed_updates=[])
    assert await say(house, "y")


async def test_updates_are_forgotten_after_a_day(house: House) -> None:
    await say(house, "old")
    house.clock.advance(24 * 3600 + 1)
    assert await house.result("getUpdates", timeout=0) == []


async def test_injected_updates_arrive_as_they_are_even_repeated(house: House) -> None:
    update_id = await say(house, "one")
    await house.updates()
    update = {"update_id": update_id, "message": {"text": "again"}, "unknown_field": 1}
    await house.control("update", update=update)
    found = await house.result("getUpdates", timeout=0, offset=update_id + 1)
    assert found == [update]
    assert await house.result("getUpdates", timeout=0, offset=update_id + 1) == []
    filled = await house.control("update", update={"poll": {}})
    assert filled["update_id"] == update_id + 1


class Hook:
    """A webhook that fails as often as it is told, then accepts."""

    def __init__(self) -> None:
        self.failures = 0
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if self.failures:
            self.failures -= 1
            return web.Response(status=500)
        self.got.append(await request.json())
        return web.Response()


@pytest.fixture
async def hook() -> AsyncIterator[tuple[Hook, str]]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield hook, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_a_webhook_gets_every_update_with_the_secret(house: House, hook: tuple[Hook, str]) -> None:
    receiver, url = hook
    await say(house, "before")
    await house.result("setWebhook", url=url, secret_token="hush-hush")
    await say(house, "after")
    await until(lambda: len(receiver.got) == 2)
    assert {update["message"]["text"] for update in receiver.got} == {"before", "after"}
    assert set(receiver.secrets) == {"hush-hush"}
    info = await house.result("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (url, 40)
    await until(lambda: not house.standin.world.updates.pending)


async def test_a_failing_webhook_is_tried_again(house: House, hook: tuple[Hook, str]) -> None:
    receiver, url = hook
    receiver.failures = 1
    await house.result("setWebhook", url=url)
    await say(house, "hello")
    await until(lambda: receiver.got)
    assert len(receiver.secrets) == 2
    assert "500" in (await house.result("getWebhookInfo"))["last_error_message"]


async def test_long_polling_and_a_webhook_exclude_each_other(house: House, hook: tuple[Hook, str]) -> None:
    poll = asyncio.create_task(house.refused("getUpdates", timeout=10))
    await until(house.standin.world.updates.polled_recently)
    await house.result("setWebhook", url=hook[1])
    assert (await asyncio.wait_for(poll, 5)).startswith("409")
    assert "while webhook is active" in await house.refused("getUpdates", timeout=0)
    await house.result("deleteWebhook")
    assert await house.result("getUpdates", timeout=0) == []


async def test_a_removed_webhook_leaves_what_it_did_not_deliver(house: House, hook: tuple[Hook, str]) -> None:
    hook[0].failures = 100
    await house.result("setWebhook", url=hook[1])
    await say(house, "kept")
    await until(lambda: hook[0].secrets)
    await house.result("deleteWebhook")
    assert (await house.updates())[0]["message"]["text"] == "kept"
    await say(house, "dropped")
    await house.result("deleteWebhook", drop_pending_updates=True)
    assert await house.updates() == []


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"url": "ftp://x"}, "bad webhook: invalid URL specified"),
        ({"url": "https://x.org", "secret_token": "ü"}, "secret token contains unallowed characters"),
    ],
)
async def test_a_bad_webhook_is_refused(house: House, parameters: dict[str, Any], words: str) -> None:
    assert await house.refused("setWebhook", **parameters) == f"400 Bad Request: {words}"
