"""Two clock times as people type them, from when to when. Pure."""

import re
from datetime import time

from bot.conversation.times import Understood, read_times

_BETWEEN = re.compile(r"[-–—]|\b(?:to|until|till|and)\b", re.IGNORECASE)


def read_hours(words: str) -> tuple[time, time] | None:
    """Start and end of "10 pm to 7 am", "22:00-7:00", "22:00 7:00"; None when they are not two."""
    clocks = [read_times(half) for half in _two_halves(words)]
    if len(clocks) != 2:
        return None
    start, end = (clock.value[0] if isinstance(clock, Understood) else None for clock in clocks)
    return (start, end) if start is not None and end is not None and start != end else None


def _two_halves(words: str) -> list[str]:
    split = [half.strip() for half in _BETWEEN.split(words) if half.strip()]
    return split if len(split) == 2 else words.split()
