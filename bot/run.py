"""Running the bot: open the vault, put the parts together, listen, and stop in good order."""

import asyncio
import signal
from collections.abc import Callable

import structlog

from bot.app import App, compose
from bot.memory import settle_memory
from bot.roles import Role
from bot.roster.premises import Alerts
from bot.settings import Settings
from bot.vault import Vault, existed, open_vault
from bot.watch import keep_watch, opened, watched
from bot.web.listening import listen
from scheduler.clock import AgreedClock, Clock
from storage.database import DatabaseUnusable

_log = structlog.get_logger(__name__)


def _nothing(_: App) -> None:
    pass


async def run_app(
    settings: Settings, clock: Clock, prepare: Callable[[App], None] = _nothing, role: Role = Role.ALL
) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises plain errors for whatever keeps it from starting."""
    stop = _stop_signal()
    alerts: Alerts = {}
    vault = await _vault(settings, clock, alerts, stop, role)
    if vault is None:
        return
    if not vault.database.is_sqlite:
        clock = AgreedClock(clock)
    settle_memory()
    try:
        async with compose(settings, vault, clock, alerts, role=role) as app:
            prepare(app)
            runner = await listen(app.web, *settings.http_address)
            try:
                await app.run(stop)
            finally:
                await runner.cleanup()
    finally:
        await vault.close()


async def _vault(
    settings: Settings, clock: Clock, alerts: Alerts, stop: asyncio.Event, role: Role
) -> Vault | None:
    """The vault. Where a database was and cannot be opened, crises are answered until it can.

    None when we were told to stop meanwhile. A wrong key or a folder that cannot be written is raised.
    """
    try:
        return await open_vault(settings.database_url, settings.key_file, settings.tombstones)
    except DatabaseUnusable as error:
        if not existed(settings.database_url) or not watched(settings):
            raise
        _log.error("database_unusable", answering_crises=role.hears, reason=str(error))
        if not role.hears:
            return await opened(settings, stop)
        return await keep_watch(settings, clock, alerts, stop)


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
