"""What the limits of a medicine as needed leave, over the last 24 hours. Pure.

The limits are the person's own, as they typed them. They warn before a dose is recorded, and never forbid it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.timing import AsNeeded

ROLLING = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Allowed:
    """`left`: how many more the limits leave. `next_at`: from when another one, if this one is taken now."""

    left: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class TooSoon:
    """The shortest gap is not over before `next_at`; `left` more are left by then."""

    left: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class AtMaximum:
    """So many were taken as the limits allow in 24 hours; the next one is within them at `next_at`."""

    next_at: datetime


Check = Allowed | TooSoon | AtMaximum


def check(takings: Iterable[datetime], limits: AsNeeded, now: datetime) -> Check:
    """What the limits say about taking one now. `takings` (aware) may reach back as far as they like."""
    taken = sorted(takings)
    free_at = _free_at(taken, limits, now)
    if free_at <= now:
        return Allowed(_left(taken, limits, now), _free_at([*taken, now], limits, now))
    left = _left(taken, limits, now)
    return TooSoon(left, free_at) if left else AtMaximum(free_at)


def looks_back(limits: Iterable[AsNeeded]) -> timedelta:
    """How far back takings matter."""
    return max([ROLLING, *(timedelta(hours=each.minimum_gap_hours) for each in limits)])


def _left(taken: list[datetime], limits: AsNeeded, now: datetime) -> int:
    return max(0, limits.daily_maximum - sum(at > now - ROLLING for at in taken))


def _free_at(taken: list[datetime], limits: AsNeeded, now: datetime) -> datetime:
    """From when one more is within both limits."""
    waits = [now]
    if taken:
        waits.append(taken[-1] + timedelta(hours=limits.minimum_gap_hours))
    if len(taken) >= limits.daily_maximum:
        waits.append(taken[-limits.daily_maximum] + ROLLING)
    return max(waits)
