"""Pure decisions about a person's settings: zones, countries, numbers."""

from collections.abc import Iterable
from datetime import time

from scheduler.localtime import LATEST_DAY_END

CONSENT_VERSION = "2026-11-29"

NUDGE_COUNTS = (0, 1, 2, 3, 5)
NUDGE_MINUTES = (10, 20, 30, 60)
SPREAD_MINUTES = (0, 5, 10)
DAY_ENDS = tuple(time(hour) for hour in range(LATEST_DAY_END.hour + 1))


def day_end_of(readings: Iterable[time]) -> time | None:
    """The end of a day that is meant, in the morning; None when it would be too late for one."""
    return next((at for at in readings if at <= LATEST_DAY_END), None)
