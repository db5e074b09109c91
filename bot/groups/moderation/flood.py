"""Against floods in groups: so many answers a minute, for one member and for all of them; then silence.

Who spoke is known here by a hash whose key is drawn at the start and kept nowhere, and for a minute only.
"""

import secrets
from collections import OrderedDict, deque
from hashlib import blake2b
from typing import Final

from bot.conversation.inbound import Inbound, Press, Words
from bot.groups.rules import RESOURCES, command_in
from scheduler.clock import Clock

SECONDS: Final = 60.0
OF_ONE_MEMBER: Final = 5  # commands answered
OF_ONE_GROUP: Final = 10
NUMBERS_OF_ONE_GROUP: Final = 2  # of these, how often the crisis numbers, which are long
WHISPERS_OF_ONE_GROUP: Final = 5
PRESSES_OF_ONE_MEMBER: Final = 15  # of a group no bound: a press costs no message
REMEMBERED: Final = 10_000

Measure = tuple[tuple[str, ...], int]  # of what, and how many a minute


class Flood:
    """Counts what is answered in groups."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._counted: OrderedDict[bytes, deque[float]] = OrderedDict()
        self._admitted: OrderedDict[tuple[str, str, int], None] = OrderedDict()

    def admits(self, inbound: Inbound) -> bool:
        """True for what is to be looked at. A command or a press beyond the measure is not.

        What is tried again after trouble of ours counts once, and stays admitted.
        """
        origin = inbound.origin
        if origin.private:
            return True
        match inbound.event:
            case Words(text=text) if text.startswith("/"):
                measures: list[Measure] = [
                    (("said", origin.chat, origin.sender), OF_ONE_MEMBER),
                    (("said", origin.chat), OF_ONE_GROUP),
                ]
                if command_in(text) == RESOURCES:
                    measures.append((("numbers", origin.chat), NUMBERS_OF_ONE_GROUP))
                return self._fits(inbound, *measures)
            case Press():
                return self._fits(inbound, (("pressed", origin.chat, origin.sender), PRESSES_OF_ONE_MEMBER))
        return True

    def admits_whisper(self, inbound: Inbound) -> bool:
        """True when a cry that nobody else saw may bring a whisper besides, out of the group's budget."""
        return self._fits(inbound, (("whispered", inbound.origin.chat), WHISPERS_OF_ONE_GROUP))

    def _fits(self, inbound: Inbound, *measures: Measure) -> bool:
        """Whether it fits into each of these; only then it counts, in all of them."""
        what = measures[0][0][0]  # "said", "pressed" or "whispered"
        once = (what, inbound.origin.account, inbound.update_id)
        if once in self._admitted:
            return True
        now = self._clock.monotonic()
        counts = [(self._of(parts, now), most) for parts, most in measures]
        if any(len(times) >= most for times, most in counts):
            return False
        for times, _most in counts:
            times.append(now)
        self._admitted[once] = None
        if len(self._admitted) > REMEMBERED:
            self._admitted.popitem(last=False)
        return True

    def _of(self, parts: tuple[str, ...], now: float) -> deque[float]:
        name = blake2b("\0".join(parts).encode(), key=self._key, digest_size=16).digest()
        times = self._counted.setdefault(name, deque())
        self._counted.move_to_end(name)
        while times and times[0] + SECONDS <= now:
            times.popleft()
        while len(self._counted) > REMEMBERED:
            self._counted.popitem(last=False)
        return times
