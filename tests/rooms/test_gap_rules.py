"""The decision tables of the gaps."""

from datetime import date, timedelta
from typing import Any

from bot.escalation.gaps.rules import Checkins, missed_notice, nudge
from bot.escalation.noticing.record import DoseSeen, doses_by_day
from bot.escalation.noticing.told import Kind, Told
from bot.escalation.recurrence.classes import Pattern
from bot.escalation.recurrence.policy import shipped_policy
from storage.vocabulary import DoseState, SkipReason
from tests.rooms.tables import rows

TODAY = date(2026, 3, 20)
POLICY = shipped_policy()
STATES: dict[str, list[tuple[DoseState, SkipReason | None]]] = {
    "t": [(DoseState.TAKEN, None)],
    "p": [(DoseState.TAKEN, None), (DoseState.MISSED, None)],
    "n": [(DoseState.MISSED, None)],
    "s": [(DoseState.SKIPPED, SkipReason.OTHER)],
    "a": [(DoseState.SKIPPED, SkipReason.ADVISED)],
    "?": [(DoseState.UNKNOWN, None)],
    "-": [(DoseState.WITHDRAWN, None)],
}


MARKS = {"x": True, ".": False}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@rows("gaps.toml", "missed")
def test_when_days_without_a_dose_are_told(row: dict[str, Any]) -> None:
    doses = [
        DoseSeen(ago(back), state, reason)
        for back, letter in enumerate(reversed(row["doses"]), 1)
        for state, reason in STATES[letter]
    ]
    told = [
        Told(Kind.CONCERN, ago(back), Pattern.BREAKTHROUGH, since=ago(back + 9))
        for back in row.get("other_told", [])
    ]
    told += [Told(Kind.TWO_MISSED_DAYS, ago(back), since=ago(back + 2)) for back in row.get("told", [])]
    told += [
        Told(Kind.CONCERN, ago(back), Pattern.MISSED_DOSES, since=ago(back + 9))
        for back in row.get("mood_told", [])
    ]
    found = missed_notice(doses_by_day(doses), told, TODAY, POLICY.notices)
    run = row.get("says")
    assert found == (Told(Kind.TWO_MISSED_DAYS, TODAY, since=ago(run), missed_run=run) if run else None)


def test_one_run_of_days_is_told_once_however_long_it_lasts_and_however_few_days_are_known() -> None:
    told: list[Told] = []
    for length in range(1, 61):
        today, known = TODAY + timedelta(days=length), range(max(0, length - 15), length)
        doses = doses_by_day([DoseSeen(TODAY + timedelta(days=n), DoseState.MISSED) for n in known])
        known_from = today - timedelta(days=15)
        found = missed_notice(doses, told, today, POLICY.notices, known_from=known_from)
        told += [found] if found is not None else []
    assert [(each.on - TODAY).days for each in told] == [2]


@rows("gaps.toml", "nudge")
def test_when_too_few_checkins_are_told(row: dict[str, Any]) -> None:
    days = row["days"]
    first = TODAY - timedelta(days=len(days) - 1)
    marks = {first + timedelta(days=n): MARKS[mark] for n, mark in enumerate(days) if mark != "-"}
    told = [Told(Kind.NOT_ENOUGH_CHECKINS, ago(back)) for back in row.get("told", [])]
    found = nudge(Checkins.of(marks), told, TODAY, POLICY.notices, POLICY.enough)
    few = row.get("says")
    told_now = Told(Kind.NOT_ENOUGH_CHECKINS, TODAY, answered=few or 0, of=POLICY.enough.answers)
    assert found == (None if few is None else told_now)
