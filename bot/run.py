"""Running the bot: open the vault, put the parts together, listen, and stop in good order."""

import asyncio
import errno
import signal
from collections.abc import Callable

from aiohttp import web

from bot.app import App, compose
from bot.settings import Settings
from bot.vault import open_vault
from scheduler.clock import Clock


class PortTaken(Exception):
    """Something else listens at this address."""


def _nothing(_: App) -> None:
    pass


async def run_app(settings: Settings, clock: Clock, prepare: Callable[[App], None] = _nothing) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises plain errors for whatever keeps it from starting."""
    vault = await open_vault(settings.database_url, settings.key_file)
    try:
        async with compose(settings, vault, clock) as app:
            prepare(app)
            runner = await listen(app.web, *settings.http_address)
            try:
                await app.run(_stop_signal())
            finally:
                await runner.cleanup()
    finally:
        await vault.close()


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
