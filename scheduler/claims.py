"""Claiming: which waiting messages one courier may send now, leased to it in the round's transaction."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from scheduler.flights import LEASE_SECONDS
from scheduler.lanes import Lane
from scheduler.pace import Pace
from storage import leases
from storage.leases import Claimed, Held
from storage.outbox import LANES

CRISIS_SLOTS = 8
_CRISIS, _OTHERS = range(Lane.CRISIS, Lane.CRISIS + 1), range(Lane.CRISIS + 1, len(LANES))


@dataclass(frozen=True, slots=True)
class Claims:
    """What one round may send, within the accounts' budgets and beyond them.

    `more` was due than could be claimed. `upcoming`: when the next message is due, if nothing more is.
    """

    within: Sequence[Claimed] = ()
    beyond: Sequence[Claimed] = ()
    more: bool = False
    upcoming: datetime | None = None


class Claiming:
    """Claims for one courier, which is known by its token."""

    def __init__(self, pace: Pace, token: str, accounts: Callable[[], Collection[str]] | None) -> None:
        """`accounts`: those through which something can leave now; without it, all."""
        self._pace, self._token, self._accounts = pace, token, accounts

    @property
    def only(self) -> list[str] | None:
        """The accounts through which something can leave now; None for all."""
        return None if self._accounts is None else list(self._accounts())

    async def claim(self, session: AsyncSession, now: datetime, slots: int, ahead: float) -> Claims:
        """Lease what fits into the free slots and may leave within `ahead` seconds; a crisis always fits.

        One look at the index tells whether anything is due; mostly nothing is.
        """
        firsts = await leases.firsts(session)
        due = [lane for lane, first in firsts.items() if first <= now]
        if not due:
            return Claims(upcoming=min(firsts.values(), default=None))
        crisis: list[Claimed] = []
        if Lane.CRISIS in due:
            anybody = Held(only=self.only)
            crisis = await self._lease(session, now, CRISIS_SLOTS, anybody, lanes=_CRISIS)
        limit = min(slots, self._pace.room(ahead))
        others: list[Claimed] = []
        if limit > 0:
            others = await self._lease(session, now, limit, self._pace.held(ahead)._replace(only=self.only))
        more = limit <= 0 or len(others) == limit
        beyond, more = await self._claim_beyond(session, now, slots - len(others), ahead, others, more=more)
        upcoming = None if more else await leases.earliest(session, now)
        return Claims(crisis + others, beyond, more, upcoming)

    async def _claim_beyond(
        self,
        session: AsyncSession,
        now: datetime,
        slots: int,
        ahead: float,
        within: Sequence[Claimed],
        *,
        more: bool,
    ) -> tuple[list[Claimed], bool]:
        """Messages of accounts whose budget is used up by now, and whether more is due than all these.

        An edit or a deletion waits for the budget.
        """
        beyond = self._pace.beyond(within, ahead)
        limit = min(slots, beyond.room)
        if limit <= 0:
            return [], more
        held = Held(self._pace.held(ahead).chats, beyond.closed, self.only)
        claimed = await self._lease(session, now, limit, held, sends_only=True)
        return claimed, (more and beyond.thrifty) or len(claimed) == limit

    async def _lease(
        self,
        session: AsyncSession,
        now: datetime,
        limit: int,
        held: Held,
        *,
        lanes: range = _OTHERS,
        sends_only: bool = False,
    ) -> list[Claimed]:
        until = now + timedelta(seconds=LEASE_SECONDS)
        return await leases.claim(
            session, now, until, self._token, limit, lanes=lanes, held=held, sends_only=sends_only
        )
