"""The queue of updates: kept until the bot confirms them, handed out by long poll or webhook."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.standin.errors import OTHER_POLLER, bad_request, conflict
from scheduler.clock import Clock

KEPT_SECONDS = 24 * 3600
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
FIRST_ID = 700_000_001
RECENTLY = 2.0


@dataclass(slots=True, eq=False)
class Pending:
    """An update on its way. An injected one is handed out even below the confirmed offset, once."""

    update: dict[str, Any]
    since: float
    injected: bool = False
    handed_out: bool = False
    in_flight: bool = False

    @property
    def id(self) -> int:
        """The update's id."""
        return int(self.update["update_id"])


class UpdateQueue:
    """What has happened and the bot has not yet confirmed, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next_id = FIRST_ID
        self._poller: asyncio.Future[bool] | None = None
        self._polled_at = float("-inf")
        self._changed = asyncio.Event()
        self._confirmed = asyncio.Event()
        self.pending: list[Pending] = []
        self.wanted: list[str] = []

    # What people do comes in here.

    def add(self, kind: str, content: dict[str, Any]) -> int | None:
        """Queue an update; None when the bot has not asked for this kind."""
        if kind not in self.wanted if self.wanted else kind in ON_REQUEST:
            return None
        update_id = self._next_id
        self._put(Pending({"update_id": update_id, kind: content}, self._clock.monotonic()))
        return update_id

    def inject(self, update: dict[str, Any]) -> int:
        """Queue an update as it is: a repeat, one out of order, one nobody could have written."""
        update_id = update.get("update_id", self._next_id)
        self._put(Pending({"update_id": update_id, **update}, self._clock.monotonic(), injected=True))
        return int(update_id)

    def _put(self, pending: Pending) -> None:
        self._next_id = max(self._next_id, pending.id + 1)
        self.pending.append(pending)
        self._changed.set()
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(True)

    # The bot takes them out here.

    def want(self, kinds: Any) -> None:
        """Remember which kinds the bot asks for; None changes nothing, an empty list means the usual."""
        if kinds is None:
            return
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            raise bad_request("can't parse allowed_updates: expected an Array of String")
        self.wanted = kinds

    async def poll(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """Confirm what lies before `offset`, then wait for what comes after; an older poll is ended."""
        self._supersede()
        self._confirm(offset)
        self._polled_at = _running_seconds()
        ready = self._ready(limit)
        if ready or timeout <= 0:
            return ready
        turn = self._poller = asyncio.get_running_loop().create_future()
        try:
            arrived = await asyncio.wait_for(turn, timeout)
        except TimeoutError:
            return []
        finally:
            self._polled_at = _running_seconds()
            if self._poller is turn:
                self._poller = None
        if not arrived:
            raise conflict(OTHER_POLLER)
        return self._ready(limit)

    def end_polls(self) -> None:
        """Send a waiting poll home, because a webhook was set or the stand-in closes."""
        self._supersede()

    def _supersede(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(False)
        self._poller = None

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.drop(self.pending[:offset])
        elif offset > 0:
            self.drop([it for it in self.pending if it.id < offset and (it.handed_out or not it.injected)])

    def _ready(self, limit: int) -> list[dict[str, Any]]:
        self._forget_old()
        taken = self.pending[:limit]
        for pending in taken:
            pending.handed_out = True
        return [pending.update for pending in taken]

    def _forget_old(self) -> None:
        """Telegram keeps updates for a day."""
        oldest = self._clock.monotonic() - KEPT_SECONDS
        if self.pending and self.pending[0].since < oldest:
            self.drop([pending for pending in self.pending if pending.since < oldest])

    def drop(self, gone: Iterable[Pending]) -> None:
        """Take these out for good."""
        gone = set(gone)
        if gone:
            self.pending = [pending for pending in self.pending if pending not in gone]
            self._confirmed.set()
            self._confirmed = asyncio.Event()

    # The webhook and the control API watch here.

    def waiting_for_push(self) -> list[Pending]:
        """What no webhook request carries at this moment."""
        self._forget_old()
        return [pending for pending in self.pending if not pending.in_flight]

    async def changed(self) -> None:
        """Wait until something is added."""
        await self._changed.wait()
        self._changed.clear()

    def polled_recently(self) -> bool:
        """Whether a bot is polling, or was a moment ago."""
        return self._poller is not None or _running_seconds() - self._polled_at < RECENTLY

    async def confirmed(self, update_id: int, timeout: float) -> bool:
        """Wait until the bot has confirmed this update; False when it has not within `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                while any(pending.id == update_id for pending in self.pending):
                    await self._confirmed.wait()
        except TimeoutError:
            return False
        return True


def _running_seconds() -> float:
    """The event loop's time: how long a poller was really away, whatever the time machine does."""
    return asyncio.get_running_loop().time()
