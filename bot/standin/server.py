"""The stand-in as one web application, and a way to serve it."""

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
from bot.standin.world import World
from scheduler.clock import Clock

PAGE: Final = Path(__file__).parent / "page"
PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class StandIn:
    """Telegram's Bot API on this machine, with people to talk to, a page, and faults on order."""

    def __init__(
        self,
        clock: Clock,
        *,
        pacing: bool = True,
        token: str | None = None,
        time_machine: TimeMachine | None = None,
        log: RequestLog | None = None,
    ) -> None:
        """`log` keeps the requests; the usual one keeps the last of them."""
        self.world = World(clock, pacing=pacing)
        self.faults = Faults()
        self.log = log if log is not None else RequestLog()
        self.app = self._build(token, time_machine)

    def _build(self, token: str | None, time_machine: TimeMachine | None) -> web.Application:
        api = BotApi(self.world, self.faults, self.log, token)
        control = Control(self.world, self.faults, self.log, time_machine)
        app = web.Application(client_max_size=UPLOAD_LIMIT + 1_000_000)
        app.router.add_route("*", "/bot{token}/{method}", api.answer)
        app.router.add_get("/file/bot{token}/{path:.+}", api.download)
        app.router.add_get("/", _page)
        app.router.add_get("/page/{name}", _page)
        app.add_subapp("/control", control.app())
        app.on_shutdown.append(self._close)
        return app

    async def _close(self, app: web.Application) -> None:
        """End what would wait for ever: polls, pushes and open pages."""
        self.world.updates.end_polls()
        self.world.events.close()
        await self.world.webhook.remove()


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
