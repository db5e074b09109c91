"""The crisis watch: while the database cannot be opened, crises are answered and nothing else is touched.

No update is acknowledged meanwhile, so everything people wrote is handled once the database is back.
"""

import asyncio
import contextlib

import structlog
from aiohttp import web

from bot.app import connections
from bot.conversation.inbound import Inbound, Origin
from bot.escalation.crisis.front import Alert, Front, Home
from bot.escalation.lines.helplines import shipped_helplines
from bot.receiving import intake, webhook_secret
from bot.rooms import COMMANDS
from bot.settings import Settings
from bot.telegram.links import DeepLinks
from bot.telegram.sender import TelegramSender
from bot.telegram.turns import Turns
from bot.vault import Vault, open_vault
from bot.web.listening import listen
from scheduler.clock import Clock
from storage.database import DatabaseUnusable
from storage.sealing import read_key

TRY_AGAIN_SECONDS = 5.0

_log = structlog.get_logger(__name__)


async def keep_watch(
    settings: Settings, clock: Clock, alerts: dict[int, Alert], stop: asyncio.Event
) -> Vault | None:
    """The vault as soon as it opens; None when we were told to stop. `alerts` gathers what was answered."""
    async with connections(settings) as (account, direct):
        answer, links = TelegramSender(account).answer, DeepLinks(account)
        front = Front(
            shipped_helplines(settings.helplines),
            direct,
            clock,
            _nobody,
            answer,
            alerts,
            COMMANDS,
            link=links.start,
        )
        http, turns = web.Application(), Turns(front, _cannot_store)
        hearing = intake(settings, account, turns, _secret(settings, account.number), http, storing=False)
        runner = await listen(http, *settings.http_address)
        receiving = asyncio.create_task(hearing.run(), name="crisis-watch")
        learning = asyncio.create_task(links.learn(), name="own-name")
        try:
            return await opened(settings, stop, receiving)
        finally:
            hearing.stop()
            receiving.cancel()
            learning.cancel()
            # What the intake raised is raised; the name was only nice to have.
            await asyncio.wait({learning})
            await runner.cleanup()
            with contextlib.suppress(asyncio.CancelledError):
                await receiving


async def opened(
    settings: Settings, stop: asyncio.Event, beside: asyncio.Task[None] | None = None
) -> Vault | None:
    """The vault as soon as it opens; None when we were told to stop. Raises what `beside` raised."""
    while not stop.is_set():
        if beside is not None and beside.done():
            beside.result()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), TRY_AGAIN_SECONDS)
        try:
            vault = await open_vault(settings.database_url, settings.key_file)
        except DatabaseUnusable:
            continue
        _log.info("database_opened_again")
        return vault
    return None


def _secret(settings: Settings, number: str) -> str:
    """That of the webhook; polling needs none, so the key may be missing then."""
    return webhook_secret(read_key(settings.key_file), number) if settings.webhook_url else ""


async def _nobody(_: Origin) -> Home | None:
    return None


async def _cannot_store(_: Inbound) -> None:
    raise DatabaseUnusable("The database cannot be opened.")
