"""When a dose is due: the seven kinds of timing, and the slots that each of them names.

A *timing* is the rule ("Mondays and Thursdays at 09:00"), a *slot* one local date and wall-clock time that
it names, *planned* a slot with the UTC instant at which it is due. Timings are values: they check themselves
when they are made, compare equal when they say the same, and know no clock.
"""

import calendar
import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Any, Literal, assert_never
from zoneinfo import ZoneInfo

from scheduler.localtime import instant, local, local_day

MOST_TIMES_A_DAY = 24
LONGEST_DAYS = 366
SHORTEST_HOURS = 3
LONGEST_HOURS = 31 * 24
WINDOW_CAP = timedelta(hours=4)
_LOOK_AHEAD = timedelta(days=3 * 366)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)

CountedFrom = Literal["due", "taken"]


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One local date and wall-clock time that a timing names."""

    day: date
    at: time


@dataclass(frozen=True, slots=True)
class Planned:
    """A slot and the instant, aware and in UTC, at which it is due."""

    slot: Slot
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at the same times."""

    times: tuple[time, ...]

    def __post_init__(self) -> None:
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class Weekly:
    """On some days of the week, 0 for Monday to 6 for Sunday."""

    days: frozenset[int]
    times: tuple[time, ...]

    def __post_init__(self) -> None:
        _set(self, "days", _tidy_days(self.days, 0, 6, "A day of the week is a number from 0 to 6."))
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class MonthDays:
    """On some days of the month, 1 to 31; in a shorter month the missing ones mean its last day, once."""

    days: frozenset[int]
    times: tuple[time, ...]

    def __post_init__(self) -> None:
        _set(self, "days", _tidy_days(self.days, 1, 31, "A day of the month is a number from 1 to 31."))
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class EveryNDays:
    """On `start`, and again after every `n` days."""

    n: int
    start: date
    times: tuple[time, ...]

    def __post_init__(self) -> None:
        _require_whole(self.n, 1, LONGEST_DAYS, "The days between two doses must be from 1 to 366.")
        _require_date(self.start)
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class Cycle:
    """From `start`: some days on, some days off, and again."""

    on_days: int
    off_days: int
    start: date
    times: tuple[time, ...]

    def __post_init__(self) -> None:
        _require_whole(self.on_days, 1, LONGEST_DAYS, "The days on must be from 1 to 366.")
        _require_whole(self.off_days, 1, LONGEST_DAYS, "The days off must be from 1 to 366.")
        _require_date(self.start)
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class Interval:
    """Every so many hours that really pass, whatever the clock on the wall does.

    Counted from "due", the anchor is itself the first dose. Counted from "taken", the anchor is the last
    taking and the first dose comes `hours` later; `after_taking` moves the anchor on.

    Here the instant leads and the slot is its name on the wall. A dose is known by that name, so it must be
    unique; a clock that repeats two hours, such as Troll's, would give one wall time to two doses that are
    two hours apart. Hence three hours at least.
    """

    hours: int
    anchor: datetime
    counted_from: CountedFrom = "due"

    def __post_init__(self) -> None:
        _require_whole(self.hours, SHORTEST_HOURS, LONGEST_HOURS, "The hours must be from 3 to 744.")
        if not isinstance(self.anchor, datetime) or self.anchor.utcoffset() is None:
            raise ValueError("The anchor must be an instant with its UTC offset.")
        if self.anchor.second or self.anchor.microsecond:
            raise ValueError("The anchor must be a whole minute.")
        if self.counted_from not in ("due", "taken"):
            raise ValueError('The hours are counted from "due" or from "taken".')
        _set(self, "anchor", self.anchor.astimezone(UTC))

    def after_taking(self, taken_at: datetime) -> "Interval":
        """The timing once a dose was taken at `taken_at` (aware); a begun minute counts as full."""
        if self.counted_from == "due":
            return self
        whole = taken_at.replace(second=0, microsecond=0)
        return replace(self, anchor=whole if whole == taken_at else whole + _MINUTE)


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """When the person wants it, within limits; it plans nothing."""

    minimum_gap_hours: int
    daily_maximum: int

    def __post_init__(self) -> None:
        _require_whole(self.minimum_gap_hours, 0, 168, "The hours between two doses must be from 0 to 168.")
        _require_whole(self.daily_maximum, 1, MOST_TIMES_A_DAY, "The doses in a day must be from 1 to 24.")


