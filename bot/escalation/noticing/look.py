"""One look at a person's days: where they stand, and the changes that led there. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.escalation.recurrence.baseline import Baseline
from bot.escalation.recurrence.classes import Pattern
from bot.escalation.recurrence.days import Day, Declared
from bot.escalation.recurrence.detector import Detector, Event, State
from bot.escalation.recurrence.explanation import Explanation
from bot.escalation.recurrence.policy import Policy

_OF_A_STABLE_DOSE = (Pattern.INADEQUATE_RESPONSE, Pattern.BREAKTHROUGH)
RUNGS = (State.WATCH, State.CONCERN, State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Look:
    """What the detector knows as of the last day.

    `rung` is the event that led to the present level, if the level is one of the rungs; `cleared` the last
    event that cleared one. `now` holds the facts as of the last day, and `stands` tells whether the newest
    answer still is well above the baseline. `answers` counts the check-ins since the baseline may form.
    `agreed` is the last day on which the person called the baseline usual.
    """

    state: State | None
    baseline: Baseline | None
    restless_above: bool
    answers: int
    rung: Event | None = None
    now: Explanation | None = None
    stands: bool = False
    cleared: Event | None = None
    days: tuple[Day, ...] = ()
    agreed: date | None = None


def look_at(days: Iterable[Day], declared: Declared, policy: Policy, agreed: date | None = None) -> Look:
    """Run the detector over a person's days, which come in order and without holes."""
    detector = Detector(declared, policy)
    seen = tuple(days)
    events = [event for day in seen for event in detector.take(day)]
    rung = next((event for event in reversed(events) if event.state is detector.state), None)
    since = declared.usual_from or date.min
    return Look(
        state=detector.state,
        baseline=detector.baseline,
        restless_above=detector.restless_above,
        answers=sum(day.core is not None and day.date >= since for day in seen),
        rung=rung if detector.state in RUNGS else None,
        now=_cautious(detector.explanation, len(seen), policy),
        stands=detector.stands,
        cleared=next((event for event in reversed(events) if event.state is State.CLEARED), None),
        days=seen,
        agreed=agreed,
    )


def _cautious(facts: Explanation | None, known_days: int, policy: Policy) -> Explanation | None:
    """No class that rests on a stable dose, where nobody said since when it is, and we saw it too briefly."""
    if facts is None or facts.evidence is None or facts.pattern not in _OF_A_STABLE_DOSE:
        return facts
    known = facts.evidence.stable_days is not None or known_days >= policy.classes.stable_days
    return facts if known else replace(facts, pattern=None)
