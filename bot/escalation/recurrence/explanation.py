"""Why the detector says what it says: the numbers, the window, the gaps, and what would change it."""

from dataclasses import dataclass
from datetime import date

from bot.escalation.recurrence.baseline import Baseline
from bot.escalation.recurrence.classes import Evidence, Pattern
from bot.escalation.recurrence.policy import Policy


@dataclass(frozen=True, slots=True)
class Explanation:
    """The facts behind one event. `above` of the last `of` answers were above the limit.

    `gaps` are the days without an answer from `since` until the event; `restless_above` tells that the chart
    of restlessness is above its limit too, which says nothing by itself. `evidence` is None below CONCERN.
    `phq_confirms`: the questionnaire is high enough to confirm a concern.
    """

    since: date | None
    average: float | None
    limit: float | None
    baseline: Baseline | None
    above: int
    of: int
    gaps: int
    answers_lately: int
    phq: int | None
    restless_above: bool
    evidence: Evidence | None = None
    pattern: Pattern | None = None
    phq_confirms: bool = False

    def reasons(self, policy: Policy) -> list[str]:
        """Short sentences, for researchers; what a person is told is written elsewhere."""
        return [
            *self._of_answers(policy),
            *self._of_chart(),
            *self._of_doses(policy),
            *self._of_pattern(policy),
        ]

    def _of_answers(self, policy: Policy) -> list[str]:
        enough = policy.enough
        said = []
        if self.baseline is None:
            said.append("no baseline yet")
        if self.answers_lately < enough.answers:
            said.append(
                f"{self.answers_lately} answers in the last {enough.days} days, {enough.answers} are needed"
            )
        return said

    def _of_chart(self) -> list[str]:
        if self.baseline is None or self.average is None or self.limit is None:
            return []
        kind = "provisional baseline" if self.baseline.provisional else "baseline"
        said = [
            f"average {self.average:.2f}, {kind} {self.baseline.mean:.2f} "
            f"(SD {self.baseline.sd:.2f}, {self.baseline.answers} answers)",
            f"{self.above} of the last {self.of} answers above the limit, which is {self.limit:.2f} now",
        ]
        if self.since is not None:
            said.append(f"since {self.since.isoformat()}, with {self.gaps} days without an answer")
        if self.phq is not None:
            said.append(f"PHQ {self.phq}")
        if self.restless_above:
            said.append("restlessness is above its limit too; that alone means nothing")
        return said

    def _of_doses(self, policy: Policy) -> list[str]:
        evidence = self.evidence
        if evidence is None:
            return []
        if not evidence.due:
            return ["nothing is known of doses"]
        days = policy.classes.stable_days
        changed = (
            "no change of dose on record"
            if evidence.stable_days is None
            else f"dose unchanged for {evidence.stable_days} days, {days} count as stable"
        )
        well = (
            "three weeks of minimal symptoms on this dose"
            if evidence.remission
            else "never well on this dose"
        )
        return [
            f"doses: {evidence.due} due, {evidence.answered} answered, {evidence.taken} taken, "
            f"longest run of missed days {evidence.missed_run}",
            changed,
            well,
        ]

    def _of_pattern(self, policy: Policy) -> list[str]:
        classes = policy.classes
        match self.pattern:
            case Pattern.UNKNOWN_ADHERENCE:
                return [f"would be another class with {classes.answered:.0%} of the doses answered"]
            case Pattern.MISSED_DOSES:
                return [
                    f"would be another class with {classes.taken:.0%} of the answered doses taken and no "
                    f"{classes.missed_run_days} missed days in a row"
                ]
            case Pattern.DOSE_CHANGE:
                return [f"would be another class {classes.stable_days} days after the change"]
            case Pattern.INADEQUATE_RESPONSE:
                return [
                    f"would be breakthrough after {classes.remission_days} days of minimal symptoms on it"
                ]
            case Pattern.BREAKTHROUGH:
                return ["would be another class if doses were missed, or the dose was changed lately"]
        return []
