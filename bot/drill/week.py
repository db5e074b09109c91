"""When the weekly drill is due. Pure: the last one and now in, a yes or no out."""

from datetime import datetime, timedelta

MONDAY, HOUR = 0, 10  # in UTC


def due(last: datetime | None, now: datetime) -> bool:
    """True when there was none since the latest Monday, 10:00 UTC. Both instants are aware, in UTC.

    A bot that was down on Monday drills when it is back; one that never drilled does so at once, so that
    whoever set it up sees that it works.
    """
    return last is None or last < _latest(now)


def _latest(now: datetime) -> datetime:
    moment = now.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    moment -= timedelta(days=(now.weekday() - MONDAY) % 7)
    return moment if moment <= now else moment - timedelta(days=7)
