"""The count of the week: when it is told, and what is counted. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.caregivers.telling.rules import STALE_AFTER, Around, Entry, Step, Wish, told
from scheduler.localtime import instant, local
from storage.vocabulary import DoseState

WEEK = 7
_RECORDED = frozenset({DoseState.TAKEN, DoseState.SKIPPED})


@dataclass(frozen=True, slots=True)
class Count:
    """Doses of a week: recorded, of how many that were due, and how many of these we could not ask about."""

    recorded: int
    due: int
    unknown: int


@dataclass(frozen=True, slots=True)
class DoseOfWeek:
    """A planned dose of a day."""

    day: date
    state: DoseState
    window_end: datetime


def about(day: date) -> str:
    """What the count of the week before a day is about."""
    return f"week:{day}"


def step(
    wish: Wish, past: Sequence[Entry], around: Around, zone: ZoneInfo, now: datetime, *, asked_first: bool
) -> Step[date]:
    """The day on which the week before it is told, if that is now.

    `wish.threshold`: the weekday, 0 is Monday. `wish.delay`: the time of the day.
    A week of which a part lies before the consent is not told.

    Everybody knows when it comes, so calm hours must not move it: they would be told with it.
    `asked_first`: the person is; in calm hours they are left in peace, and the week out, as if they said no.
    """
    last, following = _around(wish, zone, now)
    at = _at(wish, last, zone)
    begins = instant(last - timedelta(days=WEEK), time(0), zone) or now
    known = told(past, about(last)) or begins < wish.since or now - at > STALE_AFTER
    if known or (asked_first and around.calm_at(at) is not None):
        return Step(look_at=_at(wish, following, zone))
    later = around.asleep(now)
    return Step(look_at=later) if later is not None else Step(last, _at(wish, following, zone))


def count(doses: Iterable[DoseOfWeek], day: date, now: datetime) -> Count:
    """The seven days before a day. A dose that can still be answered in time is not due yet."""
    states = [
        dose.state
        for dose in doses
        if day - timedelta(days=WEEK) <= dose.day < day
        and dose.state is not DoseState.WITHDRAWN
        and not (dose.state is DoseState.OPEN and dose.window_end > now)
    ]
    recorded = sum(state in _RECORDED for state in states)
    return Count(recorded, len(states), states.count(DoseState.UNKNOWN))


def _around(wish: Wish, zone: ZoneInfo, now: datetime) -> tuple[date, date]:
    """The last day on which it was due, and the next one."""
    today = local(now, zone).date()
    day = today - timedelta(days=(today.weekday() - wish.threshold) % WEEK)
    if _at(wish, day, zone) > now:
        day -= timedelta(days=WEEK)
    return day, day + timedelta(days=WEEK)


def _at(wish: Wish, day: date, zone: ZoneInfo) -> datetime:
    minutes = int(wish.delay.total_seconds()) // 60
    found = instant(day, time(minutes // 60, minutes % 60), zone)
    return found if found is not None else _at(wish, day + timedelta(days=1), zone)  # a day that never was
