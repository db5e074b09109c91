"""How fast a bot may send: 30 a second in all, one a second to a person, 20 a minute to a group."""

import math
from collections import deque

from bot.standin.errors import too_many_requests
from scheduler.clock import Clock

OVERALL_RATE = 30
PRIVATE_RATE = 1
PRIVATE_BURST = 5
GROUP_MESSAGES = 20
GROUP_SECONDS = 60


class Bucket:
    """Fills at `rate` a second up to `size`; each message takes one."""

    __slots__ = ("at", "level", "rate", "size")

    def __init__(self, rate: float, size: float, at: float) -> None:
        self.rate = rate
        self.size = size
        self.level = size
        self.at = at

    def wait(self, now: float) -> float:
        """Seconds until a message fits; 0 when one fits now."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (1 - self.level) / self.rate)

    def take(self, now: float) -> None:
        """Take one out."""
        self.level -= 1


class Window:
    """At most `size` messages in any stretch of `seconds`, exactly; a bucket would let more through."""

    __slots__ = ("seconds", "size", "taken")

    def __init__(self, size: int, seconds: float) -> None:
        self.size = size
        self.seconds = seconds
        self.taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until a message fits; 0 when one fits now."""
        while self.taken and now - self.taken[0] >= self.seconds:
            self.taken.popleft()
        return 0.0 if len(self.taken) < self.size else self.seconds - (now - self.taken[0])

    def take(self, now: float) -> None:
        """Remember one message."""
        self.taken.append(now)


class Limits:
    """All the limits of one bot, by the stand-in's clock."""

    def __init__(self, clock: Clock, *, pacing: bool = True) -> None:
        self._clock = clock
        self.pacing = pacing
        self.forget()

    def forget(self) -> None:
        """Start with every limit untouched."""
        self._overall = Bucket(OVERALL_RATE, OVERALL_RATE, self._clock.monotonic())
        self._chats: dict[int, Bucket | Window] = {}

    def spend(self, chat_id: int, *, private: bool) -> None:
        """Count one message to a chat, or refuse it with the seconds to wait."""
        if not self.pacing:
            return
        now = self._clock.monotonic()
        chat = self._chats.get(chat_id)
        if chat is None:
            fresh = (
                Bucket(PRIVATE_RATE, PRIVATE_BURST, now) if private else Window(GROUP_MESSAGES, GROUP_SECONDS)
            )
            chat = self._chats[chat_id] = fresh
        wait = max(self._overall.wait(now), chat.wait(now))
        if wait > 1e-9:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._overall.take(now)
        chat.take(now)
