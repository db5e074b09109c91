"""Streaks: what a run of days with doses comes to.

Pure, and recomputed from the doses each time, so that a correction always counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from storage.vocabulary import DoseState, SkipReason

COMPANION_DAYS = 28


class DayMark(StrEnum):
    """What a local day comes to. Only TAKEN adds to a streak; only UNRECORDED and PARTLY count against it."""

    TAKEN = "taken"
    PARTLY = "partly"
    UNRECORDED = "unrecorded"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    OPEN = "open"
    NONE = "none"


AGAINST = frozenset({DayMark.PARTLY, DayMark.UNRECORDED})


@dataclass(frozen=True, slots=True)
class Taking:
    """One dose, as far as a streak is concerned."""

    day: date
    state: DoseState
    reason: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row without a missed dose. `resting`: a day was missed, and none has been taken since.

    `taken` of `of`: days with every dose taken, of the days that count, among the last 28.
    """

    length: int
    resting: bool
    taken: int
    of: int


def day_marks(takings: Iterable[Taking]) -> dict[date, DayMark]:
    """The mark of each day that has doses, oldest first."""
    by_day: dict[date, list[Taking]] = defaultdict(list)
    for taking in takings:
        by_day[taking.day].append(taking)
    return {day: _mark(by_day[day]) for day in sorted(by_day)}


def _mark(takings: list[Taking]) -> DayMark:
    """Pauses and advised skips are neutral: they leave the day as if the dose had not been due."""
    counted = {t.state for t in takings if not _neutral(t)}
    if not counted:
        return DayMark.SKIPPED if any(t.state is DoseState.SKIPPED for t in takings) else DayMark.NONE
    if DoseState.MISSED in counted:
        return DayMark.PARTLY if DoseState.TAKEN in counted else DayMark.UNRECORDED
    if counted == {DoseState.TAKEN}:
        return DayMark.TAKEN
    if DoseState.OPEN in counted:
        return DayMark.OPEN
    return DayMark.UNKNOWN if DoseState.UNKNOWN in counted else DayMark.SKIPPED


def _neutral(taking: Taking) -> bool:
    advised = taking.state is DoseState.SKIPPED and taking.reason is SkipReason.ADVISED
    return advised or taking.state is DoseState.WITHDRAWN


def streak(marks: Mapping[date, DayMark], today: date) -> Streak:
    """The streak as of `today`. One missed day pauses it, a second one on the very next day ends it.

    Whatever lies between two missed days keeps them apart: a pause, our outage, a day without a dose.
    """
    length, missed = 0, None
    for day in sorted(marks):
        if marks[day] is DayMark.TAKEN:
            length, missed = length + 1, None
        elif marks[day] in AGAINST:
            if missed == day - timedelta(days=1):
                length = 0
            missed = day
    since = today - timedelta(days=COMPANION_DAYS - 1)
    recent = [mark for day, mark in marks.items() if since <= day <= today]
    taken = sum(mark is DayMark.TAKEN for mark in recent)
    return Streak(
        length, missed is not None and length > 0, taken, taken + sum(mark in AGAINST for mark in recent)
    )
