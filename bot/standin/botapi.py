"""The door of the Bot API: token, faults, method, answer, log."""

import asyncio
import json
import socket
import struct
from collections.abc import Container
from email.utils import formatdate
from typing import Any

from aiohttp import web

from bot.standin.errors import RefusedError, not_found, too_many_requests, unauthorized
from bot.standin.faults import Faults, Rule
from bot.standin.methods import METHODS
from bot.standin.parameters import Parameters, read_parameters
from bot.standin.requestlog import RequestLog
from bot.standin.world import World

NO_ANSWER = 0
PAGE_502 = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class BotApi:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(
        self, world: World, faults: Faults, log: RequestLog, accepted: Container[str] | None
    ) -> None:
        """`accepted` are the tokens that will do; None takes any."""
        self._world = world
        self._faults = faults
        self._log = log
        self._accepted = accepted
        self._date = (0, "")

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One request of the bot, with whatever fault is in force for it."""
        started = asyncio.get_running_loop().time()
        method = request.match_info["method"]
        parameters = Parameters({})
        chat: int | None = None
        struck: list[Rule] = []
        response: web.Response | None = None
        try:
            parameters = await read_parameters(request)
            chat = parameters.integer("chat_id") or None
            struck = self._faults.drawn(method, chat) if self._faults.rules else []
            response = await self._perform(request, method, parameters, struck)
        except RefusedError as refused:
            response = self._json(refused.code, refused.as_json())
        except web.HTTPRequestEntityTooLarge:
            response = self._json(413, RefusedError(413, "Request Entity Too Large").as_json())
        finally:
            status = response.status if response else NO_ANSWER
            ms = (asyncio.get_running_loop().time() - started) * 1000
            fault = struck[-1].kind if struck else None
            self._log.add(self._world.clock.now(), method, chat, status, ms, parameters.shown(), fault)
        return response if response is not None else web.Response()

    async def _perform(
        self, request: web.Request, method: str, parameters: Parameters, struck: list[Rule]
    ) -> web.Response | None:
        """The answer, or None when the connection was cut instead."""
        for rule in struck:
            if rule.kind == "latency":
                await asyncio.sleep(rule.ms / 1000)
        fault = struck[-1] if struck and struck[-1].kind != "latency" else None
        if fault is None:
            return self._json(200, await self._result(request, method, parameters))
        if fault.kind in ("status", "retry_after", "reset_before", "hang"):
            return await self._refuse(request, method, parameters, fault)
        body = _encoded(await self._result(request, method, parameters))
        if fault.kind == "broken_json":
            return self._bytes(200, body[: len(body) // 2])
        if fault.kind == "reset_after":
            _write_half_an_answer(request, body)
        else:
            _hang_up(request)
        return None

    async def _refuse(
        self, request: web.Request, method: str, parameters: Parameters, fault: Rule
    ) -> web.Response | None:
        """The faults that come instead of doing what was asked."""
        if fault.kind == "retry_after":
            raise too_many_requests(None if fault.seconds is None else int(fault.seconds))
        if fault.kind == "status":
            if fault.processed:
                await self._result(request, method, parameters)
            return self._status(fault)
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds or 0)
            _hang_up(request)
        else:
            _reset(request)
        return None

    async def _result(self, request: web.Request, method: str, parameters: Parameters) -> dict[str, Any]:
        self._check_token(request.match_info["token"])
        perform = METHODS.get(method.lower())
        if perform is None:
            raise not_found()
        return {"ok": True, "result": await perform(self._world, parameters)}

    def _check_token(self, token: str) -> None:
        """Any token of the right shape will do, unless some were agreed on; its number is the bot's id."""
        number, colon, secret = token.partition(":")
        if not (number.isdecimal() and colon and secret) or (
            self._accepted is not None and token not in self._accepted
        ):
            raise unauthorized()
        if int(number) != self._world.bot["id"]:
            self._world.identify(int(number))

    async def download(self, request: web.Request) -> web.Response:
        """A file, as getFile said where."""
        try:
            self._check_token(request.match_info["token"])
            file = self._world.files.by_path(request.match_info["path"])
            if file is None:
                raise not_found()
        except RefusedError as refused:
            return self._json(refused.code, refused.as_json())
        return web.Response(body=file.content, content_type="application/octet-stream")

    # Answers carry the stand-in's own date: a bot compares it with its clock.

    def _json(self, status: int, body: dict[str, Any]) -> web.Response:
        return self._bytes(status, _encoded(body))

    def _bytes(self, status: int, body: bytes, content_type: str = "application/json") -> web.Response:
        headers = {"Content-Type": content_type, "Date": self._date_header()}
        return web.Response(status=status, body=body, headers=headers)

    def _status(self, fault: Rule) -> web.Response:
        if fault.body == "json":
            description = "Internal Server Error" if fault.code >= 500 else "Bad Request: fault on order"
            return self._json(fault.code, RefusedError(fault.code, description).as_json())
        body = PAGE_502 if fault.body == "html" else fault.body
        return self._bytes(
            fault.code, body.encode(), "text/html" if fault.body == "html" else "application/json"
        )

    def _date_header(self) -> str:
        second = self._world.timestamp()
        if second != self._date[0]:
            self._date = (second, formatdate(second, usegmt=True))
        return self._date[1]


def _encoded(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _hang_up(request: web.Request) -> None:
    """Close politely, without a word."""
    if request.transport is not None:
        request.transport.close()


def _reset(request: web.Request) -> None:
    """Cut the connection so that the other side sees a reset."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _write_half_an_answer(request: web.Request, body: bytes) -> None:
    """A head that promises the whole body, half of it, and the end."""
    if request.transport is not None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        request.transport.write(head.encode() + body[: len(body) // 2])
        request.transport.close()
