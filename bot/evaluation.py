"""`evenkeel evaluate`: the bot's detector over a file of check-ins, for researchers and for checking us."""

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from bot.escalation.recurrence.days import HIGHEST, Day, Doses
from bot.escalation.recurrence.detector import Event, State, detect
from bot.escalation.recurrence.policy import Policy, shipped_policy

NEEDED = ("person", "date", "down", "interest")
OPTIONAL = (
    "restless",
    "energy",
    "sleep",
    "doses_due",
    "doses_taken",
    "doses_answered",
    "dose_changed",
    "phq9",
)
MOST_DOSES, HIGHEST_PHQ = 100, 27
FIRST_YEAR, LAST_YEAR = 1900, 2200
_TOO_MANY = "\0"  # no column can be called that
_RISEN = frozenset({State.WATCH, State.CONCERN, State.CONFIRMED})

People = dict[str, list[Day]]


class FileRefused(Exception):
    """The file cannot be evaluated; the sentence names the line and says why."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a file holds, and how often the level rose to WATCH or more from a steady state."""

    people: int
    answered_days: int
    episodes: int

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        per_30 = 30 * self.episodes / self.answered_days if self.answered_days else 0.0
        return {
            "people": self.people,
            "answered_days": self.answered_days,
            "episodes": self.episodes,
            "episodes_per_30_answers": round(per_30, 4),
        }


def policy_for(baseline_days: int | None) -> Policy:
    """The shipped policy with another length of the baseline; the answers it needs change with it."""
    policy = shipped_policy()
    if baseline_days is None:
        return policy
    usual = policy.baseline
    answers = max(2, round(usual.answers * baseline_days / usual.days))
    provisional = min(usual.provisional_answers, answers)
    changed = replace(usual, days=baseline_days, answers=answers, provisional_answers=provisional)
    return replace(policy, baseline=changed)


def read_people(lines: Iterable[str], remark: Callable[[str], object] = lambda _: None) -> People:
    """Each person's days in order, from the lines of a CSV file. Raises FileRefused.

    `remark` is told, in a sentence, what is left out.
    """
    rows = csv.DictReader(lines, skipinitialspace=True, restkey=_TOO_MANY, strict=True)
    people: People = {}
    try:
        rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
        _check_head(rows.fieldnames, remark)
        for row in rows:
            person, day = _read(row, rows.line_num)
            people.setdefault(person, []).append(day)
    except csv.Error as error:
        raise FileRefused(f"line {rows.line_num}: {error}") from None
    for person, days in people.items():
        days.sort(key=lambda day: day.date)
        for before, after in pairwise(days):
            if before.date == after.date:
                raise FileRefused(f"person {person} has two rows of {after.date.isoformat()}")
    return people


def events(people: People, policy: Policy, *, provisional: bool = True) -> Iterator[tuple[str, Event]]:
    """Every change of state of every person."""
    for person, days in people.items():
        for event in detect(days, policy=policy, provisional=provisional):
            yield person, event


def as_line(person: str, event: Event, policy: Policy) -> str:
    """One event as a line of JSON."""
    facts = event.explanation
    baseline = facts.baseline
    return json.dumps(
        {
            "person": person,
            "date": event.date.isoformat(),
            "event": event.state.value,
            "class": event.pattern.value if event.pattern else None,
            "z": _rounded(facts.average),
            "baseline_mean": _rounded(baseline.mean if baseline else None),
            "baseline_sd": _rounded(baseline.sd if baseline else None),
            "reasons": facts.reasons(policy),
        }
    )


def summary_of(people: People, found: Iterable[tuple[str, Event]]) -> Summary:
    """Counts over a whole file."""
    episodes = 0
    up: set[str] = set()
    for person, event in found:
        if event.state in _RISEN and person not in up:
            up.add(person)
            episodes += 1
        elif event.state is State.CLEARED:
            up.discard(person)
    answered = sum(day.core is not None for days in people.values() for day in days)
    return Summary(len(people), answered, episodes)


def _check_head(names: Iterable[str], remark: Callable[[str], object]) -> None:
    given = list(names)
    missing = [name for name in NEEDED if name not in given]
    unknown = [name for name in given if name not in NEEDED + OPTIONAL]
    if missing:
        raise FileRefused(f"line 1: the columns {', '.join(missing)} are missing")
    if len(set(given)) < len(given):
        raise FileRefused("line 1: a column stands twice")
    if unknown:
        remark(f"Columns that mean nothing here are left out: {', '.join(map(repr, unknown))}.")


def _read(row: Mapping[str, str | None], line: int) -> tuple[str, Day]:
    try:
        if _TOO_MANY in row or None in row.values():
            raise ValueError("it has not as many cells as the first line")
        cells = {name: (value or "").strip() for name, value in row.items()}
        if not cells["person"]:
            raise ValueError("the person is missing")
        return cells["person"], _day(cells)
    except ValueError as error:
        raise FileRefused(f"line {line}: {error}") from None


def _day(cells: Mapping[str, str]) -> Day:
    try:
        day = date.fromisoformat(cells["date"])
    except ValueError:
        raise ValueError(f"{cells['date']!r} is no date such as 2026-03-01") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{cells['date']} is not between {FIRST_YEAR} and {LAST_YEAR}")
    for reversed_item in ("energy", "sleep"):  # part of the check-in, but of no chart
        _item(cells, reversed_item)
    return Day(
        date=day,
        down=_item(cells, "down"),
        interest=_item(cells, "interest"),
        restless=_item(cells, "restless"),
        doses=_doses(cells),
        dose_changed=bool(_count(cells, "dose_changed", 1)),
        phq=_count(cells, "phq9", HIGHEST_PHQ),
    )


def _item(cells: Mapping[str, str], name: str) -> float | None:
    text = cells.get(name, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= HIGHEST:
        raise ValueError(f"{name} is {text!r}; it must be a number from 0 to 10")
    return value


def _doses(cells: Mapping[str, str]) -> Doses | None:
    """A day's doses. A file without a column `doses_answered` knows of every dose whether it was taken."""
    due, taken = (_count(cells, f"doses_{what}", MOST_DOSES) for what in ("due", "taken"))
    if due is None:
        return None
    taken = taken or 0
    answered = _count(cells, "doses_answered", MOST_DOSES)
    if answered is None:
        answered = taken if "doses_answered" in cells else due
    if not taken <= answered <= due:
        raise ValueError("doses_taken may not exceed doses_answered, nor these doses_due")
    return Doses(due=due, answered=answered, taken=taken)


def _count(cells: Mapping[str, str], name: str, most: int) -> int | None:
    text = cells.get(name, "")
    if not text:
        return None
    value = float(text) if text.replace(".", "", 1).isdigit() else math.nan
    if not (value.is_integer() and value <= most):
        raise ValueError(f"{name} is {text!r}; it must be a whole number from 0 to {most}")
    return int(value)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)
