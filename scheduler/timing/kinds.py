"""The kinds of timing, as values that check themselves when they are made."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

MOST_TIMES_A_DAY = 24
LONGEST_DAYS = 366
LONGEST_WEEKS = 52
SHORTEST_HOURS = 3
LONGEST_HOURS = 31 * 24
LONGEST_GAP_HOURS = 168
_MINUTE = timedelta(minutes=1)
_DAY_MINUTES = 24 * 60

CountedFrom = Literal["due", "taken"]
Times = tuple[time, ...]


class Slot(NamedTuple):
    """One local date and wall-clock time that a timing names.

    The date is the person's own day: to somebody whose day ends at 04:00, (Monday, 01:00) is an hour after
    the midnight that follows Monday.
    """

    day: date
    at: time


class Planned(NamedTuple):
    """A slot and the instant, aware and in UTC, at which it is due."""

    slot: Slot
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Bounds:
    """The first and the last day of a timing, both with their doses; None where it is open."""

    starts_on: date | None = None
    ends_on: date | None = None

    def __post_init__(self) -> None:
        for day in (self.starts_on, self.ends_on):
            if day is not None:
                _require_date(day)
        if self.starts_on is not None and self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("The last day must not be before the first.")

    def hold(self, day: date) -> bool:
        """Whether a day lies within."""
        return (self.starts_on is None or day >= self.starts_on) and (
            self.ends_on is None or day <= self.ends_on
        )


UNBOUNDED = Bounds()


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at the same times."""

    times: Times

    def __post_init__(self) -> None:
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class Weekly:
    """On some days of the week, 0 for Monday to 6 for Sunday."""

    days: frozenset[int]
    times: Times

    def __post_init__(self) -> None:
        _set(self, "days", _tidy_days(self.days, 0, 6, "A day of the week is a number from 0 to 6."))
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class PerWeekday:
    """Each day of the week with times of its own, Monday first; a day may have none."""

    week: tuple[Times, ...]

    def __post_init__(self) -> None:
        week = tuple(tuple(times) for times in self.week)
        if len(week) != 7 or not any(week):
            raise ValueError("A week has seven days, and a timing needs a time on one of them.")
        _set(self, "week", tuple(_tidy_times(times) if times else () for times in week))


@dataclass(frozen=True, slots=True)
class MonthDays:
    """On some days of the month, 1 to 31; in a shorter month the missing ones mean its last day, once."""

    days: frozenset[int]
    times: Times

    def __post_init__(self) -> None:
        _set(self, "days", _tidy_days(self.days, 1, 31, "A day of the month is a number from 1 to 31."))
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class EveryNDays:
    """On `start`, and again after every `n` days."""

    n: int
    start: date
    times: Times

    def __post_init__(self) -> None:
        _require_whole(self.n, 1, LONGEST_DAYS, "The days between two doses must be from 1 to 366.")
        _require_date(self.start)
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class EveryNWeeks:
    """On some days of every n-th week, the week of `start` being the first; none is before `start`."""

    n: int
    days: frozenset[int]
    start: date
    times: Times

    def __post_init__(self) -> None:
        _require_whole(self.n, 1, LONGEST_WEEKS, "The weeks between two doses must be from 1 to 52.")
        _set(self, "days", _tidy_days(self.days, 0, 6, "A day of the week is a number from 0 to 6."))
        _require_date(self.start)
        _set(self, "times", _tidy_times(self.times))


