"""The decision table of streaks."""

from datetime import date, timedelta
from typing import Any

from storage.streaks import Streak, Taking, day_marks, streak
from storage.vocabulary import DoseState, SkipReason
from tests.rooms.tables import rows

TODAY = date(2026, 3, 28)


def takings(days: list[str]) -> list[Taking]:
    """The doses of a row; its last day is today."""
    found = []
    for back, day in enumerate(reversed(days)):
        for dose in day.split(", ") if day != "-" else ():
            state, _, reason = dose.partition(":")
            why = SkipReason(reason) if reason else SkipReason.OTHER if state == "skipped" else None
            found.append(Taking(TODAY - timedelta(days=back), DoseState(state), why))
    return found


@rows("streaks.toml", "streak")
def test_what_the_days_come_to(row: dict[str, Any]) -> None:
    found = streak(day_marks(takings(row["days"])), TODAY)
    taken, _, of = row["companion"].partition(" of ")
    assert found == Streak(row["streak"], row.get("resting", False), int(taken), int(of))


def test_a_long_streak_keeps_its_length_and_its_companion_looks_at_four_weeks() -> None:
    assert streak(day_marks(takings(["taken"] * 100)), TODAY) == Streak(100, False, 28, 28)
