"""The stand-in as one web application, and a way to serve it."""

from collections.abc import Container, Iterable
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.standin.botapi import BotApi
from bot.standin.control import Control
from bot.standin.faults import Faults
from bot.standin.files import UPLOAD_LIMIT
from bot.standin.guard import refusal
from bot.standin.requestlog import RequestLog
from bot.standin.timemachine import TimeMachine
from bot.standin.world import BOT_USERNAME, DEFAULT_BOT_ID, World
from scheduler.clock import Clock

PAGE: Final = Path(__file__).parent / "page"
PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Stall:
    """One bot's part of the stand-in: its world, its faults, and what it asked for."""

    def __init__(
        self,
        world: World,
        log: RequestLog,
        accepted: Container[str] | None,
        time_machine: TimeMachine | None,
    ) -> None:
        self.world, self.faults, self.log = world, Faults(), log
        self.api = BotApi(world, self.faults, self.log, accepted)
        self.control = Control(world, self.faults, self.log, time_machine)


class StandIn:
    """Telegram's Bot API on this machine, with people to talk to, a page, and faults on order.

    It serves one bot, whatever its token is; or those of the tokens that it is given, each in a world of its
    own. `/control` is about the first of them, `/bots/<number>/control` about each.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        pacing: bool = True,
        tokens: Iterable[str] = (),
        time_machine: TimeMachine | None = None,
        log: RequestLog | None = None,
    ) -> None:
        """`tokens` can be changed later: a bot whose last one was taken out is refused.

        `log` keeps the requests of the first one; the usual one keeps the last of them.
        """
        self.tokens = set(given := list(tokens))
        numbers = list(dict.fromkeys(int(token.partition(":")[0]) for token in given)) or [DEFAULT_BOT_ID]
        accepted = self.tokens if given else None
        names = [BOT_USERNAME, *(f"evenkeel_{number}_bot" for number in numbers[1:])]
        worlds = [
            World(clock, pacing=pacing, bot_id=number, username=name)
            for number, name in zip(numbers, names, strict=True)
        ]
        logs = [log if log is not None else RequestLog(), *(RequestLog() for _ in worlds[1:])]
        self.stalls = {
            world.bot["id"]: Stall(world, kept, accepted, time_machine)
            for world, kept in zip(worlds, logs, strict=True)
        }
        self._first = self.stalls[numbers[0]]
        self.world, self.faults, self.log = self._first.world, self._first.faults, self._first.log
        self.app = self._build()

    def _build(self) -> web.Application:
        app = web.Application(client_max_size=UPLOAD_LIMIT + 1_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_get("/", _page)
        app.router.add_get("/page/{name}", _page)
        app.add_subapp("/control", self._first.control.app())
        for number, stall in self.stalls.items():
            app.add_subapp(f"/bots/{number}/control", stall.control.app())
        app.on_shutdown.append(self._close)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        return await self._stall(request).api.answer(request)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        return await self._stall(request).api.download(request)

    def _stall(self, request: web.Request) -> Stall:
        number = request.match_info["token"].partition(":")[0]
        return self.stalls.get(int(number) if number.isdecimal() else 0, self._first)

    async def _close(self, app: web.Application) -> None:
        """End what would wait for ever: polls, pushes and open pages."""
        for stall in self.stalls.values():
            stall.world.updates.end_polls()
            stall.world.events.close()
            await stall.world.webhook.remove()


class Serving:
    """A stand-in that listens; `url` says where."""

    def __init__(self, runner: web.AppRunner, url: str) -> None:
        self._runner = runner
        self.url = url

    async def close(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()


async def serve(standin: StandIn, host: str, port: int) -> Serving:
    """Listen on host and port; port 0 takes a free one. No access log: its lines would hold the token."""
    runner = web.AppRunner(standin.app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    name = f"[{host}]" if ":" in host else host
    return Serving(runner, f"http://{name}:{runner.addresses[0][1]}")


async def _page(request: web.Request) -> web.StreamResponse:
    """The chat page and its parts, to this machine only."""
    unwelcome = refusal(request)
    if unwelcome:
        raise web.HTTPForbidden(text=unwelcome)
    file = PAGE / request.match_info.get("name", "index.html")
    if file.parent != PAGE or not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file, headers=PAGE_HEADERS)
