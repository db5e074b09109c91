"""What it looks like: the gates, in their order. The first one that holds names the class."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.escalation.recurrence.policy import ClassesPolicy


class Pattern(StrEnum):
    """The classes of a recurrence pattern."""

    UNKNOWN_ADHERENCE = "unknown_adherence"
    MISSED_DOSES = "missed_doses"
    DOSE_CHANGE = "dose_change"
    INADEQUATE_RESPONSE = "inadequate_response"
    BREAKTHROUGH = "breakthrough"
    SHORT_DIP = "short_dip"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the gates look at, from the days before it began until now.

    `due`, `answered` and `taken` count doses; `missed_run` is the longest run of days on which no dose was
    taken, as far as is known. `stable_days` is how long the dose is unchanged, None when no change is known.
    `remission`: there were three weeks of minimal symptoms on this dose.
    """

    due: int
    answered: int
    taken: int
    missed_run: int
    stable_days: int | None
    remission: bool

    @property
    def answered_share(self) -> float:
        """Answered of due doses, 0..1; 0 when none was due."""
        return self.answered / self.due if self.due else 0.0

    @property
    def taken_share(self) -> float:
        """Taken of answered doses, 0..1; 0 when none was answered."""
        return self.taken / self.answered if self.answered else 0.0


def _unknown(evidence: Evidence, policy: ClassesPolicy) -> bool:
    return evidence.answered_share < policy.answered


def _missed(evidence: Evidence, policy: ClassesPolicy) -> bool:
    return evidence.taken_share < policy.taken or evidence.missed_run >= policy.missed_run_days


def _changed(evidence: Evidence, policy: ClassesPolicy) -> bool:
    return evidence.stable_days is not None and evidence.stable_days < policy.stable_days


def _never_well(evidence: Evidence, _policy: ClassesPolicy) -> bool:
    return not evidence.remission


GATES: tuple[tuple[Pattern, Callable[[Evidence, ClassesPolicy], bool]], ...] = (
    (Pattern.UNKNOWN_ADHERENCE, _unknown),
    (Pattern.MISSED_DOSES, _missed),
    (Pattern.DOSE_CHANGE, _changed),
    (Pattern.INADEQUATE_RESPONSE, _never_well),
)


def pattern_of(evidence: Evidence, policy: ClassesPolicy) -> Pattern:
    """The class: missed doses are looked at before anything is said about the medicine."""
    return next((pattern for pattern, holds in GATES if holds(evidence, policy)), Pattern.BREAKTHROUGH)
