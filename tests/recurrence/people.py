"""Made-up people: days with check-ins as real series have them, drawn from the figures of the clinical basis.

Person mean, standard deviation and lag-1 autocorrelation of the core score by deciles; items that correlate
.55 within a person; 11 % of the days missing in short gaps; 0 to 10 in steps of a half.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.escalation.recurrence.days import Day, Doses

FIRST = date(2026, 1, 1)
QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90)
MEANS = (0.65, 1.61, 2.65, 3.91, 4.87)
DEVIATIONS = (0.73, 1.02, 1.41, 1.79, 2.25)
CORRELATIONS = (-0.15, 0.0, 0.14, 0.33, 0.46)
ITEMS_CORRELATE = 0.55
MISSING = 0.11
# Gap lengths with median 1, 90th percentile 2, 99th 4.
GAPS = ((1, 0.80), (2, 0.13), (3, 0.05), (4, 0.02))


@dataclass(frozen=True, slots=True)
class Nature:
    """A person's usual days: mean and SD of the core score, and how much a day takes after the last."""

    mean: float
    sd: float
    memory: float


Shift = Callable[[int], float]


def nature(chance: random.Random) -> Nature:
    """A person drawn by the deciles; the three traits are independent."""
    return Nature(
        mean=max(0.0, _quantile(chance.random(), MEANS)),
        sd=max(0.3, _quantile(chance.random(), DEVIATIONS)),
        memory=min(0.9, max(-0.5, _quantile(chance.random(), CORRELATIONS))),
    )


def usual(_day: int) -> float:
    """No change."""
    return 0.0


def step(size: float, at: int) -> Shift:
    """From one day on everything is heavier by so much."""
    return lambda day: size if day >= at else 0.0


def series(who: Nature, days: int, chance: random.Random, shift: Shift = usual) -> list[Day]:
    """A person's days. `shift` adds to both items by the number of the day, from 0."""
    spread = who.sd * math.sqrt(2 / (1 + ITEMS_CORRELATE))
    fresh = math.sqrt(1 - who.memory**2)
    latent = [chance.gauss(0, 1), chance.gauss(0, 1)]
    missing = _gaps(days, chance)
    made = []
    for number in range(days):
        shared = chance.gauss(0, 1)
        for item in (0, 1):
            own = chance.gauss(0, 1)
            noise = math.sqrt(ITEMS_CORRELATE) * shared + math.sqrt(1 - ITEMS_CORRELATE) * own
            latent[item] = who.memory * latent[item] + fresh * noise
        day = Day(FIRST + timedelta(days=number))
        if not missing[number]:
            down, interest = (_rating(who.mean + spread * each + shift(number)) for each in latent)
            day = replace(day, down=down, interest=interest)
        made.append(day)
    return made


def with_doses(days: Sequence[Day], taken: Callable[[int], bool | None]) -> list[Day]:
    """The same days with one dose each: taken, not taken, or without an answer (None)."""
    made = []
    for number, day in enumerate(days):
        answer = taken(number)
        doses = Doses(due=1, answered=int(answer is not None), taken=int(answer is True))
        made.append(replace(day, doses=doses))
    return made


def _rating(value: float) -> float:
    return min(10.0, max(0.0, round(value * 2) / 2))


def _gaps(days: int, chance: random.Random) -> list[bool]:
    mean_gap = sum(length * share for length, share in GAPS)
    starts = MISSING / mean_gap / (1 - MISSING)  # per answered day
    missing: list[bool] = []
    while len(missing) < days:
        if chance.random() < starts:
            lengths, weights = zip(*GAPS, strict=True)
            missing.extend([True] * int(chance.choices(lengths, weights)[0]))
        missing.append(False)
    return missing[:days]


def _quantile(share: float, values: Sequence[float]) -> float:
    """Between the known quantiles straight, beyond them with the slope of the outermost piece."""
    for place in range(1, len(QUANTILES)):
        if share <= QUANTILES[place] or place == len(QUANTILES) - 1:
            low, high = QUANTILES[place - 1], QUANTILES[place]
            slope = (values[place] - values[place - 1]) / (high - low)
            return values[place - 1] + (share - low) * slope
    raise AssertionError("there is always a piece")
