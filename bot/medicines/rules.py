"""What may be recorded as a medicine, and from when a new timing holds. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from scheduler.timing import Daily, Planned, Timing, Weekly, following, half_gap

LONGEST_NAME = 64
LONGEST_AMOUNT = 64
MOST_REGIMENS = 20
SHOWN_AHEAD = 3
WHOLE_WEEK = frozenset(range(7))

# The times offered as buttons: morning, noon and evening, as most people take their medicine.
OFFERED_TIMES = (
    (time(7), time(8), time(9)),
    (time(12), time(13), time(18)),
    (time(20), time(21), time(22)),
)


def acceptable(words: str, longest: int) -> bool:
    """True for a cleaned name or amount that can be kept: something visible, not too long."""
    return 0 < len(words) <= longest and any(letter.isalnum() for letter in words)


def toggled(chosen: Sequence[str], one: str) -> list[str]:
    """The choice with one value switched on or off, in order."""
    return sorted(set(chosen) ^ {one})


def times_timing(times: Iterable[time], days: Iterable[int] | None = None) -> Timing:
    """Every day at these times, or only on some weekdays (0 = Monday). Raises ValueError for none."""
    wanted = frozenset(WHOLE_WEEK if days is None else days)
    if wanted == WHOLE_WEEK:
        return Daily(tuple(sorted(times)))
    return Weekly(wanted, tuple(sorted(times)))


def next_reminders(timing: Timing, zone: ZoneInfo, after: datetime) -> tuple[Planned, ...]:
    """The next three slots, for the confirmation card."""
    return following(timing, zone, after, SHOWN_AHEAD)


def holds_from(old: Timing, zone: ZoneInfo, last_answered: Planned | None, now: datetime) -> datetime:
    """From when a changed timing plans doses.

    A dose that was answered already counts for its half of the gap to the next one: moving 08:00 to 10:00
    after the 08:00 dose was taken must not ask for a second one on the same day.
    """
    if last_answered is None:
        return now
    half = half_gap(old, zone, last_answered)
    return now if half is None else max(now, last_answered.due_at + half)
