"""Quiet hours: when the bot makes no sound. Pure.

What comes by itself and falls into them is held, looked at again while they last, and comes once when they
end, unless it is stale by then. A dose is never dropped for that: see `bot.doses.due`. What somebody asks for
themselves is not held, and a crisis knows no quiet hours.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.localtime import instant, local


def is_quiet(at: time, start: time | None, end: time | None) -> bool:
    """True when a wall-clock time lies in the quiet hours. They may span midnight."""
    if start is None or end is None or start == end:
        return False
    return start <= at < end if start < end else at >= start or at < end


def quiet_until(now: datetime, zone: ZoneInfo, start: time | None, end: time | None) -> datetime | None:
    """The end of the quiet hours that hold at `now`; None outside them.

    A time that the clock shows twice ends them when it is shown first.
    """
    clock = local(now, zone)
    at = clock.time().replace(second=0, microsecond=0)
    if end is None or not is_quiet(at, start, end):
        return None
    day = clock.date() if at < end else clock.date() + timedelta(days=1)
    ended = instant(day, end, zone)
    return ended if ended is not None and ended > now else None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Somebody's quiet hours: wall-clock times in their zone; None for a person without any."""

    zone: ZoneInfo
    start: time | None
    end: time | None

    def until(self, moment: datetime) -> datetime | None:
        """The end of the quiet hours that hold at a moment; None outside them."""
        return quiet_until(moment, self.zone, self.start, self.end)


def comes_at(quiet: QuietHours | None, wanted: datetime, stale_from: datetime) -> datetime | None:
    """When something wanted at an instant comes: then, or at the end of the quiet hours that hold then.

    None when it is stale by that end.
    """
    ended = quiet.until(wanted) if quiet is not None else None
    if ended is None:
        return wanted
    return ended if ended < stale_from else None
