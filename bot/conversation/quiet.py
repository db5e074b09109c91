"""Quiet hours: when the bot makes no sound. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.localtime import instant, local


def quiet_until(now: datetime, zone: ZoneInfo, start: time | None, end: time | None) -> datetime | None:
    """The end of the quiet hours that hold at `now`; None outside them. They may span midnight."""
    if start is None or end is None or start == end:
        return None
    clock = local(now, zone)
    at = clock.time().replace(second=0, microsecond=0)
    inside = start <= at < end if start < end else at >= start or at < end
    if not inside:
        return None
    day = clock.date() if at < end else clock.date() + timedelta(days=1)
    return instant(day, end, zone)
