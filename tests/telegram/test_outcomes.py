"""Every row of outcomes.toml, over real HTTP."""

import asyncio
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.telegram import request
from bot.telegram.account import Account
from bot.telegram.outcomes import TokenRefused, TopicGone, outcome_of
from scheduler.outcomes import Delivered, Moved, NotSent, Outcome, Refused, Unreachable, Unsure
from tests.telegram.wire import TOKEN, Reply, Wire, error

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("outcomes.toml").read_text())["case"]
NAMES: dict[str, Any] = {
    kind.__name__: kind for kind in (Delivered, Moved, NotSent, Refused, TopicGone, Unreachable, Unsure)
}
MESSAGE = {"chat_id": "1", "text": "08:00"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["when"]))
async def test_what_telegram_says_has_one_meaning(
    case: dict[str, Any], wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "CONNECT_SECONDS", 0.3)
    wire.replies = [_reply(case)]
    full = case.get("fault") == "full pool"
    patience = 30.0 if full else 0.5
    async with Account(TOKEN, base_url=_url(case, wire), connections=1, read_seconds=patience) as account:
        busy = await _busy(account, wire) if full else None
        if case["outcome"] == "TokenRefused":
            with pytest.raises(TokenRefused, match="BotFather"):
                await _send(account)
        else:
            assert await _send(account) == eval(case["outcome"], NAMES)  # noqa: S307 - our own table
        if busy:
            busy.cancel()


def test_no_two_rows_of_the_table_are_about_the_same_case() -> None:
    assert len({case["when"] for case in CASES}) == len(CASES)


async def test_a_closed_account_has_sent_nothing(wire: Wire) -> None:
    account = Account(TOKEN, base_url=wire.url)
    assert await _send(account) == NotSent(None)
    await account.initialize()
    await account.shutdown()
    assert await _send(account) == NotSent(None)


async def test_a_reply_that_comes_in_drops_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nX: ")
        with suppress(ConnectionError):
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)

    monkeypatch.setattr(request, "CONNECT_SECONDS", 0.2)
    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot"
    async with asyncio.timeout(2), Account(TOKEN, base_url=url, read_seconds=0.3) as account:
        assert await _send(account) == Unsure()
    server.close()


async def test_a_huge_reply_is_not_read_to_its_end(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "_LONGEST_REPLY", 1000)
    wire.replies = [Reply(200, b'{"ok":true,"result":"' + b"x" * 1_000_000)]
    async with Account(TOKEN, base_url=wire.url) as account:
        assert await _send(account) == Delivered(None)


async def _send(account: Account) -> Outcome:
    return await outcome_of(account.call("sendMessage", MESSAGE))


async def _busy(account: Account, wire: Wire) -> "asyncio.Task[Outcome]":
    wire.replies = [Reply(fault="hang")]
    task = asyncio.create_task(_send(account))
    async with asyncio.timeout(2):
        while not wire.requests:
            await asyncio.sleep(0.01)
    return task


def _reply(case: dict[str, Any]) -> Reply:
    fault = case.get("fault")
    if "description" in case:
        return error(case["status"], case["description"], case.get("parameters"))
    real_fault = fault if fault in {"reset", "drop", "hang", "half"} else None
    return Reply(case.get("status", 200), case.get("body", "").encode(), real_fault)


def _url(case: dict[str, Any], wire: Wire) -> str:
    match case.get("fault"):
        case "refused":
            return "http://127.0.0.1:9/bot"
        case "no such name":
            return "http://telegram.invalid/bot"
        case "no tls":
            return wire.url.replace("http:", "https:")
    return wire.url