OnDays = Daily | Weekly | MonthDays | EveryNDays | Cycle
Timing = OnDays | Interval | AsNeeded


# What is planned


def planned(timing: Timing, zone: ZoneInfo, *, after: datetime, until: datetime) -> Iterator[Planned]:
    """Every slot due in (after, until], both aware, in order of due time and then of slot.

    Two slots that the clock pushes onto one instant both come, with the same `due_at`.
    """
    match timing:
        case AsNeeded():
            return iter(())
        case Interval():
            return _planned_by_hours(timing, zone, after, until)
        case _:
            return _planned_on_days(timing, zone, after, until)


def following(timing: Timing, zone: ZoneInfo, after: datetime, count: int) -> tuple[Planned, ...]:
    """The next `count` slots due later than `after` (aware); fewer when three years hold no more."""
    return _following(timing, zone, after, count)


def half_gap(
    timing: Timing, zone: ZoneInfo, dose: Planned, within: timedelta = _LOOK_AHEAD
) -> timedelta | None:
    """Half of the time from a dose to the next later one of this timing; None when none is due `within`."""
    later = next(iter(_following(timing, zone, dose.due_at, 1)), None)
    return None if later is None or later.due_at > dose.due_at + within else (later.due_at - dose.due_at) / 2


@lru_cache(maxsize=4096)  # when thousands are woken in one minute, most of them ask for the same few
def _following(timing: Timing, zone: ZoneInfo, after: datetime, count: int) -> tuple[Planned, ...]:
    return tuple(islice(planned(timing, zone, after=after, until=after + _LOOK_AHEAD), count))


def window_end(timing: Timing, zone: ZoneInfo, planned: Planned, cap: timedelta = WINDOW_CAP) -> datetime:
    """Until when a dose may be taken late: half way to the next one, at most `cap` after it is due."""
    half = half_gap(timing, zone, planned, within=2 * cap)
    return planned.due_at + (cap if half is None else half)


