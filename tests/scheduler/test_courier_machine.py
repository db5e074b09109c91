"""The outbox under any sequence of posts, outcomes, kills and waits keeps its promises."""

import asyncio
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scheduler.lanes import Lane
from scheduler.outcomes import Delivered, NotSent, Outcome, Refused, Unsure
from scheduler.parcel import Parcel
from storage import outbox
from storage.outbox import OutboxState
from tests.scheduler.posthouse import PostHouse, kill_flights, open_house

FATES = ["delivered", "delivered", "lost reply", "never arrived", "not sent", "429", "refused", "hangs"]


class OutboxMachine(RuleBasedStateMachine):
    """One courier at a time; the platform follows the fates that were drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.stack = AsyncExitStack()
        self.fates: list[str] = []
        self.aloft: set[int] = set()
        self.hanging: list[asyncio.Event] = []
        self.doubts: Counter[int] = Counter()
        self.arrived: Counter[int] = Counter()
        self.out_of_bounds: list[str] = []
        self.not_after: dict[int, datetime | None] = {}
        self.line: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self.first_out: defaultdict[tuple[int, int], list[int]] = defaultdict(list)

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    @initialize()
    def open(self) -> None:
        self.house: PostHouse = self.do(self.stack.enter_async_context(open_house(self.folder)))
        self.people = self.do(self.house.crowd(["1", "2", "-3"]))
        self.house.platform.script = self.follow_fate
        self.courier = self.house.courier(slots=4)

    async def follow_fate(self, parcel: Parcel) -> Outcome:
        row, end = parcel.row_id, self.not_after[parcel.row_id]
        if row in self.aloft:
            self.out_of_bounds.append(f"two leases of row {row}")
        if end is not None and self.house.clock.now() > end:
            self.out_of_bounds.append(f"row {row} left too late")
        if parcel.again != (self.doubts[row] > 0):
            self.out_of_bounds.append(f"a copy of row {row} is marked wrongly")
        self.aloft.add(row)
        try:
            return await self.outcome(parcel, self.fates.pop() if self.fates else "delivered")
        except asyncio.CancelledError:  # killed
            self.in_doubt(parcel)
            raise
        finally:
            self.aloft.discard(row)

    async def outcome(self, parcel: Parcel, fate: str) -> Outcome:
        if fate == "not sent":
            return NotSent()
        if fate == "429":
            return NotSent(retry_after=20)
        if fate == "refused":
            return Refused()
        if fate == "never arrived":
            self.in_doubt(parcel)
            return Unsure()
        self.arrived[parcel.row_id] += 1
        if fate == "lost reply":
            self.in_doubt(parcel)
            return Unsure()
        if fate == "hangs":
            event = asyncio.Event()
            self.hanging.append(event)
            await event.wait()
        self.is_out(parcel)
        return Delivered(f"m{parcel.row_id}")

    def in_doubt(self, parcel: Parcel) -> None:
        self.doubts[parcel.row_id] += 1
        self.is_out(parcel)

    def is_out(self, parcel: Parcel) -> None:
        assert parcel.person_id is not None
        out = self.first_out[parcel.person_id, parcel.lane]
        if parcel.row_id not in out:
            out.append(parcel.row_id)

    @rule(who=st.integers(0, 2), lane=st.sampled_from(Lane), within=st.none() | st.integers(5, 400))
    def post(self, who: int, lane: Lane, within: float | None) -> None:
        person = self.people[who]
        row = self.house.row(person, "x", lane, about="thing", within=within)
        self.do(self.house.post(row))
        self.not_after[row.key] = row.not_after
        self.line[person, lane].append(row.key)

    @rule(fates=st.lists(st.sampled_from(FATES), max_size=6))
    def carry(self, fates: list[str]) -> None:
        self.fates = fates
        for _ in range(3):
            self.do(self.one_round())

    async def one_round(self) -> None:
        await self.courier.round()
        for _ in range(12):  # whoever does not hang lands within a few turns of the loop
            await asyncio.sleep(0)

    @rule()
    def answer_those_who_hang(self) -> None:
        for event in self.hanging:
            event.set()
        self.hanging.clear()
        self.do(self.one_round())

    @rule()
    def kill(self) -> None:
        """Landed but not settled is in doubt as well."""

        async def die() -> None:
            kill_flights()
            for _ in range(12):
                await asyncio.sleep(0)

        settled_after_death = [landed.row for landed in self.courier._flights.landed]
        self.do(die())
        for row in settled_after_death:
            self.doubts[row.row_id] += 1
        self.hanging.clear()
        self.courier = self.house.courier(slots=4)
        self.house.clock.advance(47)

    @rule(who=st.integers(0, 2))
    def supersede(self, who: int) -> None:
        async def end() -> None:
            async with self.house.database.transaction() as session:
                await outbox.supersede(session, [(self.people[who], "thing")], self.house.clock.now())

        self.do(end())

    @rule(seconds=st.sampled_from([0.5, 3, 21, 91, 301]))
    def wait(self, seconds: float) -> None:
        self.house.clock.advance(seconds)

    @invariant()
    def nothing_went_out_of_bounds(self) -> None:
        assert self.out_of_bounds == []

    @invariant()
    def copies_are_bounded(self) -> None:
        for row, copies in self.arrived.items():
            assert copies <= 3
            assert copies - 1 <= self.doubts[row]

    @invariant()
    def first_sends_of_a_lane_keep_their_order(self) -> None:
        for (person, lane), out in self.first_out.items():
            if lane != Lane.CRISIS:
                expected = [row for row in self.line[person, lane] if row in out]
                assert out == expected

    def teardown(self) -> None:
        try:
            if hasattr(self, "house"):
                self.fates = []
                self.answer_those_who_hang()
                self.house.clock.advance(47)
                self.do(self.house.live_through(self.courier, timedelta(days=1).total_seconds()))
                states = {row.state for row in self.do(self.house.rows())}
                assert not states & {OutboxState.PENDING, OutboxState.LEASED}, "every row ends"
                self.nothing_went_out_of_bounds()
                self.copies_are_bounded()
        finally:
            self.do(self.stack.aclose())
            self.runner.close()
            shutil.rmtree(self.folder)


OutboxMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, suppress_health_check=list(HealthCheck)
)
TestOutbox = OutboxMachine.TestCase
