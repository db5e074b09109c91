"""Stand-ins on free ports of this machine."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.standin import StandIn, serve
from scheduler.clock import SteerableClock
from tests.standin.house import START, FakeTimeMachine, House


@pytest.fixture
def clock() -> SteerableClock:
    return SteerableClock(START, frozen=True)


@pytest.fixture
def time_machine(clock: SteerableClock) -> FakeTimeMachine:
    return FakeTimeMachine(clock)


async def _house(standin: StandIn, clock: SteerableClock) -> AsyncIterator[House]:
    serving = await serve(standin, "127.0.0.1", 0)
    async with aiohttp.ClientSession() as http:
        yield House(standin, serving, clock, http)
    await serving.close()


@pytest.fixture
async def house(clock: SteerableClock) -> AsyncIterator[House]:
    """Without limits on the pace, and without a time machine."""
    async for house in _house(StandIn(clock, pacing=False), clock):
        yield house


@pytest.fixture
async def paced(clock: SteerableClock) -> AsyncIterator[House]:
    """With Telegram's limits."""
    async for house in _house(StandIn(clock), clock):
        yield house


@pytest.fixture
async def timed(clock: SteerableClock, time_machine: FakeTimeMachine) -> AsyncIterator[House]:
    """With a time machine."""
    async for house in _house(StandIn(clock, pacing=False, time_machine=time_machine), clock):
        yield house
