"""The crisis watch: while the database cannot be opened, crises are answered and nothing else is touched.

No update is acknowledged meanwhile, so everything people wrote is handled once the database is back.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from aiohttp import web

from bot.conversation.inbound import Inbound, Origin
from bot.escalation.crisis.front import Front, Home
from bot.escalation.lines.helplines import Helplines, shipped_helplines
from bot.receiving import Intake, connections, intake, webhook_secret
from bot.rooms import COMMANDS
from bot.roster import spare
from bot.roster.known import of_settings
from bot.roster.premises import Alerts
from bot.settings import Settings
from bot.telegram.account import number_of
from bot.telegram.links import DeepLinks
from bot.telegram.sender import TelegramSender
from bot.telegram.turns import Turns
from bot.telegram.webhook import Webhooks
from bot.vault import Vault, open_vault
from bot.web.listening import listen
from scheduler.clock import Clock
from storage.database import DatabaseUnusable
from storage.sealing import KeyUnusable, read_key

TRY_AGAIN_SECONDS = 5.0
LAST_CRY_SECONDS = 5.0  # so long the end of the watch waits for cards that are on their way

_log = structlog.get_logger(__name__)


def watched(settings: Settings) -> list[str]:
    """The tokens that are known without the database: that of the settings, and the spare copy's."""
    own = of_settings(settings)
    try:
        stored = spare.read(settings.key_file, read_key(settings.key_file))
    except KeyUnusable:
        stored = []
    tokens = {number_of(token): token for token in stored}
    if own is not None:
        tokens = {own.account: own.token} | {key: tokens[key] for key in tokens if key != own.account}
    return list(tokens.values())


async def keep_watch(settings: Settings, clock: Clock, alerts: Alerts, stop: asyncio.Event) -> Vault | None:
    """The vault as soon as it opens; None when we were told to stop. `alerts` gathers what was answered.

    Raises what the last bot could not go on with, and CatalogUnusable.
    """
    http, webhooks, helplines = web.Application(), Webhooks(), shipped_helplines(settings.helplines)
    webhooks.add_to(http)
    async with AsyncExitStack() as stack:
        outlooks = [
            await stack.enter_async_context(_outlook(settings, clock, helplines, alerts, token, webhooks))
            for token in watched(settings)
        ]
        runner = await listen(http, *settings.http_address)
        stack.push_async_callback(runner.cleanup)
        watching = asyncio.create_task(_watch(outlooks), name="crisis-watch")
        try:
            return await opened(settings, stop, watching)
        finally:
            # To stop hearing cuts off what is in hand.
            await asyncio.gather(*(turns.fronts_end(LAST_CRY_SECONDS) for _, _, turns in outlooks))
            for hearing, _, _ in outlooks:
                hearing.stop()
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching


_Outlook = tuple[Intake, DeepLinks, Turns]


@asynccontextmanager
async def _outlook(
    settings: Settings,
    clock: Clock,
    helplines: Helplines,
    alerts: Alerts,
    token: str,
    webhooks: Webhooks,
) -> AsyncIterator[_Outlook]:
    """What one bot hears, how it learns its name, and what it has in hand."""
    async with connections(settings, token) as (account, direct):
        answer, links = TelegramSender(account).answer, DeepLinks(account)
        front = Front(
            helplines,
            direct,
            clock,
            _nobody,
            answer,
            alerts.setdefault(account.number, {}),
            COMMANDS,
            link=links.start,
            name=links.name,
        )
        turns, secret = Turns(front, _cannot_store), _secret(settings, account.number)
        yield intake(settings, account, turns, secret, webhooks, inbox=None), links, turns


async def _watch(outlooks: Sequence[_Outlook]) -> None:
    """Hear for all of them. One that cannot go on is left out; raises what the last one could not."""
    hearing = {asyncio.create_task(intake.run()) for intake, _, _ in outlooks}
    learning = [asyncio.create_task(links.learn()) for _, links, _ in outlooks]
    everything = [*hearing, *learning]
    try:
        while hearing:
            done, hearing = await asyncio.wait(hearing, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                if not hearing:
                    one.result()
                elif (error := one.exception()) is not None:
                    _log.error("bot_not_watched", why=type(error).__name__)
    finally:
        for task in everything:
            task.cancel()
        # The names were only nice to have.
        await asyncio.gather(*everything, return_exceptions=True)


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
            vault = await open_vault(settings.database_url, settings.key_file, settings.tombstones)
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
