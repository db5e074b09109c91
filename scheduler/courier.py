"""The courier: takes what is due from the outbox to the platform, and writes down what became of it.

    claim with a lease  →  fly (scheduler/flights.py)  →  settle, a batch at a time

No transaction is open while a message is on its way. At most `slots` messages are between their claim and
their settlement, so that a killed process leaves at most that many in doubt.
"""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from scheduler.claims import Claiming, Claims
from scheduler.clock import Clock
from scheduler.desk import Desk, Witness
from scheduler.flights import LEASE_SECONDS, Flights
from scheduler.ledger import Ledger
from scheduler.mishap import traits
from scheduler.pace import AHEAD_MOST, Pace
from scheduler.pacing import Pacing, Surplus
from scheduler.parcel import Gate, Platform, as_claimed
from storage import leases, outbox
from storage.database import Database, is_unavailable
from storage.leases import Held
from storage.outbox import OutboxState, Posting
from storage.sealing import MasterKey, Sealer

SWEEP_SECONDS = 5.0  # so often somebody looks for leases that ran out: a dead worker's are taken within 46 s
LINGER_SECONDS = 0.02  # how long the first landing waits for others, to be settled together
LAST_SETTLE_SECONDS = 5.0  # how long a drain tries to write down what landed
QUIET_SECONDS = 5.0
REST_SECONDS, SHORTEST_REST = 1.0, 0.001
BACK_OFF_FIRST, BACK_OFF_MOST = 0.1, 1.0  # a database that is back is noticed within two seconds

_log = structlog.get_logger(__name__)


