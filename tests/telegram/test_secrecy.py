"""The token is a canary: it must sing nowhere, whatever is logged and whatever goes wrong."""

import asyncio
import logging
import traceback
from collections.abc import Iterator

import pytest
import structlog

from bot.conversation.message import Message
from bot.conversation.text import Text
from bot.telegram.account import Account
from bot.telegram.crisis import CrisisSender
from bot.telegram.outcomes import TokenRefused
from bot.telegram.profile import username_of
from bot.telegram.receiver import Receiver
from bot.telegram.turns import Turns
from tests.telegram.wire import OK, TOKEN, Reply, Wire, error, result

SECRET = TOKEN.partition(":")[2]
NAMES = ("", "telegram", "telegram.Bot", "telegram.request", "httpx", "httpcore", "aiohttp", "asyncio")
TROUBLE = [
    OK,
    Reply(200, b"broken"),
    Reply(502, b"<html>"),
    Reply(fault="reset"),
    Reply(fault="drop"),
    Reply(fault="hang"),
    error(400, "Bad Request: can't parse entities"),
    error(401, "Unauthorized"),
    error(404, "Not Found"),
    error(429, "Too Many Requests"),
    Reply(302, b""),
    Reply(200, b"x", "half"),
]


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        processors=[structlog.stdlib.add_log_level, structlog.processors.KeyValueRenderer()],
    )
    for name in NAMES:
        caplog.set_level(logging.DEBUG, logger=name)
    yield caplog
    structlog.reset_defaults()


def assert_silent(*texts: str) -> None:
    for text in texts:
        assert SECRET not in text


@pytest.mark.parametrize("reply", TROUBLE, ids=str)
async def test_no_error_shows_it(reply: Reply, wire: Wire, everything: pytest.LogCaptureFixture) -> None:
    wire.replies = [reply]
    async with Account(TOKEN, base_url=wire.url, read_seconds=0.2) as account:
        try:
            await account.call("sendMessage", {"chat_id": "1", "text": "x"})
        except Exception as raised:
            assert_silent(repr(raised), str(raised), *traceback.format_exception(raised))
            seen: BaseException | None = raised
            while seen:  # whatever the display leaves out is looked at too
                assert_silent(repr(seen), str(seen.args))
                seen = seen.__cause__ or seen.__context__
    assert_silent(everything.text)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/bot", "http://[bad/bot", "nonsense", "ftp://x/bot"])
async def test_no_wrong_address_shows_it(url: str, everything: pytest.LogCaptureFixture) -> None:
    async with Account(TOKEN, base_url=url) as account:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever it is, it keeps the secret
            await account.call("getMe", {})
    assert_silent(repr(caught.value), *traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert_silent(everything.text)


async def test_no_object_shows_it(wire: Wire) -> None:
    async with Account(TOKEN, base_url=wire.url) as account:
        turns = Turns(_nothing, _nothing)
        crisis = CrisisSender(TOKEN, base_url=wire.url)
        shown = (account, Receiver(account, turns), crisis, *account._request)
        assert_silent(*map(repr, shown), *map(str, shown), f"{account!r}{account}")
    assert_silent(repr(TokenRefused()))


async def test_a_whole_life_shows_it_nowhere(wire: Wire, everything: pytest.LogCaptureFixture) -> None:
    asyncio.get_running_loop().set_debug(True)
    async with Account(TOKEN, base_url=wire.url) as account, CrisisSender(TOKEN, base_url=wire.url) as crisis:
        wire.replies = [error(401, "Unauthorized")]
        with pytest.raises(TokenRefused) as refused:
            await username_of(account)
        assert_silent(*traceback.format_exception(refused.value))
        assert not await crisis.send("1", Message(Text("x")), lambda _: "s")
        wire.replies = [result([]), Reply(fault="reset"), result([{"update_id": 1}])]
        receiver = Receiver(account, Turns(_nothing, _nothing), first_pause=0.01, breath=0.01)
        task = asyncio.create_task(receiver.run())
        await asyncio.sleep(0.2)
        receiver.stop()
        await task
    assert everything.records
    assert_silent(everything.text, *(repr(record.__dict__) for record in everything.records))


async def _nothing(_: object) -> None:
    return None
