"""The roster: the bots that are here now. A beat takes up who was added, and lets go who was removed."""

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Final

import structlog

from bot.roster import spare
from bot.roster.known import Known, merged
from bot.roster.premises import Premises
from bot.roster.station import Station, open_station
from bot.roster.switchboard import Switchboard
from bot.telegram.intake import PLATFORM
from bot.telegram.outcomes import TokenRefused
from scheduler.mishap import traits
from storage import bots, outbox
from storage.database import is_unavailable

AGAIN_SECONDS: Final = 60.0  # after this, a bot that could not go on is tried once more
LAST_WORK_SECONDS: Final = 10.0

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Place:
    """A bot that is here: its station, what will close it, and the task in which it works."""

    known: Known
    station: Station
    closing: AsyncExitStack
    work: asyncio.Task[None] | None = None


@dataclass(frozen=True, slots=True)
class _Absence:
    """A bot that could not go on, with this token; `until` is on the clock's monotonic seconds."""

    known: Known
    why: str
    until: float


class Roster:
    """Keeps the stations as the settings and the table say.

    One bot that cannot go on never takes the others with it. When there is no other, `run` raises what it
    raised, because then nothing is left to do.
    """

    def __init__(self, premises: Premises, switchboard: Switchboard, *, hears: bool) -> None:
        """`hears`: updates come in here."""
        self._premises, self._switchboard, self._hears = premises, switchboard, hears
        self._known: list[Known] = []
        self._places: dict[str, _Place] = {}
        self._absent: dict[str, _Absence] = {}
        self._spared: list[str] | None = None
        self._in_trouble = False
        self._running = False
        self._last_gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def idle(self) -> bool:
        """True when no update is in hand anywhere."""
        return all(place.station.idle for place in self._places.values())

    @property
    def first(self) -> Station | None:
        """The first bot of the deployment, if it is at work."""
        place = self._places.get(self._known[0].account) if self._known else None
        return place.station if place is not None else None

    @property
    def here(self) -> list[str]:
        """The accounts that are at work."""
        return list(self._places)

    @property
    def absent(self) -> dict[str, str]:
        """The accounts that could not go on, and why."""
        return {account: absence.why for account, absence in self._absent.items()}

    def link(self, account: str, payload: str) -> str | None:
        """The address that opens a private chat with a bot; None while its name is not known here."""
        place = self._places.get(account)
        return place.station.links.start(payload) if place is not None else None

    async def open(self) -> None:
        """Look for the first time, and open every connection."""
        await self.beat()

    async def tell_admins(self) -> None:
        """Let the heralds of all bots look. A token that is refused meanwhile shows elsewhere."""
        for place in list(self._places.values()):
            with suppress(TokenRefused):
                await place.station.herald.beat()

    async def run(self) -> None:
        """Work, for ever. Raises what the last of them could not go on with."""
        self._running = True
        for place in list(self._places.values()):
            self._set_to_work(place)
        await asyncio.shield(self._last_gone)

    async def beat(self) -> None:
        """Look whether somebody came or went. Without the database everything stays as it is."""
        known = await self._look()
        if known is not None:
            self._known = known
        wanted = {one.account: one for one in self._known}
        gone = [place for place in self._places.values() if wanted.get(place.known.account) != place.known]
        await asyncio.gather(*(self._let_go(place, wanted) for place in gone))
        self._absent = {
            account: absence
            for account, absence in self._absent.items()
            if wanted.get(account) == absence.known
        }
        for one in self._known:
            if one.account in self._places:
                self._places[one.account].known = one  # its row may have changed
            elif self._may_come(one):
                await self._arrive(one)
        await self._note_accepted()

    async def stop(self) -> None:
        """Hear nothing more; what is in hand comes to its end."""
        self._running = False
        for place in self._places.values():
            place.station.stop()
        working = [place.work for place in self._places.values() if place.work is not None]
        if working:
            await asyncio.wait(working, timeout=LAST_WORK_SECONDS)

    async def close(self) -> None:
        """Close every connection."""
        for place in list(self._places.values()):
            await self._close(place)

    # --- who is wanted ---------------------------------------------------------------------------------

    async def _look(self) -> list[Known] | None:
        """The bots that this deployment has; None while nobody can say."""
        vault, settings = self._premises.vault, self._premises.settings
        try:
            async with vault.database.reading() as session:
                rows = await bots.every(session)
        except Exception as error:
            if not is_unavailable(error):
                raise
            if not self._in_trouble:
                _log.warning("bots_not_read", **traits(error))
            self._in_trouble = True
            return None if self._known else merged(settings, vault.master, [])
        self._in_trouble = False
        found = merged(settings, vault.master, rows)
        tokens = [one.token for one in found if one.row is not None]
        if tokens != self._spared:
            await asyncio.to_thread(spare.keep, settings.key_file, vault.master, tokens)
            self._spared = tokens
        return found

    def _may_come(self, one: Known) -> bool:
        absence = self._absent.get(one.account)
        return absence is None or self._premises.clock.monotonic() >= absence.until

    # --- coming and going ------------------------------------------------------------------------------

    async def _arrive(self, one: Known) -> None:
        closing = AsyncExitStack()
        station = await closing.enter_async_context(open_station(self._premises, one.token))
        place = self._places[one.account] = _Place(one, station, closing)
        self._absent.pop(one.account, None)
        self._premises.pacing.expect(one.account)
        self._switchboard.plug(one.account, station.sender, station.refuse)
        _log.info("bot_here", bot=one.account)
        if self._running:
            self._set_to_work(place)

    def _set_to_work(self, place: _Place) -> None:
        place.work = asyncio.create_task(self._attend(place), name=f"bot-{place.known.account}")

    async def _attend(self, place: _Place) -> None:
        try:
            await place.station.run(hears=self._hears)
        except Exception as error:
            await self._lose(place, error)

    async def _lose(self, place: _Place, error: Exception) -> None:
        """It cannot go on; the others do."""
        account, why = place.known.account, _reason(error)
        _log.error("bot_stopped", bot=account, why=why)
        until = self._premises.clock.monotonic() + AGAIN_SECONDS
        self._absent[account] = _Absence(place.known, why, until)
        place.work = None  # this very task
        await self._close(place)
        if isinstance(error, TokenRefused):
            await self._note_refused(place.known, refused=True)
        if not self._places and not self._last_gone.done():
            self._last_gone.set_exception(error)

    async def _let_go(self, place: _Place, wanted: dict[str, Known]) -> None:
        """It was removed, or has another token."""
        account = place.known.account
        place.station.stop()
        if place.work is not None:
            await asyncio.wait({place.work}, timeout=LAST_WORK_SECONDS)
        await self._close(place)
        if account not in wanted:
            self._premises.alerts.pop(account, None)
            await self._withhold(account)
            _log.info("bot_gone", bot=account)

    async def _close(self, place: _Place) -> None:
        account = place.known.account
        if self._places.get(account) is place:
            del self._places[account]
        self._switchboard.unplug(account)
        if place.work is not None:
            place.work.cancel()
            await asyncio.wait({place.work})
        await place.closing.aclose()

    # --- what is written down --------------------------------------------------------------------------

    async def _withhold(self, account: str) -> None:
        """What was said here after the removal is not kept for a day on which the bot comes back."""
        try:
            async with self._premises.vault.database.transaction() as session:
                await outbox.withhold(session, PLATFORM, account, self._premises.clock.now())
        except Exception as error:
            if not is_unavailable(error):
                raise
            _log.warning("not_withheld", bot=account, **traits(error))

    async def _note_accepted(self) -> None:
        """A token that was refused once, and is not now."""
        for place in list(self._places.values()):
            row = place.known.row
            if place.station.introduced and row is not None and row.refused_at is not None:
                await self._note_refused(place.known, refused=False)

    async def _note_refused(self, known: Known, *, refused: bool) -> None:
        if known.row is None:
            return
        at = self._premises.clock.now() if refused else None
        try:
            async with self._premises.vault.database.transaction() as session:
                await bots.note_refused(session, known.account, known.row.token_sealed, at)
        except Exception as error:
            if not is_unavailable(error):
                raise
            _log.warning("refusal_not_noted", bot=known.account, **traits(error))


def _reason(error: Exception) -> str:
    return "refused" if isinstance(error, TokenRefused) else type(error).__name__
