"""Running the bot: open the vault, put the parts together, listen, and stop in good order."""

import asyncio
import errno
import signal
from collections.abc import Callable

import structlog
from aiohttp import web

from bot.app import App, compose
from bot.escalation.crisis.front import Alert
from bot.settings import Settings
from bot.vault import Vault, existed, open_vault
from bot.watch import keep_watch
from scheduler.clock import Clock
from storage.database import DatabaseUnusable

_log = structlog.get_logger(__name__)


class PortTaken(Exception):
    """Something else listens at this address."""


def _nothing(_: App) -> None:
    pass


async def run_app(settings: Settings, clock: Clock, prepare: Callable[[App], None] = _nothing) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises plain errors for whatever keeps it from starting."""
    stop = _stop_signal()
    alerts: dict[int, Alert] = {}
    vault = await _vault(settings, clock, alerts, stop)
    if vault is None:
        return
    try:
        async with compose(settings, vault, clock, alerts) as app:
            prepare(app)
            runner = await listen(app.web, *settings.http_address)
            try:
                await app.run(stop)
            finally:
                await runner.cleanup()
    finally:
        await vault.close()


async def _vault(
    settings: Settings, clock: Clock, alerts: dict[int, Alert], stop: asyncio.Event
) -> Vault | None:
    """The vault. Where a database was and cannot be opened, crises are answered until it can.

    None when we were told to stop meanwhile. A wrong key or a folder that cannot be written is raised.
    """
    try:
        return await open_vault(settings.database_url, settings.key_file)
    except DatabaseUnusable as error:
        if not existed(settings.database_url):
            raise
        _log.error("database_unusable_answering_crises_only", reason=str(error))
        return await keep_watch(settings, clock, alerts, stop)


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve an aiohttp application. Raises PortTaken with a plain sentence."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"{host}:{port} is in use. Choose another one with EVENKEEL_HTTP_LISTEN."
            ) from None
        raise PortTaken(f"{host}:{port} cannot be used: {error.strerror}.") from None
    return runner


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
