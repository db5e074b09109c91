"""The tables that a clinician can read: days in, levels and classes out."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.escalation.recurrence.days import Day, Declared, Doses
from bot.escalation.recurrence.detector import detect

FIRST = date(2026, 1, 1)
FOLDER = Path(__file__).parent / "cases"
DOSE = {"t": Doses(1, 1, 1), "n": Doses(1, 1, 0), "?": Doses(1, 0, 0), "-": None}
Case = dict[str, Any]


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield pytest.param(case, id=f"{path.stem}: {case['name']}")


def spread(text: str) -> list[str]:
    """ "2*a b" is a, a, b."""
    spread_out: list[str] = []
    for part in text.split():
        times, mark, what = part.rpartition("*")
        spread_out += [what] * (int(times) if mark else 1)
    return spread_out


def days_of(case: Case) -> list[Day]:
    core, doses = spread(case["days"]), spread(case.get("doses", ""))
    restless = spread(case.get("restless", ""))
    changed, phq = case.get("changed", []), case.get("phq", {})
    return [
        Day(
            date=day_number(number),
            down=_score(core, number),
            interest=_score(core, number),
            restless=_score(restless, number),
            doses=DOSE[doses[number - 1]] if number <= len(doses) else None,
            dose_changed=number in changed,
            phq=phq.get(str(number)),
        )
        for number in range(1, len(core) + 1)
    ]


def day_number(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def _score(scores: list[str], number: int) -> float | None:
    given = scores[number - 1] if number <= len(scores) else "-"
    return None if given == "-" else float(given)


@pytest.mark.parametrize("case", list(cases()))
def test_it_comes_as_the_table_says(case: Case) -> None:
    declared = Declared(
        helped=case.get("helped", False),
        stable_since=day_number(case["stable_since"]) if "stable_since" in case else None,
        usual_from=day_number(case["usual_from"]) if "usual_from" in case else None,
    )
    found = [
        " ".join(filter(None, [str((event.date - FIRST).days + 1), event.state.value, event.pattern]))
        for event in detect(days_of(case), declared, provisional=case.get("provisional", True))
    ]
    assert found == case["expect"]
