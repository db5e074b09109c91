"""A Bot API at the level of bytes: it answers as it is told, or breaks off in the middle."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

TOKEN = "4000:canary-AAH0t0ken"

Fault = Literal["reset", "drop", "hang", "half"]


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; `parameters` are empty for a form, whose bytes are in `body`."""

    method: str
    parameters: dict[str, Any]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and a body, or a fault instead of them."""

    status: int = 200
    body: bytes = b'{"ok":true,"result":{"message_id":7}}'
    fault: Fault | None = None


Answer = Callable[[Request], Awaitable[Reply]]

OK = Reply()


def result(value: Any) -> Reply:
    return Reply(200, json.dumps({"ok": True, "result": value}).encode())


def error(status: int, description: str, parameters: dict[str, Any] | None = None) -> Reply:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Reply(status, json.dumps(body).encode())


@dataclass
class Wire:
    """Replies in turn from `replies`, the last one for ever; or whatever `answer` says."""

    url: str
    replies: list[Reply] = field(default_factory=lambda: [OK])
    answer: Answer | None = None
    requests: list[Request] = field(default_factory=list)

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.requests]

    async def reply(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.answer is not None:
            return await self.answer(request)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@asynccontextmanager
async def open_wire() -> AsyncIterator[Wire]:
    wire = Wire("")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                request = await _read(reader)
                await _write(await wire.reply(request), writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    wire.url = f"http://{host}:{port}/bot"
    try:
        yield wire
    finally:
        server.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines if line)
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await _read_chunks(reader)
    is_json = headers.get("content-type") == "application/json"
    return Request(first.split()[1].rpartition("/")[2], json.loads(body) if is_json else {}, body)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return body


async def _write(reply: Reply, writer: asyncio.StreamWriter) -> None:
    match reply.fault:
        case "hang":
            await asyncio.sleep(3600)
        case "reset":
            # Lingering for no time makes the system send a reset instead of an orderly end.
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise ConnectionAbortedError
        case "drop":
            raise ConnectionAbortedError
    length = len(reply.body) + (1000 if reply.fault == "half" else 0)
    writer.write(f"HTTP/1.1 {reply.status} X\r\nContent-Length: {length}\r\n\r\n".encode() + reply.body)
    await writer.drain()
    if reply.fault == "half":
        raise ConnectionAbortedError
