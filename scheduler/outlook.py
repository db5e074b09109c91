"""An outlook: how a zone's clock runs for the next 400 days, by the zone data of today. Pure.

It is written down, for by the time newer data comes the older is gone. As data it is a list of pairs, each an
instant and by how many seconds the clock is ahead of UTC from then on; the first pair is when it was written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.localtime import clock_changes, offset_at

REACH = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Moved:
    """From an instant on, a clock is ahead of UTC by `now` and not by `before`, as was thought."""

    since: datetime
    before: timedelta
    now: timedelta


def outlook(zone: ZoneInfo, now: datetime) -> list[list[Any]]:
    """How the clock runs from now (aware) on."""
    begin = now.astimezone(UTC).replace(microsecond=0)
    moments = (begin, *clock_changes(zone, begin, begin + REACH))
    return [[at.isoformat(), int(offset_at(zone, at).total_seconds())] for at in moments]


def moved(known: Sequence[Sequence[Any]], zone: ZoneInfo, now: datetime) -> Moved | None:
    """Where the clock of a zone parts with an outlook that was written earlier; None where it does not.

    What was thought of a time that has passed moves nothing any more.
    """
    if not known:
        return None
    then = [(datetime.fromisoformat(at), timedelta(seconds=ahead)) for at, ahead in known]
    end = then[0][0] + REACH
    moments = {now, *(at for at, _ in then), *clock_changes(zone, now, end)}
    for moment in sorted(at for at in moments if now <= at < end):
        before = next((ahead for at, ahead in reversed(then) if at <= moment), None)
        real = offset_at(zone, moment)
        if before is not None and before != real:
            return Moved(moment, before, real)
    return None


def to_data(change: Moved) -> list[Any]:
    """A change as JSON-ready data."""
    return [change.since.isoformat(), int(change.before.total_seconds()), int(change.now.total_seconds())]


def from_data(data: Sequence[Any]) -> Moved:
    """The change that `to_data` wrote."""
    since, before, now = data
    return Moved(datetime.fromisoformat(since), timedelta(seconds=before), timedelta(seconds=now))
