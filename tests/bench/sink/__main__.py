"""The sink's process. It prints its address, and serves until it is killed.

POST /bot<token>/<method>   the Bot API
POST /control/<verb>        steering: latency, reset, feed, stats, copies, shown, times
"""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

from tests.bench.sink.world import Fields, World


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with a Content-Length, kept alive; nothing else comes from the clients that we measure."""

    def __init__(self, world: World) -> None:
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
        end = head_end + 4 + _length(head)
        if len(self._received) < end:
            return None
        body = bytes(self._received[head_end + 4 : end])
        del self._received[:end]
        return head.split(b" ", 2)[1].decode(), body

    def _serve(self, path: str, body: bytes) -> None:
        verb = path.rpartition("/")[2]
        if path.startswith("/control/"):
            self._reply(self._world.steer(verb, json.loads(body or b"{}")))
        elif verb == "getUpdates":
            task = asyncio.ensure_future(self._world.updates(_fields(body)))
            task.add_done_callback(lambda done: self._answer(done.result()))
        elif self._world.latency:
            asyncio.get_running_loop().call_later(self._world.latency, self._take, verb, body)
        else:
            self._take(verb, body)

    def _take(self, verb: str, body: bytes) -> None:
        self._answer(self._world.take(verb, _fields(body)))

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
    return int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _fields(body: bytes) -> Fields:
    """JSON as our own request writes it, or the form of python-telegram-bot's."""
    if body.startswith(b"{"):
        found: Fields = json.loads(body)
        return found
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


async def main() -> None:
    """Serve for ever."""
    world = World()
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(world), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
