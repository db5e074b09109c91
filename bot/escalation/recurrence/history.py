"""What came before, as far as the gates ask for it: doses, changes of dose, questionnaires, good weeks."""

from collections import deque
from datetime import date, timedelta
from itertools import takewhile

from bot.escalation.recurrence.classes import Evidence
from bot.escalation.recurrence.days import Day, Declared
from bot.escalation.recurrence.policy import Policy


class History:
    """Grows day by day."""

    def __init__(self, policy: Policy, declared: Declared) -> None:
        self._policy, self._declared = policy, declared
        self._doses: list[Day] = []
        self._scores: deque[tuple[date, float]] = deque()
        self._sum = 0.0
        self._unchanged_since = declared.stable_since
        self._on_dose_since: date | None = None
        self._remission = declared.helped
        self._phqs: list[tuple[date, int]] = []
        self._lately: deque[date] = deque()
        self._answered: list[date] = []

    def add(self, day: Day) -> None:
        """One more day; days without anything may be left out."""
        if self._on_dose_since is None:
            self._on_dose_since = day.date
        if day.dose_changed:
            self._unchanged_since = self._on_dose_since = day.date
            self._remission = False
            self._scores.clear()
            self._sum = 0.0
        self._remission = self._remission or day.helped
        if day.doses is not None:
            self._doses.append(day)
        if day.phq is not None:
            self._phqs.append((day.date, day.phq))
            self._remission = self._remission or day.phq < self._policy.classes.remission_phq
        if day.core is not None:
            self._note(day.date, day.core)

    def silence(self, today: date) -> int:
        """How many days lie between the last check-in and today; 0 before the first."""
        return (today - self._answered[-1]).days - 1 if self._answered else 0

    def answers_lately(self, today: date) -> int:
        """How many check-ins were answered in the days that must hold enough of them."""
        first = today - timedelta(days=self._policy.enough.days - 1)
        while self._lately and self._lately[0] < first:
            self._lately.popleft()
        return len(self._lately)

    def phq_since(self, first: date) -> int | None:
        """The highest sum of a questionnaire since a day."""
        return max((phq for day, phq in self._phqs if day >= first), default=None)

    def phq_when_well(self, before: date) -> int | None:
        """The last sum below the mark of remission before a day."""
        mark = self._policy.classes.remission_phq
        return next((phq for day, phq in reversed(self._phqs) if day < before and phq < mark), None)

    def evidence(self, began: date, today: date) -> Evidence:
        """What the gates ask: the doses from some days before it began until now, and the dose itself."""
        first = began - timedelta(days=self._policy.classes.look_back_days)
        window = list(takewhile(lambda day: day.date >= first, reversed(self._doses)))[::-1]
        doses = [day.doses for day in window if day.doses is not None]
        since = self._unchanged_since
        return Evidence(
            due=sum(each.due for each in doses),
            answered=sum(each.answered for each in doses),
            taken=sum(each.taken for each in doses),
            missed_run=_longest_run(window),
            stable_days=(today - since).days if since is not None else None,
            remission=self._remission,
        )

    def gaps(self, first: date, today: date) -> int:
        """How many days from `first` until today have no check-in."""
        return (
            (today - first).days
            + 1
            - sum(1 for _ in takewhile(lambda day: day >= first, reversed(self._answered)))
        )

    def _note(self, day: date, core: float) -> None:
        classes = self._policy.classes
        self._lately.append(day)
        self._answered.append(day)
        self._scores.append((day, core))
        self._sum += core
        first = day - timedelta(days=classes.remission_days - 1)
        while self._scores[0][0] < first:
            self._sum -= self._scores.popleft()[1]
        count, since = len(self._scores), self._on_dose_since
        if since is not None and since <= first and count >= classes.remission_answers:
            self._remission = self._remission or self._sum / count <= classes.remission_core


def _longest_run(days: list[Day]) -> int:
    """The longest run of missed days in a row."""
    longest = run = 0
    last: date | None = None
    for day in days:
        doses = day.doses
        if doses is None or not doses.due:
            continue
        in_a_row = last is not None and (day.date - last).days == 1
        run = (run + 1 if in_a_row and run else 1) if doses.none_taken else 0
        last = day.date
        longest = max(longest, run)
    return longest
