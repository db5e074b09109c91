"""Years of made-up people on the pure rules, a few of those of `make years`; are faults seen?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, get_args

import pytest

from bot.doses import asneeded, due, life, moving, rules
from bot.doses.due import DoseView
from bot.doses.life import Standing
from bot.doses.moving import Room
from scheduler.timing import Planned, Timing
from storage.vocabulary import DoseState
from tests.years import chance
from tests.years.figures import run
from tests.years.year import live

QUARTER = timedelta(days=91)


def test_a_few_years_break_no_promise() -> None:
    found = run(people=20, seed=7, workers=1)
    assert not found.broken, found.examples
    assert found.doses > 6_000
    assert found.unknown > 50, "nobody was ever out of reach: the years are too smooth"


def test_every_kind_of_timing_is_lived() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    kinds = {type(chance.a_timing(Random(seed), day)) for seed in range(300)}
    assert kinds == set(get_args(Timing))


def _skips_ahead(planned_through: datetime, now: datetime) -> datetime:
    return now + timedelta(hours=20)


def _all_is_taken(dose: Standing, state: DoseState, now: datetime) -> Standing:
    return dose._replace(state=DoseState.TAKEN, taken_at=now, ended_at=now)


def _blames(dose: DoseView, now: datetime) -> DoseState:
    return DoseState.MISSED


def _never_enough(asked: int, nudging: due.Nudging, now: datetime) -> datetime:
    return now + nudging.every


def _early(dose: DoseView, nudging: due.Nudging, now: datetime) -> datetime:
    return dose.due_at - timedelta(minutes=1)


def _forgets(dose: Standing, *_: Any, **__: Any) -> Standing:
    return dose


def _wrong_hour(regimens: Any, now: datetime, before: Callable[..., Any] = rules.due_doses) -> Any:
    late = timedelta(hours=1)
    return [
        new._replace(planned=Planned(new.planned.slot, new.planned.due_at - late))
        for new in before(regimens, now)
    ]


def _no_bounds(slots: Any, one: Planned, now: datetime) -> Room:
    return Room(one.due_at - timedelta(hours=12), one.due_at + timedelta(hours=12))


def _at_once_over(to: datetime, one: Planned, after: timedelta | None) -> datetime:
    return to + timedelta(minutes=1)


def _no_limits(takings: Any, limits: Any, now: datetime) -> asneeded.Allowed:
    return asneeded.Allowed(9, now)


FAULTS: dict[str, tuple[Any, str, Any, str]] = {
    "slots are passed over": (rules, "goes_on_from", _skips_ahead, "lost"),
    "what nobody answered is taken": (life, "ended", _all_is_taken, "ended unanswered as taken"),
    "what could not be asked is held against people": (due, "_end_of", _blames, "nobody could answer"),
    "repeats never end": (life, "next_nudge", _never_enough, "asked too often"),
    "an answer is forgotten": (life, "answered", _forgets, "was said"),
    "a dose comes an hour early": (rules, "due_doses", _wrong_hour, "its slot does not name"),
    "a dose may be moved anywhere": (moving, "room", _no_bounds, "moved into the past"),
    "a moved dose is over at once": (moving, "window_end", _at_once_over, "hardly any time"),
    "limits do not hold": (asneeded, "check", _no_limits, "beyond its limits"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_on_purpose_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, wrong, promise = FAULTS[name]
    monkeypatch.setattr(where, what, wrong)
    assert any(promise in line for seed in range(8) for line in live(f"fault-{seed}", QUARTER).broken)


def test_a_change_heard_before_we_have_looked_loses_nothing() -> None:
    assert not live("r8", orderly=False).broken


@pytest.mark.parametrize("seed", ["1-215", "2-732"])  # in a message of its own; on a reminder
def test_what_a_refused_message_was_to_tell_is_told_when_they_are_back(seed: str) -> None:
    assert not live(seed, orderly=False).broken


def test_the_same_seed_is_the_same_life() -> None:
    first, again = live("one", QUARTER), live("one", QUARTER)
    assert first.journal == again.journal
