"""Whether a dose may be one that was logged already: asked before it is recorded. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST = timedelta(minutes=20)
MOST = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Logged:
    """A dose that was recorded as taken, at a time that is known."""

    dose_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Recent:
    """A dose taken so near to this one that it may be the same; `apart` is the time between them."""

    dose_id: int
    at: datetime
    apart: timedelta


def guard(logged: Iterable[Logged], at: datetime, gap: timedelta | None) -> Recent | None:
    """The nearest dose of the same medicine that was taken about `at`; None when nothing is to be asked.

    `gap`: the shortest time to a neighbouring dose by the plan; None when the plan has no neighbour.
    """
    near = near_means(gap)
    found = (Recent(each.dose_id, each.at, abs(at - each.at)) for each in logged)
    return min((each for each in found if each.apart < near), key=lambda each: each.apart, default=None)


def near_means(gap: timedelta | None) -> timedelta:
    """How near is near: half of the gap, from 20 minutes to 4 hours; half of a gap that is that short."""
    if gap is None:
        return MOST
    half = gap / 2
    return half if gap <= LEAST else min(max(half, LEAST), MOST)
