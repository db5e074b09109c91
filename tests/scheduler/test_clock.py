"""Machines whose clocks differ, drift, and are set go by one."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.agreement import SLOW_SECONDS, Agreement
from scheduler.clock import AGREE_SECONDS, PARTED_SECONDS, AgreedClock, SteerableClock, SystemClock
from storage.database import Database, DatabaseUnusable
from tests.scheduler.posthouse import START, open_house_on_postgresql

HOUR, DAY = 3_600.0, 86_400.0
DRIFT = 100e-6  # more than a crystal without any care
ROUNDING = 0.001


@dataclass
class Machine:
    """A machine with its clocks, in a world with a true time. All in seconds; the server's clock is true."""

    rate: float = 1.0
    true: float = 0.0
    set_by: float = 0.0
    steady: float = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.set_by)

    def monotonic(self) -> float:
        return self.steady

    @property
    def server(self) -> datetime:
        """What the server's clock shows."""
        return START + timedelta(seconds=self.true)

    def passes(self, seconds: float) -> None:
        """Time goes by."""
        self.true += seconds
        self.set_by += seconds * self.rate
        self.steady += seconds * self.rate

    def steps(self, seconds: float) -> None:
        """Somebody sets the clock."""
        self.set_by += seconds

    def stands_still(self, seconds: float) -> None:
        """The machine is paused, and its clock set right afterwards."""
        self.true += seconds
        self.set_by += seconds


class Shelf(Database):
    """A server on a machine's line: it shows its clock after a while, or cannot be asked."""

    def __init__(self, machine: Machine, slow: int = 0) -> None:
        """`slow`: how many of the first looks take too long."""
        super().__init__("postgresql://nobody@/nowhere")
        self.machine, self.slow, self.there, self.back = machine, slow, 0.0, 0.0
        self.away, self.asked = False, 0

    async def now(self) -> datetime:
        self.asked += 1
        if self.away:
            raise DatabaseUnusable("away")
        self.machine.passes(self.there + (SLOW_SECONDS + 1 if self.asked <= self.slow else 0))
        shown = self.machine.server
        self.machine.passes(self.back)
        return shown


def off(clock: AgreedClock, machine: Machine) -> float:
    """Seconds by which it differs from the server's."""
    return abs((clock.now() - machine.server).total_seconds())


def in_doubt(clock: AgreedClock) -> bool:
    return clock.doubtful


def test_two_machines_agree_on_the_time_of_the_database() -> None:
    slow = SteerableClock(START - timedelta(seconds=40), frozen=True)
    fast = SteerableClock(START + timedelta(seconds=7), frozen=True)
    agreed = [AgreedClock(slow), AgreedClock(fast)]
    assert [clock.agree(START) for clock in agreed] == [40, -7]
    assert {clock.now() for clock in agreed} == {START}
    slow.advance(5)
    assert agreed[0].now() == START + timedelta(seconds=5)


def test_before_it_was_compared_it_is_the_machines_own() -> None:
    machine = Machine()
    machine.steps(HOUR)
    clock = AgreedClock(machine)
    assert clock.now() == machine.now()
    assert in_doubt(clock)


@pytest.mark.parametrize("seconds", [HOUR, -HOUR, DAY, -DAY])
def test_a_machine_whose_clock_is_set_goes_on_as_the_others_do(seconds: float) -> None:
    machine = Machine()
    clock = AgreedClock(machine)
    clock.agree(machine.server)
    machine.passes(20)
    machine.steps(seconds)
    assert clock.now() == machine.server
    machine.passes(20)
    assert clock.now() == machine.server


STEPS = st.tuples(st.just("steps"), st.floats(-40 * DAY, 40 * DAY))
PASSINGS = st.tuples(st.just("passes"), st.floats(0, DAY))
COMPARISONS = st.tuples(st.just("compares"), st.floats(0, 1))


@given(
    rate=st.floats(1 - DRIFT, 1 + DRIFT),
    wrong=st.floats(-DAY, DAY),
    took=st.floats(0, 1),
    events=st.lists(STEPS | PASSINGS | COMPARISONS, max_size=20),
)
def test_whatever_happens_it_is_off_by_the_drift_and_the_comparison_alone(
    rate: float, wrong: float, took: float, events: list[tuple[str, float]]
) -> None:
    machine = Machine(rate, set_by=wrong)
    clock = AgreedClock(machine)

    def compares(there: float) -> float:
        """The server shows its clock at some moment of the time that it takes; when it was."""
        began = machine.monotonic()
        machine.passes(took * there)
        shown = machine.server
        machine.passes(took * (1 - there))
        clock.agree(shown + timedelta(seconds=(machine.monotonic() - began) / 2))
        return machine.true

    compared = compares(0.5)
    for event, amount in events:
        if event == "compares":
            compared = compares(amount)
        else:
            getattr(machine, event)(amount)
        allowed = took / 2 + DRIFT * (machine.true - compared + took) + ROUNDING
        assert off(clock, machine) <= allowed


