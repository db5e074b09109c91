"""What the courier does to the outbox inside one transaction, and whom it tells about it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from scheduler.mishap import traits
from scheduler.outcomes import Delivered, Landing, Moved, Next, Unreachable, Unsure, follow
from storage import leases, outbox
from storage.database import is_unavailable
from storage.leases import Claimed, Settlement
from storage.outbox import Address, Ended, OutboxKind, OutboxState

_log = structlog.get_logger(__name__)


class Witness(Protocol):
    """Whoever reacts to rows that reached a final state."""

    def concerns(self, ended: Ended) -> bool:
        """Whether it has to know of this end. Where nothing does, a savepoint is spared."""
        ...

    async def settled(self, session: AsyncSession, ended: Sequence[Ended]) -> None:
        """Told of what concerns it, inside the settling transaction.

        What it raises undoes its own changes, not the settling.
        """
        ...


@dataclass(frozen=True, slots=True)
class Landed:
    """A leased row and what became of its send."""

    row: Claimed
    landing: Landing


class Desk:
    """Settles what landed and ends what cannot leave any more."""

    def __init__(self, witness: Witness | None, jitter: Callable[[], float]) -> None:
        self._witness = witness
        self._jitter = jitter
        self.stale = 0
        self.ended = Counter[OutboxState]()
        self._new_stale = 0
        self._new_ended = Counter[OutboxState]()

    def begin(self) -> None:
        """A transaction begins: what an undone one had counted is forgotten."""
        self._new_stale = 0
        self._new_ended.clear()

    def count(self) -> None:
        """The transaction is committed."""
        self.stale += self._new_stale
        self.ended += self._new_ended

    async def settle(self, session: AsyncSession, landed: Sequence[Landed], now: datetime) -> None:
        """Write what became of these rows. Stale ones are left out and counted."""
        if not landed:
            return
        nexts = [follow(one.landing, one.row, now, self._jitter()) for one in landed]
        accepted = await leases.settle(
            session, [_settlement(one.row, what, now) for one, what in zip(landed, nexts, strict=True)]
        )
        self._new_stale += len(landed) - len(accepted)
        live = [pair for pair in zip(landed, nexts, strict=True) if pair[0].row.row_id in accepted]
        sent = {one.row.row_id: one.row.address.ref for one, what in live if _says_where(one, what)}
        behind = await outbox.leave_behind(session, sent)
        ended = [
            _ended(one, replace(what, message_ref=None) if one.row.row_id in behind else what)
            for one, what in live
            if what.state != OutboxState.PENDING
        ]
        ended += await self._spread(session, [one for one, _ in live], now)
        retried = {
            one.row.address
            for one, what in live
            if one.row.kind == OutboxKind.EDIT and what.state == OutboxState.PENDING
        }
        await outbox.void_older_edits(session, retried, now)
        await self._tell(session, ended)

    async def sweep(self, session: AsyncSession, now: datetime, ours: Sequence[int]) -> None:
        """Take back leases that ran out; end what is too late, and what nobody would receive."""
        await self._doubt(session, await leases.lapsed(session, now, ours), now)
        ended = await outbox.expire(session, now)
        ended += await outbox.strand_unreachable(session, now)
        await self._tell(session, ended)

    async def take_back_all(self, session: AsyncSession, token: str, now: datetime) -> None:
        """At the start of a single process: every lease but its own is that of a dead one."""
        await self._doubt(session, await leases.left_behind(session, token), now)

    async def _doubt(self, session: AsyncSession, rows: Sequence[Claimed], now: datetime) -> None:
        await self.settle(session, [Landed(row, Unsure()) for row in rows], now)

    async def _spread(self, session: AsyncSession, landed: Sequence[Landed], now: datetime) -> list[Ended]:
        """What one row taught us about its address concerns the other rows there too.

        A chat that moved does not move back; whether somebody can be reached, the last answer tells.
        """
        moved, reached = dict[Address, str](), dict[Address, bool]()
        for one in landed:
            match one.landing:
                case Moved(new_ref) if new_ref != one.row.address.ref:
                    moved[one.row.address] = new_ref
                case Unreachable() | Delivered():
                    reached[one.row.address] = isinstance(one.landing, Delivered)
        for address, new_ref in moved.items():
            await outbox.move(session, address, new_ref, now)
        return await outbox.strand(session, [where for where, heard in reached.items() if not heard], now)

    async def _tell(self, session: AsyncSession, ended: Sequence[Ended]) -> None:
        self._new_ended.update(one.state for one in ended)
        if self._witness is None:
            return
        concerned = [one for one in ended if self._witness.concerns(one)]
        if not concerned:
            return
        try:
            async with session.begin_nested():
                await self._witness.settled(session, concerned)
        except Exception as error:
            if is_unavailable(error):
                raise
            # Settling goes on: a row that cannot be settled would be sent again.
            _log.error("witness_failed", rows=len(concerned), **traits(error))


def _says_where(one: Landed, what: Next) -> bool:
    """Whether a message was accepted in a group, which may have moved meanwhile."""
    return one.row.group_id is not None and what.message_ref is not None


def _settlement(row: Claimed, what: Next, now: datetime) -> Settlement:
    return Settlement(
        row_id=row.row_id,
        lease_token=row.lease_token,
        lease_attempt=row.attempt,
        state=what.state,
        attempt=what.attempt,
        copies=what.copies,
        not_before=what.not_before,
        message_ref=what.message_ref,
        settled_at=None if what.state == OutboxState.PENDING else now,
    )


def _ended(one: Landed, what: Next) -> Ended:
    row = one.row
    return Ended(
        row_id=row.row_id,
        person_id=row.person_id,
        address=row.address,
        lane=row.lane,
        kind=row.kind,
        about=row.about,
        state=what.state,
        copies=what.copies,
        message_ref=what.message_ref,
        group_id=row.group_id,
        astray=_is_astray(one),
    )


def _is_astray(one: Landed) -> bool:
    """A change of a message in a group that moved is one of a message that is not there any more."""
    if isinstance(one.landing, Moved):
        return one.row.kind == OutboxKind.EDIT
    return isinstance(one.landing, Delivered) and one.landing.astray
