"""HTTP for python-telegram-bot over aiohttp; it keeps apart *not sent* and *nobody knows*."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import cache
from typing import Any, Final

import aiohttp
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0

# Called when a request is handed to the network. Whoever measures sets it for their own task.
when_handed: ContextVar[Callable[[], None]] = ContextVar("when_handed", default=lambda: None)

_LONGEST_REPLY: Final = 16 * 2**20
_LONGEST_WAIT: Final = 86_400  # the library makes a timedelta of it
_WRITTEN: Final = json.JSONEncoder(separators=(",", ":")).encode


class NotConnected(NetworkError):
    """No connection came about (DNS, TCP, TLS, a full pool): the request never left."""


class Interrupted(NetworkError):
    """The connection broke after the request had left: it may have been obeyed."""


class BrokenReply(TelegramError):
    """Telegram answered, but not in the form it promises."""


def written(parameters: Mapping[str, Any]) -> RequestData:
    """Parameters that are JSON as they are, without a file; what is None is left out."""
    # The parts of a RequestData have no public name; its own way of making them costs more than the sending.
    filled = [(name, value) for name, value in parameters.items() if value is not None]
    return RequestData([RequestParameter(name, value, None) for name, value in filled])


class AiohttpRequest(BaseRequest):
    """One aiohttp session with its own pool.

    Errors carry the name of what went wrong and nothing else: the address of every request holds the token.
    """

    __slots__ = ("_connections", "_read_seconds", "_session")

    def __init__(self, connections: int, read_seconds: float = READ_SECONDS) -> None:
        self._connections = connections
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_seconds

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the reply; only `read_timeout` can be chosen per request.

        Raises NotConnected, Interrupted, TimedOut (after the request was written) and RetryAfter.
        """
        seconds = read_timeout if isinstance(read_timeout, int | float) else self._read_seconds
        status, body = await self._exchange(url, method, request_data, seconds)
        if status == 429:
            # PTB raises RetryAfter only for a number that is there and not zero.
            raise RetryAfter(_retry_after(body))
        return status, body

    async def _exchange(
        self, url: str, method: str, request_data: RequestData | None, read_seconds: float
    ) -> tuple[int, bytes]:
        if self._session is None or self._session.closed:
            raise NotConnected("The connections are closed")
        timeout = _timeout(read_seconds)
        when_handed.get()()
        try:
            async with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, **_content(request_data)
            ) as response:
                return response.status, await _body(response)
        except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
            failure = _failure(error)
        # Raised out here, so that aiohttp's error, which may show the address, is not its context.
        raise failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The reply as an object with a result or a refusal. PTB's own would log the body it cannot read."""
        try:
            reply = json.loads(payload)
        except ValueError:
            reply = None
        if isinstance(reply, dict) and ("result" in reply or reply.get("ok") is False):
            return reply
        raise BrokenReply("Invalid server response")


@cache
def _timeout(read_seconds: float) -> aiohttp.ClientTimeout:
    """Connecting has its own limit, so when the total runs out the request has been written."""
    return aiohttp.ClientTimeout(
        total=CONNECT_SECONDS + read_seconds, connect=CONNECT_SECONDS, sock_read=read_seconds
    )


def _content(request_data: RequestData | None) -> dict[str, Any]:
    """JSON, or a form when there is a file to upload."""
    if request_data is None:
        return {}
    if not request_data.contains_files:
        written = _WRITTEN(request_data.parameters).encode()
        return {"data": written, "headers": {"Content-Type": "application/json"}}
    form = aiohttp.FormData()
    for name, text in request_data.json_parameters.items():
        form.add_field(name, text)
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return {"data": form}


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """What could be read of the body, up to a limit.

    Once the status is there the verdict is known, and a body that breaks off does not change it.
    """
    body = bytearray()
    try:
        while not response.content.at_eof():
            body += await response.content.readany()
            if len(body) > _LONGEST_REPLY:
                response.close()
                break
    except (aiohttp.ClientError, OSError):
        response.close()
    return bytes(body)


def _failure(error: Exception) -> NetworkError:
    name = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return NotConnected(name)
    if isinstance(error, asyncio.TimeoutError):
        return TimedOut(name)
    # An address that is none, or a session that closed a moment ago.
    if isinstance(error, ValueError | RuntimeError):
        return NotConnected(name)
    return Interrupted(name)


def _retry_after(body: bytes) -> int:
    """How long a 429 asks to wait, within a day; 0 when it does not say so sensibly."""
    try:
        seconds = int(json.loads(body)["parameters"]["retry_after"])
    except (ValueError, TypeError, KeyError, OverflowError):
        return 0
    return min(max(seconds, 0), _LONGEST_WAIT)
