"""The constants of the recurrence patterns, read from the one file that gives their sources."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any


class PolicyUnusable(ValueError):
    """The policy cannot be trusted; the sentence says why."""


@dataclass(frozen=True, slots=True)
class BaselinePolicy:
    """When a baseline stands: days and answers."""

    days: int
    answers: int
    provisional_answers: int
    sd_floor: float


@dataclass(frozen=True, slots=True)
class ChartPolicy:
    """The moving average: its weight, and its limits in standard deviations."""

    weight: float
    limit: float
    provisional_limit: float


@dataclass(frozen=True, slots=True)
class WatchPolicy:
    """So many answers of the last few above the limit, and an average that is high enough."""

    above: int
    of: int
    least: float
    rise: float


@dataclass(frozen=True, slots=True)
class ConcernPolicy:
    """So many answers of the last few above the limit."""

    above: int
    of: int


@dataclass(frozen=True, slots=True)
class ConfirmedPolicy:
    """Points of the PHQ, and days of concern."""

    phq: int
    phq_rise: int
    days: int


@dataclass(frozen=True, slots=True)
class ClearedPolicy:
    """So many answers in a row near the baseline."""

    answers: int
    rise: float


@dataclass(frozen=True, slots=True)
class EnoughPolicy:
    """So many answers within the last days."""

    answers: int
    days: int


@dataclass(frozen=True, slots=True)
class ClassesPolicy:
    """What the classes are told apart by: days, shares of doses, points."""

    look_back_days: int
    answered: float
    taken: float
    missed_run_days: int
    stable_days: int
    remission_days: int
    remission_answers: int
    remission_core: float
    remission_phq: int
    short_dip_days: int


@dataclass(frozen=True, slots=True)
class NoticesPolicy:
    """How seldom anything is said: days between notices, and how often a nudge may come."""

    apart_days: int
    missed_days: int
    missed_apart_days: int
    nudge_apart_days: int
    nudges: int
    nudge_span_days: int
    phq_apart_days: int
    later_days: int


@dataclass(frozen=True, slots=True)
class CarePolicy:
    """Days and times of the questions about the care team."""

    follow_through_days: int
    follow_through_times: int
    late_days: int
    review_days: int
    review_again_days: int


@dataclass(frozen=True, slots=True)
class Policy:
    """All constants."""

    baseline: BaselinePolicy
    chart: ChartPolicy
    watch: WatchPolicy
    concern: ConcernPolicy
    confirmed: ConfirmedPolicy
    cleared: ClearedPolicy
    enough: EnoughPolicy
    classes: ClassesPolicy
    notices: NoticesPolicy
    care: CarePolicy


@cache
def shipped_policy() -> Policy:
    """Our own policy. Raises PolicyUnusable."""
    return read_policy((files("bot.escalation.recurrence") / "policy.toml").read_text("utf-8"))


def read_policy(text: str) -> Policy:
    """A policy from the text of its file: every constant, and no other. Raises PolicyUnusable."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyUnusable(f"policy.toml: {error}") from None
    parts = {field.name: field.type for field in fields(Policy)}
    if table.keys() != parts.keys():
        raise PolicyUnusable(f"policy.toml: its parts must be {', '.join(parts)}")
    return Policy(**{name: _part(kind, name, table[name]) for name, kind in parts.items()})


def _part(kind: Any, name: str, table: Mapping[str, Any]) -> Any:
    wanted = {field.name: field.type for field in fields(kind)}
    if table.keys() != wanted.keys():
        raise PolicyUnusable(f"policy.toml: [{name}] must hold {', '.join(wanted)}")
    for key, value in table.items():
        right = type(value) in ((int,) if wanted[key] is int else (int, float))
        if not right or value <= 0:
            raise PolicyUnusable(f"policy.toml: {key} of [{name}] must be a number above 0")
    return kind(**table)
