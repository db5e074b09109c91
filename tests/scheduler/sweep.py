"""All zones, every clock change to 2035, every kind of timing: is a slot lost, doubled or out of order?

`make sweep` prints the counts, in some minutes. `make test` sweeps a part of the same in seconds, in
test_sweep.py.

What is planned is compared with what counting day by day finds, and what is due with an oracle that knows
nothing of `scheduler.localtime`: it looks for the instant at which the clock shows the time.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from scheduler.localtime import LATEST_DAY_END, MIDNIGHT, all_zones, clock_changes, local_day, zone
from scheduler.plans import window_end
from scheduler.timing import (
    AsNeeded,
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    Interval,
    MonthDays,
    OnDays,
    PerWeekday,
    Planned,
    Slot,
    Timing,
    Weekly,
    following,
    planned,
)
from tests.scheduler.naming import names

FROM, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MARGIN = 3 * DAY  # looked at on both sides of a change
NIGHT_WORK = time(4)

# Changes before 2025 of a kind that none of the later ones has: days that never were, and gaps at midnight.
REMARKABLE = {
    "Pacific/Apia": 2011,
    "Pacific/Fakaofo": 2011,
    "Pacific/Kwajalein": 1993,
    "Pacific/Kiritimati": 1994,
    "America/St_Johns": 2011,
    "America/Nuuk": 2024,
    "America/Sao_Paulo": 2018,
    "Asia/Amman": 2021,
    "Asia/Pyongyang": 2018,
    "Europe/Lisbon": 1992,
    "America/Asuncion": 2023,
}
NAMED = (
    *("Australia/Lord_Howe", "Antarctica/Troll", "Africa/Cairo", "Asia/Beirut", "America/Havana"),
    *("Africa/Casablanca", "America/Santiago", "Asia/Gaza", "Pacific/Chatham"),
)


@dataclass
class Tally:
    """What a sweep looked at, and what it found wrong; each finding in a line."""

    zones: set[str] = field(default_factory=set)
    changes: int = 0
    plans: int = 0
    slots: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.disordered]

    def __str__(self) -> str:
        return (
            f"{len(self.zones)} zones, {self.changes} clock changes, {self.plans} plans, {self.slots} slots: "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.disordered)} out of order"
        )


def changes_of(keys: Iterable[str]) -> Iterator[tuple[ZoneInfo, datetime]]:
    """Every clock change of these zones from 2025 to 2035."""
    return ((zone(key), at) for key in keys for at in clock_changes(zone(key), FROM, UNTIL))


def remarkable_changes(key: str) -> Iterator[tuple[ZoneInfo, datetime]]:
    """The changes of the year that is remarkable in this zone."""
    begins, ends = (datetime(REMARKABLE[key] + step, 1, 1, tzinfo=UTC) for step in (0, 1))
    return ((zone(key), at) for at in clock_changes(zone(key), begins, ends))


def all_changes() -> Iterator[tuple[ZoneInfo, datetime]]:
    """Every clock change of every zone from 2025 to 2035, and the remarkable ones before."""
    yield from chain.from_iterable(map(remarkable_changes, REMARKABLE))
    yield from changes_of(sorted(all_zones()))


def sweep(changes: Iterable[tuple[ZoneInfo, datetime]]) -> Tally:
    """Look at every kind of timing around each of these changes, for several ends of the day."""
    tally = Tally()
    for place, change in changes:
        tally.zones.add(place.key)
        tally.changes += 1
        before = (change - MINUTE).astimezone(place).replace(tzinfo=None) + MINUTE
        after = change.astimezone(place).replace(tzinfo=None, fold=0)
        for day_ends in ends_around(before, after):
            if not goes_on(place, change, day_ends):
                tally.disordered.append(f"{place.key} {change}: the day goes back, {day_ends}")
            for timing in kinds_around(before, after, change):
                look_at(timing, place, change, day_ends, tally)
    return tally


def ends_around(before: datetime, after: datetime) -> list[time]:
    """Ends of the day: midnight, that of a night worker, and some in the hours that the clock jumps over."""
    low, high = sorted((before, after))
    jumped = {minute_of(low), minute_of(low + (high - low) / 2), minute_of(high)}
    return [MIDNIGHT, NIGHT_WORK, *sorted(at for at in jumped if MIDNIGHT < at <= LATEST_DAY_END)]


def kinds_around(before: datetime, after: datetime, change: datetime) -> list[Timing]:
    """Every kind of timing, with times in and beside the hours that the clock jumps over."""
    low, high = sorted((before, after))
    half = low + (high - low) / 2
    edges = (low - MINUTE, low, low + 10 * MINUTE, half, high - MINUTE, high, high + 10 * MINUTE)
    times = tuple({*map(minute_of, edges), MIDNIGHT, time(23, 59), time(8)})
    few, day = (minute_of(half), time(20)), after.date()
    near = frozenset({(day.weekday() + step) % 7 for step in (-1, 0, 1)})
    anchor = change.replace(second=0, microsecond=0) - 50 * HOUR
    awake = (minute_of(low - 5 * HOUR), minute_of(high + 7 * HOUR))
    return [
        Daily(times),
        Weekly(near, times),
        PerWeekday(tuple(times[: 1 + n] if n % 3 else few for n in range(7))),
        MonthDays(frozenset({day.day, (day + DAY).day, 31}), times),
        EveryNDays(2, day - 4 * DAY, times),
        EveryNWeeks(2, near, day - 14 * DAY, times),
        Cycle(2, 1, day - 5 * DAY, times),
        Interval(3, anchor),
        Interval(8, anchor, "taken"),
        Interval(6, anchor - DAY, "due", (time(7), time(23))),
        Interval(4, anchor - DAY, "due", awake),
        Interval(4, anchor, "taken", awake),
        AsNeeded(4, 6),
    ]


def minute_of(moment: datetime) -> time:
    return time(moment.hour, moment.minute)


def look_at(timing: Timing, place: ZoneInfo, change: datetime, day_ends: time, tally: Tally) -> None:
    """Plan around one change, and count what is wrong with it."""
    after, until = change - MARGIN, change + MARGIN
    doses = list(planned(timing, place, after=after, until=until, day_ends=day_ends))
    where = f"{place.key} {change:%Y-%m-%d %H:%M} {day_ends:%H:%M} {timing}"
    tally.plans += 1
    tally.slots += len(doses)
    slots = {dose.slot for dose in doses}
    wanted = expected(timing, place, change, day_ends)
    if wanted is not None and set(doses) != wanted:
        tally.lost.append(f"{where}: {sorted(dose.slot for dose in wanted ^ set(doses))}")
    if len(slots) < len(doses):
        tally.doubled.append(where)
    if doses != sorted(doses, key=lambda dose: (dose.due_at, dose.slot)):
        tally.disordered.append(where)
    if isinstance(timing, Interval):
        tally.lost += [f"{where}: {fault}" for fault in faults_of_hours(timing, place, doses, day_ends)]
    if not walked(timing, place, doses, after, day_ends):
        tally.lost.append(f"{where}: waking at each dose finds others")
    tally.lost += [f"{where}: {fault}" for fault in faults_of_windows(timing, place, doses, day_ends)]


def expected(timing: Timing, place: ZoneInfo, change: datetime, day_ends: time) -> set[Planned] | None:
    """What counting day by day finds; None where the instant leads and the slot is its name."""
    match timing:
        case Interval():
            return None
        case AsNeeded():
            return set()
        case _:
            return {
                Planned(Slot(day, at), due_at)
                for day in days_around(change)
                if names(timing, day)
                for at in times_of(timing, day)
                if (due_at := shown_at(calendar_date(day, at, day_ends), at, place)) is not None
                and change - MARGIN < due_at <= change + MARGIN
            }


def times_of(timing: OnDays, day: date) -> tuple[time, ...]:
    return timing.week[day.weekday()] if isinstance(timing, PerWeekday) else timing.times


def days_around(change: datetime) -> list[date]:
    return [change.date() + step * DAY for step in range(-6, 7)]


def calendar_date(day: date, at: time, day_ends: time) -> date:
    """The page of the calendar, said as plainly as can be."""
    return day + DAY if at < day_ends else day


@lru_cache(maxsize=65536)
def shown_at(day: date, at: time, place: ZoneInfo) -> datetime | None:
    """The first instant at which the clock shows the time; for a skipped one, as far behind the jump."""
    wall = datetime.combine(day, at)
    offsets = offsets_around(wall.replace(tzinfo=UTC), place)
    candidates = [wall.replace(tzinfo=UTC) - offset for offset in offsets]
    showing = [t for t in candidates if t.astimezone(place).replace(tzinfo=None, fold=0) == wall]
    if showing:
        return min(showing)
    return max(candidates) if exists(day, place) else None


def exists(day: date, place: ZoneInfo) -> bool:
    """Whether some hour around that date has that date."""
    midnight = datetime.combine(day, MIDNIGHT, UTC)
    hours = (midnight + hour * HOUR for hour in range(-16, 40))
    return any(at.astimezone(place).date() == day for at in hours)


def offsets_around(moment: datetime, place: ZoneInfo) -> set[timedelta]:
    shifts = (moment + hours * HOUR for hours in (-30, -16, 0, 16, 30))
    return {at.astimezone(place).utcoffset() or timedelta() for at in shifts}


def faults_of_hours(timing: Interval, place: ZoneInfo, doses: list[Planned], day_ends: time) -> Iterator[str]:
    """Hours that do not pass as they should, and names that the clock does not show."""
    apart = timedelta(hours=timing.hours)
    for dose in doses:
        wall = dose.due_at.astimezone(place)
        shown = wall.replace(tzinfo=None, fold=0)
        if shown != datetime.combine(calendar_date(dose.slot.day, dose.slot.at, day_ends), dose.slot.at):
            yield f"the clock shows {shown} at {dose.slot}"
    gaps = [other.due_at - one.due_at for one, other in pairwise(doses)]
    if timing.waking is None:
        if any(gap != apart for gap in gaps):
            yield f"gaps {gaps}"
        return
    short = apart - 2 * HOUR  # the longest night change at Troll takes two of them
    if any(gap < short for gap in gaps):
        yield f"gaps {gaps}"
    rounds = len(gaps) - sum(gap == apart for gap in gaps) + 1
    if len(doses) > rounds * max(timing.doses_awake, 4) or rounds > 8:
        yield f"{len(doses)} doses in {rounds} rounds"
    if timing.counted_from == "due" and len(doses) < 5 * timing.doses_awake:
        yield f"{len(doses)} doses in six days"


def walked(timing: Timing, place: ZoneInfo, doses: list[Planned], after: datetime, day_ends: time) -> bool:
    """Whether whoever wakes at each due time and looks for the next one finds the same instants."""
    found, now = [], after
    instants = sorted({dose.due_at for dose in doses})
    for _ in instants:
        ahead = following(timing, place, now, 1, day_ends=day_ends)
        if not ahead:
            return False
        now = ahead[0].due_at
        found.append(now)
    return found == instants


def faults_of_windows(timing: Timing, place: ZoneInfo, doses: list[Planned], day_ends: time) -> Iterator[str]:
    """Windows that are empty, or that reach the next dose."""
    for one, other in pairwise(doses):
        end = window_end(timing, place, one, day_ends=day_ends)
        if not one.due_at < end or (other.due_at > one.due_at and end >= other.due_at):
            yield f"the window of {one.slot} ends at {end}"


def goes_on(place: ZoneInfo, change: datetime, day_ends: time) -> bool:
    """Whether the own day never goes back around a change.

    The day of the calendar itself did so in few places: at St. John's at 00:01 it was 23:01 again.
    """
    moments = [change + n * 10 * MINUTE for n in range(-60, 61)]
    days = [local_day(at, place, day_ends) for at in moments]
    return days == sorted(days) or day_ends == MIDNIGHT


def main() -> None:
    """Sweep everything and print the counts."""
    tally = sweep(all_changes())
    print(tally)
    for line in tally.wrong[:20]:
        print(line)
    sys.exit(bool(tally.wrong))


if __name__ == "__main__":
    main()
