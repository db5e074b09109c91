"""Stands beside the way out of the crisis cards. Outside a drill it does nothing at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from bot.conversation.message import Action, Message
from bot.escalation.crisis.front import CrisisPlatform
from bot.telegram.request import when_handed
from scheduler.clock import Clock


@dataclass(slots=True)
class Sight:
    """What was seen of one card; seconds of the clock. `accepted` stays None when it did not arrive."""

    card: Message | None = None
    handed: float | None = None
    accepted: float | None = None


_SIGHT: ContextVar[Sight | None] = ContextVar("sight", default=None)


class Witness:
    """Passes every message on; while somebody looks, notes what went out in their own task, and when."""

    def __init__(self, platform: CrisisPlatform, clock: Clock) -> None:
        self._platform, self._clock = platform, clock

    @contextmanager
    def looking(self) -> Iterator[Sight]:
        """What goes out inside the block."""
        sight = Sight()
        before = _SIGHT.set(sight)
        try:
            yield sight
        finally:
            _SIGHT.reset(before)

    async def send(self, ref: str, message: Message, sign: Callable[[Action], str]) -> bool:
        """As the platform does."""
        sight = _SIGHT.get()
        if sight is None:
            return await self._platform.send(ref, message, sign)
        sight.card = message
        before = when_handed.set(lambda: self._note_handed(sight))
        try:
            delivered = await self._platform.send(ref, message, sign)
        finally:
            when_handed.reset(before)
        sight.accepted = self._clock.monotonic() if delivered else None
        return delivered

    def _note_handed(self, sight: Sight) -> None:
        """The first try counts; what comes after it is waiting for the network."""
        if sight.handed is None:
            sight.handed = self._clock.monotonic()
