"""Steering the bot's clock: directly in the same process, or over HTTP from another one."""

import asyncio
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.app import App
from scheduler.clock import SteerableClock

RETRY_SECONDS = 0.05


class Direct:
    """A bot in this process."""

    def __init__(self, app: App, clock: SteerableClock) -> None:
        self._app, self._clock = app, clock

    async def move_to(self, instant: datetime) -> None:
        self._clock.advance_to(instant)

    async def next_event(self) -> datetime | None:
        return await self._app.next_event()

    async def quiet(self, timeout: float) -> bool:
        return await self._app.quiet(timeout)


def add_steering(routes: web.Application, bot: Direct) -> None:
    """The same over HTTP; only the demo's worker adds it."""

    async def move(request: web.Request) -> web.Response:
        await bot.move_to(datetime.fromisoformat((await request.json())["to"]))
        return web.json_response({})

    async def following(_: web.Request) -> web.Response:
        at = await bot.next_event()
        return web.json_response({"at": at.isoformat() if at else None})

    async def quiet(request: web.Request) -> web.Response:
        return web.json_response({"quiet": await bot.quiet(float((await request.json())["timeout"]))})

    routes.router.add_post("/steer/move", move)
    routes.router.add_post("/steer/next", following)
    routes.router.add_post("/steer/quiet", quiet)


class Remote:
    """A bot in another process. While that is being started anew, whoever asks waits for it."""

    def __init__(self, session: aiohttp.ClientSession, url: str, patience: float = 30.0) -> None:
        self._session, self._url, self._patience = session, url, patience

    async def move_to(self, instant: datetime) -> None:
        await self._post("move", {"to": instant.isoformat()})

    async def next_event(self) -> datetime | None:
        at = (await self._post("next", {}))["at"]
        return datetime.fromisoformat(at) if at else None

    async def quiet(self, timeout: float) -> bool:
        return bool((await self._post("quiet", {"timeout": timeout}))["quiet"])

    async def _post(self, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        """Raises TimeoutError when the bot does not come back."""
        async with asyncio.timeout(self._patience + float(body.get("timeout", 0))):
            while True:
                try:
                    async with self._session.post(f"{self._url}/steer/{verb}", json=body) as response:
                        response.raise_for_status()
                        found: dict[str, Any] = await response.json()
                        return found
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(RETRY_SECONDS)