def _planned_by_hours(
    timing: Interval, zone: ZoneInfo, after: datetime, until: datetime
) -> Iterator[Planned]:
    """The grid of hours from the anchor; the first step is computed, so an old anchor costs nothing."""
    step = timedelta(hours=timing.hours)
    first = 0 if timing.counted_from == "due" else 1
    count = max(first, (after - timing.anchor) // step + 1)
    due_at = timing.anchor + count * step
    while due_at <= until:
        shown = local(due_at, zone)
        yield Planned(Slot(shown.date(), time(shown.hour, shown.minute)), due_at)
        due_at += step


def _planned_on_days(timing: OnDays, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[Planned]:
    """The slots of the days around the span; one day more at each end, as slots can move across midnight."""
    days = _days(timing, local_day(after, zone) - _DAY, local_day(until, zone) + _DAY)
    for due_at, slot in _in_due_order(days, timing.times, zone):
        if due_at > until:
            return
        if due_at > after:
            yield Planned(slot, due_at)


def _in_due_order(
    days: Iterable[date], times: tuple[time, ...], zone: ZoneInfo
) -> Iterator[tuple[datetime, Slot]]:
    """Slots with their instants, by instant.

    A skipped 02:50 becomes 03:50 and lets 03:10 pass, sometimes across midnight. No gap in an existing day
    reaches further than that, so a slot is safe to hand out once the day after its own is in the heap.
    """
    waiting: list[tuple[datetime, Slot]] = []
    for day in days:
        for at in times:
            due_at = instant(day, at, zone)
            if due_at is not None:
                heapq.heappush(waiting, (due_at, Slot(day, at)))
        while waiting and waiting[0][1].day < day:
            yield heapq.heappop(waiting)
    while waiting:
        yield heapq.heappop(waiting)


# Which days a timing names


def _days(timing: OnDays, first: date, last: date) -> Iterator[date]:
    """The dates from `first` to `last` that the timing names, in order, without walking from its start."""
    match timing:
        case Daily():
            return _every(1, first, last)
        case Weekly():
            return (day for day in _every(1, first, last) if day.weekday() in timing.days)
        case MonthDays():
            return _days_of_months(timing.days, first, last)
        case EveryNDays():
            return _every(timing.n, _on_or_after(first, timing.start, timing.n), last)
        case Cycle():
            return _days_on(timing, first, last)
        case _:
            assert_never(timing)


def _every(n: int, first: date, last: date) -> Iterator[date]:
    """`first`, and every n-th date after it up to `last`."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1, n))


def _on_or_after(day: date, start: date, n: int) -> date:
    """The first of start, start + n, start + 2n … that is not before `day`."""
    steps = max(0, math.ceil((day - start).days / n))
    return start + timedelta(days=steps * n)


def _days_of_months(days: frozenset[int], first: date, last: date) -> Iterator[date]:
    """The named days of each month, a day that the month lacks being its last."""
    month = first.replace(day=1)
    while month <= last:
        length = calendar.monthrange(month.year, month.month)[1]
        for number in sorted({min(day, length) for day in days}):
            day = month.replace(day=number)
            if first <= day <= last:
                yield day
        month += timedelta(days=length)


def _days_on(cycle: Cycle, first: date, last: date) -> Iterator[date]:
    """The days on of every round that touches the span."""
    length = cycle.on_days + cycle.off_days
    for day in _every(1, max(first, cycle.start), last):
        if (day - cycle.start).days % length < cycle.on_days:
            yield day


# As data, for a JSON column

_KINDS: Mapping[str, type[Timing]] = {
    "daily": Daily,
    "weekly": Weekly,
    "month_days": MonthDays,
    "every_n_days": EveryNDays,
    "cycle": Cycle,
    "interval": Interval,
    "as_needed": AsNeeded,
}
_KIND_OF = {kind: name for name, kind in _KINDS.items()}

_WRITE: Mapping[str, Callable[[Any], object]] = {
    "times": lambda times: [at.strftime("%H:%M") for at in times],
    "days": sorted,
    "start": date.isoformat,
    "anchor": datetime.isoformat,
}
_READ: Mapping[str, Callable[[Any], object]] = {
    "times": lambda texts: tuple(time.fromisoformat(text) for text in texts),
    "days": frozenset,
    "start": date.fromisoformat,
    "anchor": datetime.fromisoformat,
}


def to_data(timing: Timing) -> dict[str, object]:
    """The timing as JSON-ready data, such as {"kind": "daily", "times": ["08:00", "20:00"]}."""
    data: dict[str, object] = {"kind": _KIND_OF[type(timing)]}
    for field in fields(timing):
        value = getattr(timing, field.name)
        data[field.name] = _WRITE[field.name](value) if field.name in _WRITE else value
    return data


def from_data(data: Mapping[str, object]) -> Timing:
    """The timing that `to_data` wrote; raises ValueError for an unknown kind or for parts that do not fit."""
    kind = _KINDS.get(str(data.get("kind")))
    if kind is None:
        raise ValueError("This is no kind of timing that we know.")
    try:
        values: dict[str, Any] = {
            name: _READ[name](value) if name in _READ else value
            for name, value in data.items()
            if name != "kind"
        }
        return kind(**values)
    except (TypeError, AttributeError) as error:
        raise ValueError("This timing is not complete, or one of its parts has the wrong type.") from error


# What every timing asks of its parts


def _set(timing: object, name: str, value: object) -> None:
    """Put the tidy value in place of the given one, while the frozen timing is being made."""
    object.__setattr__(timing, name, value)


def _tidy_times(times: Iterable[time]) -> tuple[time, ...]:
    """The times in order and each once; ValueError unless there are 1 to 24, in hours and minutes."""
    tidy = tuple(times)
    if not all(isinstance(at, time) and at == time(at.hour, at.minute) and not at.fold for at in tidy):
        raise ValueError("A time of day has hours and minutes only.")
    if not 1 <= len(set(tidy)) <= MOST_TIMES_A_DAY:
        raise ValueError("A timing has from 1 to 24 times a day.")
    return tuple(sorted(set(tidy)))


def _tidy_days(days: Iterable[int], lowest: int, highest: int, sentence: str) -> frozenset[int]:
    """The days as a set; raises ValueError when one is out of range or when there are none."""
    tidy = frozenset(days)
    if not tidy:
        raise ValueError("A timing needs at least one day.")
    for day in tidy:
        _require_whole(day, lowest, highest, sentence)
    return tidy


def _require_whole(number: object, lowest: int, highest: int, sentence: str) -> None:
    """Raise ValueError with the sentence unless the number is whole and in range; True is no number."""
    if not isinstance(number, int) or isinstance(number, bool) or not lowest <= number <= highest:
        raise ValueError(sentence)


def _require_date(day: object) -> None:
    """Raise ValueError unless it is a date without a time."""
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError("The start must be a date.")
