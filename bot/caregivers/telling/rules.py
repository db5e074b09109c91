"""What all notices have in common: what the person wished, what was told before, what holds now. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar

from bot.conversation.quiet import QuietHours
from bot.conversation.spans import Spans

T = TypeVar("T")

# What could not be told for so long is not told any more.
STALE_AFTER: Final = timedelta(hours=12)
SOON: Final = timedelta(minutes=1)
# So far back is read: enough for the rows that are counted, and for all that is told but once in a while.
READ_BACK: Final = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Wish:
    """A scope as the person set it: nothing from before `since` is told. For the others see choices.py."""

    since: datetime
    delay: timedelta
    threshold: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was told by this scope, or waits for the person's word."""

    about: str
    made_at: datetime
    acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What holds around a person. `calm_until`: of the hours after a crisis, also of those that are over.

    `outages`: our own, of the last days. `quiet`: the caregiver's quiet hours. `day_began`: the person's day.
    """

    calm_until: datetime | None
    outages: Spans
    quiet: QuietHours | None
    day_began: datetime

    def calm_at(self, now: datetime) -> datetime | None:
        """The end of the calm hours that hold at a moment; None outside them."""
        return self.calm_until if self.calm_until is not None and self.calm_until > now else None

    def later(self, now: datetime) -> datetime | None:
        """When it can be told, if not now: after calm hours, and after the caregiver's quiet hours."""
        calm = self.calm_at(now)
        return self.asleep(calm or now) or calm

    def asleep(self, now: datetime) -> datetime | None:
        """The end of the caregiver's quiet hours that hold at a moment; None outside them."""
        return self.quiet.until(now) if self.quiet is not None else None


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """What follows: something to tell now, or when to look again."""

    tell: T | None = None
    look_at: datetime | None = None


def told(past: Sequence[Entry], about: str) -> bool:
    """Whether something was told of this thing already."""
    return any(entry.about == about for entry in past)


def told_lately(past: Sequence[Entry], since: datetime) -> bool:
    """Whether anything was told from an instant on."""
    return any(entry.made_at >= since for entry in past)
