"""The time machine: moves the clocks of the bot and of the stand-in together, from one thing to the next."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from scheduler.clock import SteerableClock

SETTLE_SECONDS = 30.0


class Steered(Protocol):
    """A bot whose clock can be moved."""

    async def move_to(self, instant: datetime) -> None:
        """Set the bot's clock forward to `instant`."""
        ...

    async def next_event(self) -> datetime | None:
        """The next instant at which the bot has something planned, later than its present."""
        ...

    async def quiet(self, timeout: float) -> bool:
        """Wait until the bot has nothing in hand."""
        ...


async def _cannot_kill() -> None:
    raise NotImplementedError("this bot cannot be killed from here")


class DemoTimeMachine:
    """What the stand-in's page and the tests drive."""

    def __init__(
        self,
        clock: SteerableClock,
        bot: Steered,
        unread: Callable[[], bool],
        kill: Callable[[], Awaitable[None]] = _cannot_kill,
    ) -> None:
        """`clock` is that of the stand-in; `unread` tells whether updates wait for the bot."""
        self._clock, self._bot, self._unread, self._kill = clock, bot, unread, kill

    async def advance(self, seconds: float) -> None:
        """Go forward, stopping at everything that happens on the way."""
        target = self._clock.now() + timedelta(seconds=seconds)
        await self.settle(SETTLE_SECONDS)
        while (following := await self._bot.next_event()) is not None and following <= target:
            await self._go(following)
        await self._go(target)

    async def advance_to_next(self) -> datetime | None:
        """Go to the next thing that happens."""
        await self.settle(SETTLE_SECONDS)
        following = await self._bot.next_event()
        if following is not None:
            await self._go(following)
        return following

    async def settle(self, timeout: float) -> bool:
        """Wait until every update was read and the bot has nothing in hand."""
        end = self._clock.monotonic() + timeout
        while self._clock.monotonic() < end:
            quiet = await self._bot.quiet(max(0.1, end - self._clock.monotonic()))
            if quiet and not self._unread():
                return True
        return False

    async def kill(self) -> None:
        """Kill the bot the hard way and start it anew."""
        await self._kill()

    async def _go(self, instant: datetime) -> None:
        self._clock.advance_to(instant)
        await self._bot.move_to(self._clock.now())
        await self.settle(SETTLE_SECONDS)
