"""Pure decisions about a person's settings: zones, countries, numbers."""

import re
from collections.abc import Iterable
from datetime import time

from scheduler.localtime import LATEST_DAY_END

CONSENT_VERSION = "2026-11-29"

_BETWEEN = re.compile(r"[-–—]|\b(?:to|until|till|and)\b", re.IGNORECASE)

NUDGE_COUNTS = (0, 1, 2, 3, 5)
NUDGE_MINUTES = (10, 20, 30, 60)
SPREAD_MINUTES = (0, 5, 10)
DAY_ENDS = tuple(time(hour) for hour in range(LATEST_DAY_END.hour + 1))


def day_end_of(readings: Iterable[time]) -> time | None:
    """The end of a day that is meant, in the morning; None when it would be too late for one."""
    return next((at for at in readings if at <= LATEST_DAY_END), None)


def two_halves(words: str) -> list[str]:
    """Start and end of a span as typed: "10 pm to 7 am", "22:00-7:00", "22:00 7:00"."""
    split = [half.strip() for half in _BETWEEN.split(words) if half.strip()]
    return split if len(split) == 2 else words.split()
