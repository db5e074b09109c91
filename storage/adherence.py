"""Adherence: what was taken of what was due, in figures that stand apart from one another.

Pure, and recomputed from the doses each time, so that a correction always counts. What counts as *due*: a
dose that was taken, that ended without a record, or that the person skipped. Left out: a dose skipped because
the doctor said so, one that a pause, a stop or an edit took back, one that is still open; medicines taken as
needed have no due doses at all. A dose that could not be asked for is left out too and counted by itself:
nobody knows whether it was taken.

* *taking*: doses taken, of the doses due.
* *correct dosing*: days with every dose taken, of the days with doses due. A day on which a dose is still
  open or could not be asked for is left out, unless another one was not taken.
* *timing*: doses taken in time, of the doses taken at a known time. In time means: before the end of the
  dose's window, and at most two hours before it was due (less where its window is shorter).
* *longest gap*: the longest run of days with doses due and none taken. Days without a due dose neither
  lengthen nor end a run; a day that we could not ask about ends it, since missing is missing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.vocabulary import DoseState, SkipReason

PERIOD_DAYS = 28
EARLY = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class DueDose:
    """One dose, as far as adherence is concerned. `taken_at` is None when the time of taking is not known."""

    regimen_id: int
    day: date
    state: DoseState
    due_at: datetime
    window_end: datetime
    reason: SkipReason | None = None
    taken_at: datetime | None = None


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


@dataclass(slots=True)
class _Day:
    """How many doses of one day there are of each kind. `against`: due and not taken."""

    taken: int = 0
    against: int = 0
    unknown: int = 0
    open: int = 0

    @property
    def full(self) -> bool:
        return self.taken > 0 and not self.against + self.unknown + self.open

    @property
    def bare(self) -> bool:
        return self.against > 0 and not self.taken + self.unknown + self.open


def adherence(doses: Iterable[DueDose], today: date, days: int = PERIOD_DAYS) -> Adherence:
    """The figures of the last `days` days, today included."""
    first = today - timedelta(days=days - 1)
    recent = [dose for dose in doses if first <= dose.day <= today]
    timed = [dose for dose in recent if dose.state is DoseState.TAKEN and dose.taken_at is not None]
    by_day = _days(recent)
    taken = sum(day.taken for day in by_day.values())
    full = sum(day.full for day in by_day.values())
    return Adherence(
        taking=Share(taken, taken + sum(day.against for day in by_day.values())),
        correct_dosing=Share(full, full + sum(day.against > 0 for day in by_day.values())),
        timing=Share(sum(map(in_time, timed)), len(timed)),
        longest_gap=_longest_gap(by_day),
        unknown=sum(day.unknown for day in by_day.values()),
        untimed=taken - len(timed),
    )


def bare_days(doses: Iterable[DueDose]) -> list[date]:
    """The days with doses due and none taken, oldest first; days we could not ask about are none of them."""
    return [day for day, count in _days(doses).items() if count.bare]


def in_time(dose: DueDose) -> bool:
    """True for a dose that was taken at a known time, inside its window or a little before it."""
    if dose.state is not DoseState.TAKEN or dose.taken_at is None:
        return False
    early = min(EARLY, dose.window_end - dose.due_at)
    return dose.due_at - early <= dose.taken_at <= dose.window_end


def _days(doses: Iterable[DueDose]) -> dict[date, _Day]:
    """What each day with doses comes to, oldest first."""
    by_day: dict[date, _Day] = defaultdict(_Day)
    for dose in sorted(doses, key=lambda dose: dose.day):
        day = by_day[dose.day]
        match dose.state:
            case DoseState.TAKEN:
                day.taken += 1
            case DoseState.MISSED:
                day.against += 1
            case DoseState.SKIPPED:
                day.against += dose.reason is not SkipReason.ADVISED
            case DoseState.UNKNOWN:
                day.unknown += 1
            case DoseState.OPEN:
                day.open += 1
            case DoseState.WITHDRAWN:
                pass
    return by_day


def _longest_gap(by_day: dict[date, _Day]) -> int:
    longest = run = 0
    for day in by_day.values():
        if day.taken or day.unknown:
            run = 0
        elif day.bare:
            run += 1
        longest = max(longest, run)
    return longest
