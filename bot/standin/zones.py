"""When the clocks of a zone next change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

HORIZON = timedelta(days=731)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def next_clock_change(zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first instant (in UTC) after `after` with another offset, or None within two years."""
    earlier = after.astimezone(UTC)
    end = earlier + HORIZON
    while earlier < end:
        later = earlier + DAY
        if _offset(zone, later) != _offset(zone, earlier):
            return _narrow(zone, earlier, later)
        earlier = later
    return None


def _narrow(zone: ZoneInfo, before: datetime, changed: datetime) -> datetime:
    """Halve the day until a second is left."""
    while changed - before > SECOND:
        middle = before + (changed - before) / 2
        if _offset(zone, middle) == _offset(zone, before):
            before = middle
        else:
            changed = middle
    return changed.replace(microsecond=0)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
