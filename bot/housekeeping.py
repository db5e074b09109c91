"""Housekeeping: once an hour, what is of no more use is forgotten."""

from datetime import datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from bot import almanac
from bot.groups.pulse.rules import KEPT as PULSES_KEPT
from bot.vault import Vault
from scheduler.mishap import traits
from storage import caring, estate, invites, outbox, people, pulses, told, updates, wrong_links
from storage.database import is_unavailable
from storage.holding import hold_free
from storage.tombstones import StonesUnwritable

UPDATES_KEPT = timedelta(days=7)
MESSAGES_KEPT = timedelta(days=30)
STRANGERS_KEPT = timedelta(days=1)  # who wrote once and never agreed to anything

_log = structlog.get_logger(__name__)


async def tidy(vault: Vault, now: datetime) -> None:
    """Forget it, and note the zones in use. Trouble with the database is left to the next hour."""
    try:
        async with vault.database.transaction() as session:
            await _forget(session, now)
        await almanac.write_down(vault.database, now)
        await _pay_stones(vault)
    except Exception as error:
        if not is_unavailable(error):
            raise
        _log.warning("not_tidied", **traits(error))


async def _forget(session: AsyncSession, now: datetime) -> None:
    await updates.forget_before(session, now - UPDATES_KEPT)
    await told.keep_outcomes(session, now - MESSAGES_KEPT)
    await outbox.reap(session, now - MESSAGES_KEPT)
    await invites.forget_before(session, now - MESSAGES_KEPT)
    await pulses.forget_before(session, now - PULSES_KEPT)
    await wrong_links.forget_before(session, now - STRANGERS_KEPT)
    strangers = await people.strangers(session, now - STRANGERS_KEPT)
    strangers += await caring.guests_of_nobody(session, now - STRANGERS_KEPT)
    for person_id in await hold_free(session, strangers):
        await estate.erase(session, person_id, now)


async def _pay_stones(vault: Vault) -> None:
    """Write the tombstones that could not be written at their time."""
    try:
        async with vault.database.transaction() as session:
            await vault.tombstones.pay(session)
    except StonesUnwritable as error:
        _log.error("tombstones_unwritable", reason=str(error))
