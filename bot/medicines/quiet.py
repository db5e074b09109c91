"""Doses in quiet hours: what becomes of their reminders. Pure."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.conversation.quiet import QuietHours
from scheduler.localtime import MIDNIGHT, local
from scheduler.plans import Course, following, window_end
from scheduler.timing import UNBOUNDED, Bounds, Planned

_MANY = 14


@dataclass(frozen=True, slots=True)
class Hush:
    """A reminder in quiet hours waits `until` their end (local); None: it comes on time, without a sound."""

    until: time | None


def hush(
    course: Course,
    zone: ZoneInfo,
    quiet: QuietHours | None,
    dose: Planned,
    *,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> Hush | None:
    """What quiet hours do to the reminder of a dose; None when it lies outside them."""
    ended = quiet.until(dose.due_at) if quiet is not None else None
    if quiet is None or ended is None:
        return None
    if ended >= window_end(course, zone, dose, day_ends=day_ends, bounds=bounds):
        return Hush(None)
    return Hush(local(ended, quiet.zone).time())


def hushed(
    course: Course,
    zone: ZoneInfo,
    quiet: QuietHours | None,
    after: datetime,
    *,
    day_ends: time = MIDNIGHT,
    bounds: Bounds = UNBOUNDED,
) -> dict[time, Hush]:
    """The times of the doses to come that lie in quiet hours, each once."""
    found: dict[time, Hush] = {}
    for dose in following(course, zone, after, _MANY, day_ends=day_ends, bounds=bounds):
        silent = hush(course, zone, quiet, dose, day_ends=day_ends, bounds=bounds)
        if silent is not None:
            found.setdefault(dose.slot.at, silent)
    return found
