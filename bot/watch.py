"""The crisis watch: while the database cannot be opened, crises are answered and nothing else is touched.

No update is acknowledged meanwhile, so everything people wrote is handled once the database is back.
"""

import asyncio
import contextlib

import structlog

from bot.app import connections
from bot.conversation.inbound import Inbound, Origin
from bot.escalation.crisis.front import Alert, Front, Home
from bot.escalation.lines.helplines import shipped_helplines
from bot.rooms import COMMANDS
from bot.settings import Settings
from bot.telegram.links import DeepLinks
from bot.telegram.receiver import Receiver
from bot.telegram.sender import TelegramSender
from bot.telegram.turns import Turns
from bot.vault import Vault, open_vault
from scheduler.clock import Clock
from storage.database import DatabaseUnusable

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
        receiver = Receiver(account, Turns(front, _cannot_store), last_work_seconds=0)
        receiving = asyncio.create_task(receiver.run(), name="crisis-watch")
        learning = asyncio.create_task(links.learn(), name="own-name")
        try:
            return await _opened(settings, receiving, stop)
        finally:
            receiver.stop()
            receiving.cancel()
            learning.cancel()
            # What the receiver raised is raised; the name was only nice to have.
            await asyncio.wait({learning})
            with contextlib.suppress(asyncio.CancelledError):
                await receiving


async def _opened(settings: Settings, receiving: asyncio.Task[None], stop: asyncio.Event) -> Vault | None:
    while not stop.is_set():
        if receiving.done():
            receiving.result()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), TRY_AGAIN_SECONDS)
        try:
            vault = await open_vault(settings.database_url, settings.key_file)
        except DatabaseUnusable:
            continue
        _log.info("database_opened_again")
        return vault
    return None


async def _nobody(_: Origin) -> Home | None:
    return None


async def _cannot_store(_: Inbound) -> None:
    raise DatabaseUnusable("The database cannot be opened.")