@given(
    passed=st.floats(0, AGREE_SECONDS - 1),
    parted=st.floats(2 * PARTED_SECONDS, 40 * DAY),
    how=st.sampled_from(["steps", "stands_still"]),
    later=st.floats(0, 1),
)
def test_when_its_clocks_part_it_is_in_doubt_until_it_is_compared(
    passed: float, parted: float, how: str, later: float
) -> None:
    machine = Machine()
    clock = AgreedClock(machine)
    clock.agree(machine.server)
    machine.passes(passed)
    assert not in_doubt(clock)
    getattr(machine, how)(parted)
    machine.passes(later)
    assert in_doubt(clock)
    clock.agree(machine.server)
    assert not in_doubt(clock)
    assert off(clock, machine) <= ROUNDING


def test_it_is_compared_once_a_minute_when_nothing_happens() -> None:
    machine = Machine()
    clock = AgreedClock(machine)
    clock.agree(machine.server)
    machine.passes(AGREE_SECONDS - 1)
    assert not in_doubt(clock)
    machine.passes(1)
    assert in_doubt(clock)


def test_time_that_somebody_steers_is_no_doubt() -> None:
    own = SteerableClock(START, frozen=True)
    clock = AgreedClock(own)
    clock.agree(START)
    own.advance(AGREE_SECONDS - 1)
    assert not in_doubt(clock)
    assert clock.now() == START + timedelta(seconds=AGREE_SECONDS - 1)


def test_what_is_measured_in_seconds_is_not_touched_by_it() -> None:
    own = SteerableClock(START, frozen=True)
    clock = AgreedClock(own)
    before = clock.monotonic()
    clock.agree(START + timedelta(days=1))
    assert clock.monotonic() == before


def test_the_machines_own_seconds_only_grow() -> None:
    clock = SystemClock()
    seen = [clock.monotonic() for _ in range(100)]
    assert seen == sorted(seen)


async def test_a_comparison_that_takes_too_long_says_nothing_and_is_made_again() -> None:
    machine = Machine()
    shelf, clock = Shelf(machine, slow=1), AgreedClock(machine)
    one = Agreement(shelf, clock)
    await one.beat()
    assert in_doubt(clock)
    shelf.there, shelf.back = 0.4, 0.2
    await one.beat()
    assert off(clock, machine) == pytest.approx(0.1)


async def test_at_the_start_a_slow_look_is_followed_by_another() -> None:
    machine = Machine()
    machine.steps(DAY)
    shelf, clock = Shelf(machine, slow=1), AgreedClock(machine)
    await Agreement(shelf, clock).begin()
    assert (shelf.asked, clock.now()) == (2, machine.server)


async def test_at_the_start_a_server_that_is_away_is_asked_once() -> None:
    machine = Machine()
    shelf, clock = Shelf(machine), AgreedClock(machine)
    shelf.away = True
    await Agreement(shelf, clock).begin()
    assert shelf.asked == 1


async def test_a_server_that_is_away_leaves_it_as_it_goes() -> None:
    machine = Machine()
    shelf, clock = Shelf(machine), AgreedClock(machine)
    one = Agreement(shelf, clock)
    await one.beat()
    shelf.away = True
    machine.passes(2 * AGREE_SECONDS)
    machine.steps(DAY)
    await one.beat()
    assert clock.now() == machine.server
    shelf.away = False
    await one.beat()
    assert not in_doubt(clock)


async def test_a_machine_that_stood_still_asks_at_the_next_beat_and_then_no_more() -> None:
    machine = Machine()
    shelf, clock = Shelf(machine), AgreedClock(machine)
    one = Agreement(shelf, clock)
    await one.beat()
    machine.stands_still(HOUR)
    for _ in range(3):
        await one.beat()
        assert clock.now() == machine.server
    assert shelf.asked == 2


async def test_the_servers_clock_is_read_in_utc() -> None:
    async with open_house_on_postgresql() as house:
        shown = await house.database.now()
        clock = AgreedClock(SteerableClock(START, frozen=True))
        await Agreement(house.database, clock).beat()
    assert shown.utcoffset() == clock.now().utcoffset() == timedelta(0)
    assert abs(shown - datetime.now(UTC)) < timedelta(minutes=1)
    assert abs(clock.now() - shown) < timedelta(minutes=1)
