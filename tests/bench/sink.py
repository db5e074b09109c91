"""What stands in for Telegram while speed is measured: a process of its own that does as little as it can.

It takes every method at once, remembers what came, and hands out updates to whoever polls. `Sink` is the
handle of the measuring side. The stand-in of the demo checks and shows everything, and would be what is
measured.

    POST /bot<token>/<method>   the Bot API
    POST /control/<verb>        steering: reset, stats, times, latency, feed
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

_SENDING = frozenset({"sendMessage", "sendPhoto", "sendDocument"})
_LONGEST_WAIT = 25.0


@dataclass(slots=True)
class _World:
    """What came, and what is to be handed out. Times are of CLOCK_MONOTONIC, which all processes share."""

    latency: float = 0.0
    message_id: int = 0
    methods: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    times: list[tuple[float, str, str, str]] = field(default_factory=list)  # when, method, chat, words
    waiting: deque[tuple[int, Any]] = field(default_factory=deque)
    fed_at: dict[int, float] = field(default_factory=dict)
    acknowledged_at: dict[int, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with a Content-Length, kept alive; nothing else comes from the clients that we measure."""

    def __init__(self, world: _World) -> None:
        self._world = world
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (request := self._next()) is not None:
            self._serve(*request)

    def _next(self) -> tuple[str, bytes] | None:
        head_end = self._received.find(b"\r\n\r\n")
        if head_end < 0:
            return None
        head = bytes(self._received[:head_end])
        length = _length(head)
        end = head_end + 4 + length
        if len(self._received) < end:
            return None
        body = bytes(self._received[head_end + 4 : end])
        del self._received[:end]
        return head.split(b" ", 2)[1].decode(), body

    def _serve(self, path: str, body: bytes) -> None:
        verb = path.rpartition("/")[2]
        if path.startswith("/control/"):
            self._reply(_steered(self._world, verb, json.loads(body or b"{}")))
        elif verb == "getUpdates":
            task = asyncio.ensure_future(_updates(self._world, _fields(body)))
            task.add_done_callback(lambda done: self._answer(done.result()))
        elif self._world.latency:
            asyncio.get_running_loop().call_later(self._world.latency, self._take, verb, body)
        else:
            self._take(verb, body)

    def _take(self, verb: str, body: bytes) -> None:
        self._answer(_taken(self._world, verb, _fields(body)))

    def _answer(self, result: Any) -> None:
        self._reply({"ok": True, "result": result})

    def _reply(self, content: Any) -> None:
        if self._transport is None:
            return
        body = json.dumps(content, separators=(",", ":")).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def _length(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    if at < 0:
        return 0
    return int(head[at + 15 :].split(b"\r\n", 1)[0])


def _fields(body: bytes) -> dict[str, Any]:
    """JSON as our own request writes it, or the form of python-telegram-bot's."""
    if not body:
        return {}
    if body.startswith(b"{"):
        found: dict[str, Any] = json.loads(body)
        return found
    from urllib.parse import parse_qsl

    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _taken(world: _World, method: str, fields: dict[str, Any]) -> Any:
    chat = str(fields.get("chat_id", ""))
    world.methods[method] += 1
    world.times.append((time.monotonic(), method, chat, str(fields.get("text", ""))[:24]))
    if method == "getMe":
        return {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
    if method in _SENDING:
        world.sent[chat] += 1
        world.message_id += 1
        return _message(world.message_id, chat)
    if method.startswith("editMessage"):
        return _message(int(fields.get("message_id", 0)), chat)
    return True


def _message(message_id: int, chat: str) -> dict[str, Any]:
    return {"message_id": message_id, "date": 1, "chat": {"id": int(chat or 0), "type": "private"}}


async def _updates(world: _World, fields: dict[str, Any]) -> list[Any]:
    offset, limit = int(fields.get("offset") or 0), int(fields.get("limit") or 100)
    now = time.monotonic()
    while world.waiting and world.waiting[0][0] < offset:
        world.acknowledged_at[world.waiting.popleft()[0]] = now
    if not world.waiting:
        world.news.clear()
        try:
            async with asyncio.timeout(min(float(fields.get("timeout") or 0), _LONGEST_WAIT)):
                await world.news.wait()
        except TimeoutError:
            pass
    return [update for _, update in list(world.waiting)[:limit]]


def _steered(world: _World, verb: str, wish: dict[str, Any]) -> Any:
    match verb:
        case "latency":
            world.latency = float(wish["seconds"])
        case "reset":
            world.methods.clear()
            world.sent.clear()
            world.times.clear()
            world.fed_at.clear()
            world.acknowledged_at.clear()
        case "feed":
            now = time.monotonic()
            for update in wish["updates"]:
                world.fed_at[update["update_id"]] = now
                world.waiting.append((update["update_id"], update))
            world.news.set()
        case "stats":
            return {"methods": world.methods, "chats": len(world.sent), "sent": sum(world.sent.values())}
        case "copies":
            return world.sent
        case "times":
            return {"times": world.times, "fed": world.fed_at, "acknowledged": world.acknowledged_at}
        case other:
            raise ValueError(f"the sink does not know {other!r}")
    return {}


@dataclass(slots=True)
class Sink:
    """The handle on a running sink."""

    url: str
    http: aiohttp.ClientSession

    async def ask(self, verb: str, **wish: Any) -> Any:
        """Steer it, or ask what came."""
        async with self.http.post(f"{self.url}/control/{verb}", json=wish) as reply:
            return await reply.json()

    async def until_chats(self, count: int, seconds: float) -> int:
        """Wait until messages reached that many chats; how many they are after `seconds` at most."""
        deadline = time.monotonic() + seconds
        while True:
            reached: int = (await self.ask("stats"))["chats"]
            if reached >= count or time.monotonic() > deadline:
                return reached
            await asyncio.sleep(0.1)


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    """A sink in a process of its own, for as long as the block lasts."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.sink"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = (await asyncio.to_thread(process.stdout.readline)).strip()
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600)) as http:
            yield Sink(url, http)
    finally:
        process.kill()
        process.wait()


async def _serve() -> None:
    world = _World()
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(world), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
