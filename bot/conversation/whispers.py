"""Whispers: what is said in a group to one member of it, and nobody else there sees.

A platform can do that in some groups and for some answers only, and never promises that it arrives. For whom
a whisper is, is known here alone, for some minutes; what is stored names nobody. After a restart nobody is
whispered to, and what may be said aloud is.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from scheduler.clock import Clock

MEANT_SECONDS: Final = 600.0
REFUSED_SECONDS: Final = 3_600.0
REMEMBERED: Final = 10_000

_EVERYWHERE: Final = ""


@dataclass(frozen=True, slots=True)
class Ear:
    """Who is whispered to, and the words of theirs that are answered, if nobody else saw those either.

    Both are the platform's references; `person` is empty for nobody known.
    """

    person: str
    words: str | None = None


class Whispers:
    """Of one account: whom its whispers are for, and where it lately could not whisper."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._meant: OrderedDict[str, tuple[float, Ear]] = OrderedDict()
        self._refused: OrderedDict[str, float] = OrderedDict()

    def slip(self, chat: str, ear: Ear) -> str | None:
        """What stands for this member in what is stored; None where we lately could not whisper.

        Words that nobody else saw can always be answered so: that they came says that the platform knows how.
        """
        if ear.words is None and (self._lately(chat) or self._lately(_EVERYWHERE)):
            return None
        slip, now = secrets.token_urlsafe(12), self._clock.monotonic()
        self._meant[slip] = (now, ear)
        while self._meant and (len(self._meant) > REMEMBERED or self._over(next(iter(self._meant)), now)):
            self._meant.popitem(last=False)
        return slip

    def ear(self, slip: str) -> Ear | None:
        """For whom it is; None when that was forgotten, or is known to another process."""
        now = self._clock.monotonic()
        return None if slip not in self._meant or self._over(slip, now) else self._meant[slip][1]

    def refused(self, chat: str) -> None:
        """The platform would not let us whisper there, unasked; it is not tried for a while."""
        self._refused[chat] = self._clock.monotonic()
        self._refused.move_to_end(chat)
        while len(self._refused) > REMEMBERED:
            self._refused.popitem(last=False)

    def may_again(self, chat: str) -> None:
        """Our rights there have changed: what was refused need not be any more."""
        self._refused.pop(chat, None)

    def unknown(self) -> None:
        """The server does not know what a whisper is, and said it aloud."""
        self.refused(_EVERYWHERE)

    def _lately(self, chat: str) -> bool:
        at = self._refused.get(chat)
        return at is not None and self._clock.monotonic() - at < REFUSED_SECONDS

    def _over(self, slip: str, now: float) -> bool:
        return now - self._meant[slip][0] >= MEANT_SECONDS
