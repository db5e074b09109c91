"""What one courier has under way: each leased row from when it is accepted until its landing is settled.

pack  →  its place in the line  →  not too late? still consented?  →  deliver  →  landed
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from scheduler.clock import Clock
from scheduler.desk import Landed
from scheduler.lanes import Lane
from scheduler.mishap import traits
from scheduler.outcomes import (
    AccountRefused,
    Landing,
    NotSent,
    Overdue,
    Refused,
    Returned,
    Unsure,
    Withheld,
)
from scheduler.pace import Pace
from scheduler.parcel import Gate, Parcel, Platform, packed
from storage.leases import Claimed
from storage.sealing import CannotOpen, MasterKey, Sealer

LEASE_SECONDS = 41.0  # connect 5 + read 30, what a refused markup takes, and the margin
MARGIN_SECONDS = 1.0  # whatever the platform does, a send ends so long before its lease
GATE_SECONDS = 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Flight:
    row: Claimed
    task: asyncio.Task[None]


class Flights:
    """The messages in the air and those that landed, never more than there are slots.

    `landed` is what nobody has settled yet; whoever settles it takes it away. `broken` is what must end the
    courier: the account is refused, or a flight broke. `surplus` counts what left beyond the budgets.
    """

    def __init__(
        self,
        clock: Clock,
        platform: Platform,
        master: MasterKey,
        pace: Pace,
        gate: Gate | None,
        slots: int,
        on_landing: Callable[[], None],
    ) -> None:
        """`on_landing` is called when something landed, and when something broke."""
        self._clock, self._platform, self._master = clock, platform, master
        self._pace, self._gate, self._slots, self._on_landing = pace, gate, slots, on_landing
        self._flying: dict[tuple[int, int], _Flight] = {}  # by row id and attempt
        self._closed = False
        self.landed: list[Landed] = []
        self.broken: BaseException | None = None
        self.surplus = 0

    @property
    def in_the_air(self) -> int:
        """How many have left and not landed."""
        return len(self._flying)

    @property
    def free_slots(self) -> int:
        """How many more may leave. A crisis message does not ask."""
        return self._slots - len(self._flying) - len(self.landed)

    @property
    def rows(self) -> list[int]:
        """The rows under way or unsettled."""
        return [
            *(flight.row.row_id for flight in self._flying.values()),
            *(one.row.row_id for one in self.landed),
        ]

    def accept(
        self,
        row: Claimed,
        sealer: Sealer | None = None,
        *,
        known: bool = False,
        surplus: bool = False,
        ahead: float = 0.0,
    ) -> None:
        """Let a leased row fly, within `ahead` seconds, or land it at once with the reason why not.

        `known`: the other couriers have been told that it leaves, and whether as surplus.
        """
        surplus = surplus or (not known and self._pace.exceeds(row))
        at = None
        if self._may_fly(row):
            at = self._pace.reserve(row, known=known, surplus=surplus, ahead=ahead)
        if at is None:
            self._land(row, Returned())
            return
        try:
            parcel = packed(row, sealer or self._sealer(row), surplus=surplus)
        except CannotOpen:
            _log.error("body_cannot_be_opened", row=row.row_id)
            self._land(row, Refused())
            return
        self.surplus += surplus
        task = asyncio.create_task(self._fly(row, parcel, at), name=f"flight-{row.row_id}")
        task.add_done_callback(self._watch)
        self._flying[row.row_id, row.attempt] = _Flight(row, task)

    def close(self) -> None:
        """Nothing leaves from here any more; what is accepted goes back into the outbox."""
        self._closed = True

    @property
    def closed(self) -> bool:
        """Whether nothing leaves any more."""
        return self._closed

    def cut_off(self) -> None:
        """Wait for none of them any more: what became of them is unsure."""
        for flight in list(self._flying.values()):
            flight.task.cancel()

    async def wait(self, timeout: float, *, everybody: bool = False) -> None:
        """Until one has landed, or everybody; at most `timeout` seconds, which pass where nothing flies."""
        tasks = {flight.task for flight in self._flying.values()}
        if tasks:
            when = asyncio.ALL_COMPLETED if everybody else asyncio.FIRST_COMPLETED
            await asyncio.wait(tasks, timeout=timeout, return_when=when)
        elif not everybody:
            await asyncio.sleep(timeout)

    def _may_fly(self, row: Claimed) -> bool:
        return not self._closed and (row.lane == Lane.CRISIS or self.free_slots > 0)

    def _sealer(self, row: Claimed) -> Sealer:
        if row.wrapped is None:
            raise CannotOpen("the key was destroyed")
        if row.group_id is not None:
            return self._master.sealer(row.wrapped, row.group_id, "group")
        if row.person_id is None:
            raise CannotOpen("the row is nobody's")
        return self._master.sealer(row.wrapped, row.person_id)

    async def _fly(self, row: Claimed, parcel: Parcel, at: float) -> None:
        landing: Landing = Unsure()  # what a cancelled flight is
        try:
            at = await self._pace.turn(row, at, surplus=parcel.surplus)
            landing = await self._before_sending(row, parcel) or await self._deliver(row, parcel)
        finally:
            del self._flying[row.row_id, row.attempt]
            self._pace.learn(parcel, at, landing)
            self._land(row, landing)

    async def _before_sending(self, row: Claimed, parcel: Parcel) -> Landing | None:
        """The last look: still consented, not too late, still ours?"""
        landing = await self._ask_gate(parcel)
        if landing is None and row.not_after is not None and self._clock.now() > row.not_after:
            landing = Overdue()
        if landing is None and self._seconds_left(row) <= 0:
            landing = Returned()  # we were asleep; settling decides whether the lease is still ours
        return landing

    async def _ask_gate(self, parcel: Parcel) -> Landing | None:
        if parcel.receipt is None:
            return None
        if self._gate is None:
            return Withheld()
        try:
            async with asyncio.timeout(GATE_SECONDS):
                return None if await self._gate.may_send(parcel) else Withheld()
        except Exception as error:
            _log.error("gate_failed", row=parcel.row_id, **traits(error))
            return NotSent()

    def _seconds_left(self, row: Claimed) -> float:
        """Of its lease; never more than a whole one, also when the clock was set back meanwhile."""
        left = (row.lease_until - self._clock.now()).total_seconds()
        return min(left, LEASE_SECONDS) - MARGIN_SECONDS

    async def _deliver(self, row: Claimed, parcel: Parcel) -> Landing:
        try:
            async with asyncio.timeout(self._seconds_left(row)):
                return await self._platform.deliver(parcel)
        except AccountRefused as error:
            self.broken = error
            return Returned()
        except Exception as error:
            # Nobody knows how far it came; one bad parcel must not stop the others.
            _log.error("delivery_failed", row=parcel.row_id, **traits(error))
            return Unsure()

    def _land(self, row: Claimed, landing: Landing) -> None:
        self.landed.append(Landed(row, landing))
        self._on_landing()

    def _watch(self, task: asyncio.Task[None]) -> None:
        """A flight that breaks must not be silent: whoever runs the courier hears what it raised."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.broken = error
            self._on_landing()
