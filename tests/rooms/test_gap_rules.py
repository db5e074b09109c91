"""The decision tables of the gaps."""

from datetime import date, timedelta
from typing import Any

from bot.escalation.gaps.rules import Answers, missed_notice, nudge
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


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@rows("gaps.toml", "missed")
def test_when_days_without_a_dose_are_told(row: dict[str, Any]) -> None:
    doses = [
        DoseSeen(ago(back), state, reason)
        for back, letter in enumerate(reversed(row["doses"]), 1)
        for state, reason in STATES[letter]
    ]
    told = [Told(Kind.TWO_MISSED_DAYS, ago(back), since=ago(back + 2)) for back in row.get("told", [])]
    told += [
        Told(Kind.CONCERN, ago(back), Pattern.MISSED_DOSES, since=ago(back + 9))
        for back in row.get("mood_told", [])
    ]
    found = missed_notice(doses_by_day(doses), told, TODAY, POLICY.notices)
    assert (found.missed_run if found else None) == row.get("says")


def test_one_run_of_days_is_told_once_however_long_it_lasts() -> None:
    told: list[Told] = []
    for length in range(1, 15):
        today = ago(0) + timedelta(days=length)
        doses = doses_by_day([DoseSeen(TODAY + timedelta(days=n), DoseState.MISSED) for n in range(length)])
        found = missed_notice(doses, told, today, POLICY.notices)
        told += [found] if found is not None else []
    assert [(each.on - TODAY).days for each in told] == [2]


@rows("gaps.toml", "nudge")
def test_when_too_few_checkins_are_told(row: dict[str, Any]) -> None:
    days = row["days"]
    first = TODAY - timedelta(days=len(days) - 1)
    answered = frozenset(first + timedelta(days=n) for n, mark in enumerate(days) if mark == "x")
    answers = Answers(answered, None if row.get("unwanted") else first)
    told = [Told(Kind.NOT_ENOUGH_CHECKINS, ago(back)) for back in row.get("told", [])]
    found = nudge(answers, told, TODAY, POLICY.notices, POLICY.enough)
    assert (found.answered if found else None) == row.get("says")
