"""What a person was told, as it is kept: the kind, the facts behind it, and their answer. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from bot.escalation.recurrence.classes import Pattern
from bot.escalation.recurrence.explanation import Explanation


class Kind(StrEnum):
    """The kinds of notices, as they are stored. None may be renamed."""

    WATCH = "watch"
    CONCERN = "concern"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    RESTLESS = "restless"
    BASELINE = "baseline"
    TWO_MISSED_DAYS = "two_missed_days"
    NOT_ENOUGH_CHECKINS = "not_enough_checkins"


class Reason(StrEnum):
    """What the person knows to be behind it, as it is stored."""

    LIFE_EVENT = "life_event"
    ILLNESS = "illness"
    HOLIDAY = "holiday"
    OTHER = "other"


LEVELS = frozenset({Kind.WATCH, Kind.CONCERN, Kind.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Told:
    """One notice. `on` is the local day on which it was told, `since` the day on which what it tells began.

    `until` is the last day of a baseline. Scores run 0..10; `phq` is a sum that confirms it. `due`,
    `answered` and `taken` count doses from two weeks before until then. `useful`, `reason` and `later` (the
    day on which it is to be shown again) are the person's answers.
    """

    kind: Kind
    on: date
    pattern: Pattern | None = None
    since: date | None = None
    until: date | None = None
    average: float | None = None
    baseline_mean: float | None = None
    baseline_sd: float | None = None
    above: int = 0
    of: int = 0
    gaps: int = 0
    due: int = 0
    answered: int = 0
    taken: int = 0
    missed_run: int = 0
    stable_days: int | None = None
    phq: int | None = None
    restless: bool = False
    useful: bool | None = None
    reason: Reason | None = None
    later: date | None = None

    @property
    def stable_since(self) -> date | None:
        """Since when the dose is unchanged, if a change is known."""
        return None if self.stable_days is None else date.fromordinal(self.on.toordinal() - self.stable_days)

    def content(self) -> dict[str, Any]:
        """As plain JSON for the sealed row; what is not known is left out. The visit summary reads it too."""
        parts = {**asdict(self), "stable_since": self.stable_since, "class": self.pattern}
        del parts["pattern"]
        return {
            name: each.isoformat() if isinstance(each, date) else each
            for name, each in parts.items()
            if each is not None
        }


def told_from(content: Mapping[str, Any]) -> Told:
    """A notice from its row. Raises KeyError or ValueError for a row of another shape."""
    parts = {name: content[name] for name in _PLAIN if name in content}
    dates: dict[str, Any] = {name: date.fromisoformat(content[name]) for name in _DATES if name in content}
    pattern, reason = content.get("class"), content.get("reason")
    return Told(
        kind=Kind(content["kind"]),
        pattern=Pattern(pattern) if pattern else None,
        reason=Reason(reason) if reason else None,
        **dates,
        **parts,
    )


def told_of(kind: Kind, on: date, facts: Explanation) -> Told:
    """A notice with the facts behind an event."""
    baseline, doses = facts.baseline, facts.evidence
    return Told(
        kind=kind,
        on=on,
        pattern=facts.pattern,
        since=facts.since,
        average=facts.average,
        baseline_mean=baseline.mean if baseline else None,
        baseline_sd=baseline.sd if baseline else None,
        above=facts.above,
        of=facts.of,
        gaps=facts.gaps,
        due=doses.due if doses else 0,
        answered=doses.answered if doses else 0,
        taken=doses.taken if doses else 0,
        missed_run=doses.missed_run if doses else 0,
        stable_days=doses.stable_days if doses else None,
        phq=facts.phq if facts.phq_confirms else None,
        restless=facts.restless_above,
    )


_DATES = ("on", "since", "until", "later")
_PLAIN = tuple(
    field.name for field in fields(Told) if field.name not in (*_DATES, "kind", "pattern", "reason")
)