@dataclass(frozen=True, slots=True)
class Cycle:
    """From `start`: some days on, some days off, and again."""

    on_days: int
    off_days: int
    start: date
    times: Times

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

    `waking` are the wall-clock times at which a day of doses begins and ends; the end may be after midnight.
    Then a round of doses begins at the first of them each day, as many as fit by the clock with `hours`
    to spare before the next round. Counted from "taken", a first dose that would fall outside waits for the
    next beginning.

    Here the instant leads and the slot is its name on the wall. A dose is known by that name, so it must be
    unique; a clock that repeats two hours, such as Troll's, would give one wall time to two doses that are
    two hours apart. Hence three hours at least.
    """

    hours: int
    anchor: datetime
    counted_from: CountedFrom = "due"
    waking: tuple[time, time] | None = None

    def __post_init__(self) -> None:
        _require_whole(self.hours, SHORTEST_HOURS, LONGEST_HOURS, "The hours must be from 3 to 744.")
        if not isinstance(self.anchor, datetime) or self.anchor.utcoffset() is None:
            raise ValueError("The anchor must be an instant with its UTC offset.")
        if self.anchor.second or self.anchor.microsecond:
            raise ValueError("The anchor must be a whole minute.")
        if self.counted_from not in ("due", "taken"):
            raise ValueError('The hours are counted from "due" or from "taken".')
        _set(self, "anchor", self.anchor.astimezone(UTC))
        if self.waking is not None:
            _set(self, "waking", _tidy_waking(self.waking))
            if self.doses_awake < (2 if self.counted_from == "due" else 1):
                raise ValueError("So many hours do not fit into the waking time.")

    @property
    def doses_awake(self) -> int:
        """How many doses a round of the waking time holds; 0 when there is no such time."""
        if self.waking is None:
            return 0
        begins, ends = (at.hour * 60 + at.minute for at in self.waking)
        awake, apart = (ends - begins) % _DAY_MINUTES, self.hours * 60
        if apart >= _DAY_MINUTES:
            return 0
        return max(0, min(awake, _DAY_MINUTES - apart)) // apart + 1

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
        _require_whole(
            self.minimum_gap_hours,
            0,
            LONGEST_GAP_HOURS,
            "The hours between two doses must be from 0 to 168.",
        )
        _require_whole(self.daily_maximum, 1, MOST_TIMES_A_DAY, "The doses in a day must be from 1 to 24.")


OnDays = Daily | Weekly | PerWeekday | MonthDays | EveryNDays | EveryNWeeks | Cycle
Timing = OnDays | Interval | AsNeeded


def of_week(week: Sequence[Iterable[time]]) -> Daily | Weekly | PerWeekday:
    """The plainest timing with these times on the seven days, Monday first. Raises ValueError for none."""
    full = PerWeekday(tuple(tuple(times) for times in week))
    kinds = {times for times in full.week if times}
    if len(kinds) > 1:
        return full
    [times] = kinds
    days = frozenset(day for day in range(7) if full.week[day])
    return Daily(times) if len(days) == 7 else Weekly(days, times)


# What every timing asks of its parts


def _set(timing: object, name: str, value: object) -> None:
    """Put the tidy value in place of the given one, while the frozen timing is being made."""
    object.__setattr__(timing, name, value)


def _is_plain(at: object) -> bool:
    """Whether it is a time of day in hours and minutes, without a zone or a showing."""
    return isinstance(at, time) and at == time(at.hour, at.minute) and not at.fold


def _tidy_times(times: Iterable[time]) -> Times:
    """The times in order and each once; ValueError unless there are 1 to 24, in hours and minutes."""
    tidy = tuple(times)
    if not all(map(_is_plain, tidy)):
        raise ValueError("A time of day has hours and minutes only.")
    if not 1 <= len(set(tidy)) <= MOST_TIMES_A_DAY:
        raise ValueError("A timing has from 1 to 24 times a day.")
    return tuple(sorted(set(tidy)))


def _tidy_waking(waking: Iterable[time]) -> tuple[time, time]:
    """The two times of a waking time; raises ValueError unless they are two that differ."""
    tidy = tuple(waking)
    if len(tidy) != 2 or not all(map(_is_plain, tidy)) or tidy[0] == tidy[1]:
        raise ValueError("A waking time begins and ends at two times of the day.")
    return tidy[0], tidy[1]


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
        raise ValueError("The first and the last day must be dates.")
