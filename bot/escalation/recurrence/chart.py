"""The chart: an exponentially weighted moving average with a limit that settles, one step an answered day."""

import math
from dataclasses import dataclass

from bot.escalation.recurrence.baseline import Baseline
from bot.escalation.recurrence.policy import ChartPolicy


@dataclass(frozen=True, slots=True)
class Point:
    """The chart after one answer: the average, its limit, and whether it is above it."""

    average: float
    limit: float

    @property
    def above(self) -> bool:
        """True above the limit; on it is not above."""
        return self.average > self.limit


class Chart:
    """Upper side only: a better mood than usual is no alarm."""

    def __init__(self, baseline: Baseline, policy: ChartPolicy) -> None:
        self.baseline = baseline
        self._weight = policy.weight
        self._limit = policy.provisional_limit if baseline.provisional else policy.limit
        self._average, self._steps = baseline.mean, 0

    def step(self, score: float) -> Point:
        """The chart after one more answer."""
        weight = self._weight
        self._steps += 1
        self._average += weight * (score - self._average)
        settled = 1 - (1 - weight) ** (2 * self._steps)
        spread = self.baseline.sd * math.sqrt(weight / (2 - weight) * settled)
        return Point(self._average, self.baseline.mean + self._limit * spread)
