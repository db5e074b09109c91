"""How fast a bot may send: 30 a second in all, one a second to a person, 20 a minute to a group.

A bot with Stars may send up to 1000 a second, if each message that does not fit into the 30 says that it may
be paid for.
"""

import math
from collections import deque

from bot.standin.errors import NO_STARS, bad_request, too_many_requests
from scheduler.clock import Clock

OVERALL_RATE = 30
PAID_RATE = 1000
PRICE = 0.1  # Stars for a message beyond the free ones
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
        self.stars = 0.0
        self.paid = 0
        self._overall = Bucket(OVERALL_RATE, OVERALL_RATE, self._clock.monotonic())
        more = PAID_RATE - OVERALL_RATE
        self._paid = Bucket(more, more, self._clock.monotonic())
        self._chats: dict[int, Bucket | Window] = {}

    def spend(self, chat_id: int, *, private: bool, may_cost: bool = False) -> None:
        """Count one message to a chat, or refuse it with the seconds to wait, or for want of Stars."""
        if not self.pacing:
            return
        now = self._clock.monotonic()
        chat = self._chats.get(chat_id)
        if chat is None:
            fresh = (
                Bucket(PRIVATE_RATE, PRIVATE_BURST, now) if private else Window(GROUP_MESSAGES, GROUP_SECONDS)
            )
            chat = self._chats[chat_id] = fresh
        costs = may_cost and self._overall.wait(now) > 1e-9
        overall = self._paid if costs else self._overall
        if costs and self.stars < PRICE:
            raise bad_request(NO_STARS)
        wait = max(overall.wait(now), chat.wait(now))
        if wait > 1e-9:
            raise too_many_requests(max(1, math.ceil(wait)))
        overall.take(now)
        chat.take(now)
        if costs:
            self.paid += 1
            self.stars -= PRICE
