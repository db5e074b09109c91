"""Adherence: what was taken of what was due, in figures that stand apart from one another.

Pure. Doses come to counts of each medicine and day, and the counts to figures; `storage.adherence_days` keeps
the counts, and whatever changes a dose counts its day anew, so that a correction always counts.

What counts as *due*: a planned dose that was taken, that ended without a record, or that the person
skipped. Left out: a dose skipped because the doctor said so, one that a pause, a stop or an edit took back,
one that is still open. A dose that could not be asked for is left out too and counted by itself: nobody
knows whether it was taken. What was taken as needed was never due, and what was taken beyond the plan makes
up for nothing: both are counted by themselves.

* *taking*: doses taken, of the doses due.
* *correct dosing*: days with every dose taken, of the days with doses due. A day on which a dose is still
  open or could not be asked for is left out, unless another one was not taken.
* *timing*: doses taken in time, of the doses taken at a known time. In time means: before the end of the
  dose's window, and at most two hours before it was due (less where its window is shorter).
* *longest gap*: the longest run of days with doses due and none taken. Days without a due dose neither
  lengthen nor end a run; a day that we could not ask about ends it, since missing is missing.
* *over-use*: doses taken beyond what was planned, or beyond the limits of a medicine taken as needed.
* *as needed*: doses of medicines taken as needed, within their limits.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from storage.vocabulary import DoseKind, DoseState, SkipReason

PERIOD_DAYS = 28
EARLY = timedelta(hours=2)


class DueDose(NamedTuple):
    """One dose, as far as adherence is concerned. `taken_at` is None when the time of taking is not known."""

    regimen_id: int
    day: date
    state: DoseState
    due_at: datetime
    window_end: datetime
    reason: SkipReason | None = None
    taken_at: datetime | None = None
    kind: DoseKind = DoseKind.PLANNED


class DayCount(NamedTuple):
    """How many doses of one medicine there are of each kind on one of the person's own days.

    `in_time` and `untimed` are among the taken ones, `skipped` leaves out the `advised` skips. `as_needed`
    and `extra` stand outside of all the others.
    """

    regimen_id: int
    day: date
    taken: int = 0
    in_time: int = 0
    untimed: int = 0
    skipped: int = 0
    advised: int = 0
    unknown: int = 0
    missed: int = 0
    open: int = 0
    as_needed: int = 0
    extra: int = 0

    @property
    def due(self) -> int:
        """The doses that count as due."""
        return self.taken + self.missed + self.skipped


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    of: int

    @property
    def percent(self) -> int | None:
        """The share in whole percent; None when nothing counts. All means all: 100 is never rounded up to."""
        if not self.of:
            return None
        return 100 if self.part == self.of else min(99, round(100 * self.part / self.of))


@dataclass(frozen=True, slots=True)
class Adherence:
    """The figures. `unknown`: doses that could not be asked for. `untimed`: taken at a time not known."""

    taking: Share
    correct_dosing: Share
    timing: Share
    longest_gap: int
    unknown: int
    untimed: int
    over_use: int = 0
    as_needed: int = 0


@dataclass(slots=True)
class _Day:
    """What one day comes to, of all medicines together. `against`: due and not taken."""

    taken: int = 0
    against: int = 0
    unknown: int = 0
    open: int = 0

    def add(self, count: DayCount) -> None:
        self.taken += count.taken
        self.against += count.missed + count.skipped
        self.unknown += count.unknown
        self.open += count.open

    @property
    def full(self) -> bool:
        return self.taken > 0 and not self.against + self.unknown + self.open

    @property
    def bare(self) -> bool:
        return self.against > 0 and not self.taken + self.unknown + self.open


def adherence(doses: Iterable[DueDose], today: date, days: int = PERIOD_DAYS) -> Adherence:
    """The figures of the last `days` days, today included, from the doses themselves."""
    return figures(day_counts(doses), today, days)


def figures(counts: Iterable[DayCount], today: date, days: int = PERIOD_DAYS) -> Adherence:
    """The figures of the last `days` days, today included, from the counts of each medicine and day."""
    first = today - timedelta(days=days - 1)
    recent = [count for count in counts if first <= count.day <= today]
    by_day = _days(recent)
    taken, untimed = sum(each.taken for each in recent), sum(each.untimed for each in recent)
    full = sum(day.full for day in by_day.values())
    return Adherence(
        taking=Share(taken, sum(each.due for each in recent)),
        correct_dosing=Share(full, full + sum(day.against > 0 for day in by_day.values())),
        timing=Share(sum(each.in_time for each in recent), taken - untimed),
        longest_gap=_longest_gap(by_day),
        unknown=sum(each.unknown for each in recent),
        untimed=untimed,
        over_use=sum(each.extra for each in recent),
        as_needed=sum(each.as_needed for each in recent),
    )


def day_counts(doses: Iterable[DueDose]) -> list[DayCount]:
    """The counts of each medicine and day; a day that comes to nothing is left out."""
    found: dict[tuple[int, date], dict[str, int]] = {}
    for dose in doses:
        words = found.setdefault((dose.regimen_id, dose.day), {})
        for word in _counts_as(dose):
            words[word] = words.get(word, 0) + 1
    return [DayCount(regimen_id, day, **words) for (regimen_id, day), words in found.items() if words]


def bare_days(counts: Iterable[DayCount]) -> list[date]:
    """The days with doses due and none taken, oldest first; days we could not ask about are none of them."""
    return [day for day, count in _days(counts).items() if count.bare]


def in_time(dose: DueDose) -> bool:
    """True for a dose that was taken at a known time, inside its window or a little before it."""
    if dose.state is not DoseState.TAKEN or dose.taken_at is None:
        return False
    early = min(EARLY, dose.window_end - dose.due_at)
    return dose.due_at - early <= dose.taken_at <= dose.window_end


def _counts_as(dose: DueDose) -> tuple[str, ...]:
    """The counts of its day to which a dose adds one."""
    if dose.kind is not DoseKind.PLANNED:
        return (dose.kind.value,) if dose.state is DoseState.TAKEN else ()
    match dose.state:
        case DoseState.TAKEN if dose.taken_at is None:
            return "taken", "untimed"
        case DoseState.TAKEN:
            return ("taken", "in_time") if in_time(dose) else ("taken",)
        case DoseState.SKIPPED if dose.reason is SkipReason.ADVISED:
            return ("advised",)
        case DoseState.WITHDRAWN:
            return ()
    return (dose.state.value,)


def _days(counts: Iterable[DayCount]) -> dict[date, _Day]:
    """What each day comes to, oldest first."""
    by_day: dict[date, _Day] = defaultdict(_Day)
    for count in sorted(counts, key=lambda count: count.day):
        by_day[count.day].add(count)
    return by_day


def _longest_gap(by_day: Mapping[date, _Day]) -> int:
    longest = run = 0
    for day in by_day.values():
        if day.taken or day.unknown:
            run = 0
        elif day.bare:
            run += 1
        longest = max(longest, run)
    return longest
