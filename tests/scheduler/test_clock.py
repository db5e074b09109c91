"""Machines whose clocks differ go by one."""

from datetime import UTC, datetime, timedelta

from scheduler.clock import AgreedClock, SteerableClock
from tests.scheduler.posthouse import START, open_house_on_postgresql


def test_two_machines_agree_on_the_time_of_the_database() -> None:
    slow = SteerableClock(START - timedelta(seconds=40), frozen=True)
    fast = SteerableClock(START + timedelta(seconds=7), frozen=True)
    agreed = [AgreedClock(slow), AgreedClock(fast)]
    assert [clock.agree(START) for clock in agreed] == [40, -7]
    assert {clock.now() for clock in agreed} == {START}
    slow.advance(5)
    assert agreed[0].now() == START + timedelta(seconds=5)


def test_what_is_measured_in_seconds_is_not_touched_by_it() -> None:
    own = SteerableClock(START, frozen=True)
    clock = AgreedClock(own)
    before = clock.monotonic()
    clock.agree(START + timedelta(days=1))
    assert clock.monotonic() == before


async def test_the_servers_clock_is_read_in_utc() -> None:
    async with open_house_on_postgresql() as house:
        shown = await house.database.now()
    assert shown.utcoffset() == timedelta(0)
    assert abs(shown - datetime.now(UTC)) < timedelta(minutes=1)