class Courier:
    """Carries messages until it is told to drain."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        platform: Platform,
        master: MasterKey,
        pacing: Pacing,
        *,
        slots: int = 16,
        gate: Gate | None = None,
        witness: Witness | None = None,
        pace: bool = True,
        claims: bool = True,
        jitter: Callable[[], float] = random.random,
        accounts: Callable[[], Collection[str]] | None = None,
    ) -> None:
        """`pace` False sends without any limit; `jitter` draws from [0, 1).

        `accounts`: those through which something can leave now; rows of others stay where they are. Without
        it, the platform takes them all.

        `claims` False sends only what it is offered, and leaves the rest of the outbox to other couriers.
        """
        self.token = secrets.token_hex(8)
        self._database, self._clock, self._claims = database, clock, claims
        self._pace = Pace(pacing if pace else None, clock)
        self._claiming = Claiming(self._pace, self.token, accounts)
        self._flights = Flights(clock, platform, master, self._pace, gate, slots, self._something_landed)
        # On a file there is one process, which knows by itself what it sent.
        shared = pace and not database.is_sqlite
        self._ledger = Ledger(pacing, clock, self.token) if shared else None
        self._desk = Desk(witness, jitter)
        self._stirred = asyncio.Event()
        self._one_round = asyncio.Lock()
        self._lingering: asyncio.TimerHandle | None = None
        self._swept_at = float("-inf")
        self._more = False  # more was due than the last round could claim
        # More was due than the pace let through. Then a handful of messages is claimed and settled together,
        # as soon as a handful may leave: a round for each would cost much more, and send nothing sooner.
        self._waits_its_turn = False
        self._claiming_seconds = 0.0  # how long the last rounds took, from their start until something flew
        self._upcoming: datetime | None = None

    # --- what others ask of it -------------------------------------------------------------------------

    def wake(self) -> None:
        """Something was posted and committed: look now."""
        self._stirred.set()

    def lease(self, rows: Iterable[Posting]) -> list[Posting]:
        """The same rows, to be posted as already under way from here; `offer` them after the commit.

        What rests on somebody's consent is left to be claimed, because the claim asks for it; so is what is
        to leave later.
        """
        now = self._clock.now()
        until = now + timedelta(seconds=LEASE_SECONDS)
        return [
            row if row.consent_id or row.not_before > now else outbox.lease_to(row, self.token, until)
            for row in rows
        ]

    def offer(self, rows: Iterable[Posting], sealer: Sealer) -> None:
        """Send leased rows straight after their commit; without a free slot they go back into the outbox.

        `sealer` is that of the person whom the rows belong to. Rows that had to line up are claimed in turn.
        """
        for row in rows:
            if row.id is not None and row.state == OutboxState.LEASED:
                self._flights.accept(as_claimed(row), sealer)
            else:
                self.wake()

    async def run(self) -> None:
        """Carry until drained. Trouble with the database is waited out; anything else is raised."""
        if self._database.is_sqlite:  # one process per file: whoever held those leases is dead
            await self._persist(self._take_back_all)
        while not self._flights.closed and self._flights.broken is None:
            self._stirred.clear()
            await self._persist(self.round)
            await self._rest()
        if self._flights.broken is not None:
            await self.drain()
            raise self._flights.broken

    async def round(self) -> None:
        """Settle what landed and send what may leave now. Raises what the database raises."""
        async with self._one_round:
            began, ahead = self._clock.monotonic(), self._ahead()
            claims = await self._settle_and_claim(ahead)
        self._more, self._upcoming = claims.more, claims.upcoming
        for row in claims.within:
            self._flights.accept(row, known=True, ahead=ahead)
        for row in claims.beyond:
            self._flights.accept(row, known=True, surplus=True, ahead=ahead)
        self._claiming_seconds = max(self._clock.monotonic() - began, 0.9 * self._claiming_seconds)
        self._waits_its_turn = self._more and not self._pace.room() and not self._pace.beyond().room

    def _ahead(self) -> float:
        """By how many seconds a round claims what may leave later: about as long as it takes itself."""
        return min(self._claiming_seconds, AHEAD_MOST) if self._waits_its_turn else 0.0

    async def quiet(self) -> bool:
        """True when nothing is in flight or unsettled, and nothing is due that could be sent.

        What the platform told us to keep for longer than a few seconds is not waited for.
        """
        if self.busy:
            return False
        told = self._pace.told_to_wait(longer_than=QUIET_SECONDS)
        waiting = await self._waits(told._replace(only=self._claiming.only))
        return not waiting and not self.busy  # a round may have begun meanwhile

    async def relief(self) -> datetime | None:
        """When the platform lets us go on somewhere, while something that is due waits; None otherwise."""
        seconds = self._pace.told_relief()
        if seconds is None or not await self._waits(Held(only=self._claiming.only)):
            return None
        return self._clock.now() + timedelta(seconds=seconds)

    async def _waits(self, held: Held) -> bool:
        """Whether something is due for anybody but these."""
        async with self._database.reading() as session:
            return await leases.claimable(session, self._clock.now(), held)

    @property
    def busy(self) -> bool:
        """Whether something flies or is unsettled, or a round goes on: it commits before anything flies."""
        return bool(self._flights.rows) or self._one_round.locked()

    async def run_until_quiet(self, timeout: float = 30.0) -> bool:
        """Carry until quiet, with or without `run` beside it; False after `timeout` seconds of real time."""
        deadline = asyncio.get_running_loop().time() + timeout
        self._swept_at = float("-inf")
        await self.round()
        while not await self.quiet():
            await self._flights.wait(LINGER_SECONDS)
            await self.round()
            if self._flights.broken is not None:
                raise self._flights.broken
            if asyncio.get_running_loop().time() > deadline:
                return False
        return True

    async def drain(self, timeout: float = 10.0) -> None:
        """Claim nothing more, let what is in flight land, settle it. What is cut off counts as unsure."""
        self._flights.close()
        self.wake()
        await self._flights.wait(timeout, everybody=True)
        self._flights.cut_off()
        await self._flights.wait(timeout, everybody=True)
        try:
            async with asyncio.timeout(LAST_SETTLE_SECONDS):
                await self._persist(self.round)
        except TimeoutError:
            _log.warning("drained_unsettled", rows=len(self._flights.landed))

    @property
    def figures(self) -> dict[str, int]:
        """Since the start: rows that ended in each state, stale settlements, messages sent as surplus.

        And what is in flight now.
        """
        ended = {str(state): self._desk.ended[state] for state in OutboxState}
        now = {
            "in_flight": self._flights.in_the_air,
            "surplus": self._flights.surplus,
            "stale": self._desk.stale,
        }
        return now | ended

    @property
    def surplus(self) -> Surplus:
        """Whether more may leave than the accounts' budgets hold."""
        return self._pace.surplus

    # --- the round -------------------------------------------------------------------------------------

    async def _settle_and_claim(self, ahead: float) -> Claims:
        """One transaction: what landed, what ran out, and what may leave within `ahead` seconds."""
        landed, now = list(self._flights.landed), self._clock.now()
        sweeping = self._claims and self._clock.monotonic() - self._swept_at >= SWEEP_SECONDS
        self._desk.begin()
        async with self._database.transaction() as session:
            await self._desk.settle(session, landed, now)
            if sweeping:
                await self._sweep(session, now)
            if landed or sweeping:  # else no edit has lost what it waited for, or who posted it has looked
                await outbox.aim(session, now)
            if self._ledger is not None:
                await self._ledger.balance(session, now)
            claims = Claims()
            if self._claims and not self._flights.closed:
                slots = self._flights.free_slots + len(landed)
                claims = await self._claiming.claim(session, now, slots, ahead)
            if self._ledger is not None:
                leaves = now + timedelta(seconds=ahead)
                await self._ledger.claimed(session, claims.within, leaves)
                await self._ledger.claimed(session, claims.beyond, leaves, surplus=True)
        # Certain only now: after a failed commit they are settled once more.
        self._desk.count()
        if self._ledger is not None:
            self._ledger.committed()
        del self._flights.landed[: len(landed)]
        if sweeping:
            self._swept_at = self._clock.monotonic()
        return claims

    async def _sweep(self, session: AsyncSession, now: datetime) -> None:
        await self._desk.sweep(session, now, self._flights.rows)
        if self._ledger is not None:
            await self._ledger.sweep(session, now)

    async def _take_back_all(self) -> None:
        async with self._one_round, self._database.transaction() as session:
            self._desk.begin()
            await self._desk.take_back_all(session, self.token, self._clock.now())
        self._desk.count()

    # --- waiting ---------------------------------------------------------------------------------------

    def _something_landed(self) -> None:
        """Settle it together with what lands in the next moment; at once when nothing else is under way."""
        if self._flights.broken is not None:
            self.wake()
        elif self._waits_its_turn:
            return  # the next round is a moment away, and settles it with the others
        elif not self._flights.in_the_air:
            self.wake()
        elif self._lingering is None:
            self._lingering = asyncio.get_running_loop().call_later(LINGER_SECONDS, self._stop_lingering)

    def _stop_lingering(self) -> None:
        self._lingering = None
        self.wake()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(max(self._rest_seconds(), SHORTEST_REST)):
                await self._stirred.wait()
        except TimeoutError:
            pass

    def _rest_seconds(self) -> float:
        """Until something may leave that cannot leave now; a landing or a `wake` comes earlier."""
        if self._more and self._flights.free_slots > 0 and (self._pace.room() or self._pace.beyond().room):
            return 0.0
        waits = [REST_SECONDS, self._pace.relief(together=self._waits_its_turn) - self._ahead()]
        if self._upcoming is not None:
            waits.append((self._upcoming - self._clock.now()).total_seconds())
        return min(waits)

    async def _persist(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it, however long the database is in trouble."""
        wait = BACK_OFF_FIRST
        while True:
            try:
                await work()
            except Exception as error:
                if not is_unavailable(error):
                    _log.error("courier_broken", **traits(error))
                    raise
                if wait == BACK_OFF_FIRST:
                    _log.warning("database_unavailable", error=type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(wait * 2, BACK_OFF_MOST)
            else:
                if wait > BACK_OFF_FIRST:
                    _log.info("database_available_again")
                return
