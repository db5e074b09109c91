"""The person's own usual period, as two numbers. Frozen once it stands: it never drifts with the illness."""

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from statistics import fmean, stdev

from bot.escalation.recurrence.policy import BaselinePolicy


@dataclass(frozen=True, slots=True)
class Baseline:
    """Mean and standard deviation of the core score over answered days; `sd` is never below the floor."""

    mean: float
    sd: float
    answers: int
    first: date
    last: date
    provisional: bool = False


def baseline_of(
    answers: Collection[tuple[date, float]], policy: BaselinePolicy, *, provisional: bool = False
) -> Baseline:
    """The baseline of some answered days, as (day, core score), oldest first; at least two of them."""
    scores = [score for _, score in answers]
    return Baseline(
        mean=fmean(scores),
        sd=max(policy.sd_floor, stdev(scores)),
        answers=len(scores),
        first=min(day for day, _ in answers),
        last=max(day for day, _ in answers),
        provisional=provisional,
    )


class Usual:
    """Gathers the answers of a person's usual time, and says when they make a baseline.

    From enough answers there is a provisional one; after the whole period the full one, once. It forms anew
    only where `move_from` allows it. Answers given while the chart is up belong to no usual time.
    """

    def __init__(
        self, policy: BaselinePolicy, since: date | None = None, *, provisional: bool = True
    ) -> None:
        """Answers of before `since` are left out: the usual period begins on that day."""
        self._policy, self._since = policy, since
        self._provisional = provisional
        self._answers: deque[tuple[date, float]] = deque()
        self._began = since
        self._stands = False
        self._movable_at: date | None = None

    def move_from(self, day: date) -> None:
        """From this day on the baseline may form anew, out of the usual period that ends then."""
        self._movable_at = day

    def add(self, today: date, score: float, *, quiet: bool) -> Baseline | None:
        """Take an answer; the new baseline if it makes one. Not `quiet`: the chart is up."""
        if self._since is not None and today < self._since:
            return None
        if not quiet:
            self._answers.clear()
            self._began = None
            return None
        self._began = self._began or today
        self._answers.append((today, score))
        while (today - self._answers[0][0]).days >= self._policy.days:
            self._answers.popleft()
        return self._formed(today, self._began)

    def _formed(self, today: date, began: date) -> Baseline | None:
        whole = (today - began).days >= self._policy.days - 1 and len(self._answers) >= self._policy.answers
        may_move = self._movable_at is not None and today >= self._movable_at
        if whole and (not self._stands or may_move):
            self._movable_at = self._movable_at if not may_move else None
            self._stands, self._provisional = True, False
            return baseline_of(self._answers, self._policy)
        if self._provisional and not self._stands and len(self._answers) >= self._policy.provisional_answers:
            self._provisional = False
            return baseline_of(self._answers, self._policy, provisional=True)
        return None
