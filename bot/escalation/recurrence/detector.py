"""The detector: days go in, changes of state come out. It looks at nothing but its arguments."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.escalation.recurrence.baseline import Baseline, Usual
from bot.escalation.recurrence.chart import Chart
from bot.escalation.recurrence.classes import Evidence, Pattern, pattern_of
from bot.escalation.recurrence.days import Day, Declared
from bot.escalation.recurrence.explanation import Explanation
from bot.escalation.recurrence.history import History
from bot.escalation.recurrence.levels import Ladder, Level
from bot.escalation.recurrence.policy import Policy, shipped_policy

_ONE_DAY = timedelta(days=1)


class State(StrEnum):
    """What is known of a person on a day. STEADY: enough is known, and nothing stands out."""

    NOT_ENOUGH_DATA = "not_enough_data"
    STEADY = "steady"
    WATCH = "watch"
    CONCERN = "concern"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"


_OF_LEVEL = {
    Level.CLEAR: State.STEADY,
    Level.WATCH: State.WATCH,
    Level.CONCERN: State.CONCERN,
    Level.CONFIRMED: State.CONFIRMED,
}
_RUNGS = (State.WATCH, State.CONCERN, State.CONFIRMED)
# From here on there is something to explain by doses.
_CLASSED = frozenset({State.CONCERN, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Event:
    """A change of state on one day, with its class, if it has one, and the facts behind it."""

    date: date
    state: State
    explanation: Explanation

    @property
    def pattern(self) -> Pattern | None:
        """The class."""
        return self.explanation.pattern


def detect(
    days: Iterable[Day],
    declared: Declared | None = None,
    policy: Policy | None = None,
    *,
    provisional: bool = True,
) -> Iterator[Event]:
    """Every change of state in a person's days, which come in order, each date at most once.

    Without `provisional` there is no chart before the full baseline.
    """
    detector = Detector(declared or Declared(), policy or shipped_policy(), provisional=provisional)
    before: date | None = None
    for day in days:
        while before is not None and before + _ONE_DAY < day.date:
            before += _ONE_DAY
            yield from detector.take(Day(before))
        yield from detector.take(day)
        before = day.date


class Detector:
    """One person, day by day."""

    def __init__(self, declared: Declared, policy: Policy, *, provisional: bool = True) -> None:
        self._policy = policy
        self._history = History(policy, declared)
        early = provisional and not declared.usual_chosen
        self._usual = Usual(policy.baseline, declared.usual_from, provisional=early)
        self._usual_restless = Usual(policy.baseline, declared.usual_from, provisional=provisional)
        self._chart: Chart | None = None
        self._restless: Chart | None = None
        self._restless_above = False
        self._ladder: Ladder | None = None
        self._state: State | None = None
        self._last: date | None = None

    @property
    def baseline(self) -> Baseline | None:
        """The baseline of this moment."""
        return self._chart.baseline if self._chart is not None else None

    @property
    def state(self) -> State | None:
        """What is known as of the last day; None before the first."""
        return self._state

    @property
    def stands(self) -> bool:
        """Whether the newest answer is well above the baseline: a level stays up until it is cleared."""
        return self._ladder is not None and self._ladder.stands()

    @property
    def explanation(self) -> Explanation | None:
        """The facts as of the last day; None before the first."""
        if self._last is None or self._state is None:
            return None
        return self._explanation(self._last, self._state)

    @property
    def restless_above(self) -> bool:
        """Whether the chart of restlessness is above its limit."""
        return self._restless_above

    def take(self, day: Day) -> Iterator[Event]:
        """One more day. It may climb several rungs at once; each is an event."""
        if day.core is not None and self._history.silence(day.date) > self._policy.enough.days:
            self._begin_again()
        self._history.add(day)
        if day.dose_changed:
            stable_on = day.date + timedelta(days=self._policy.classes.stable_days)
            self._usual.move_from(stable_on)
            self._usual_restless.move_from(stable_on)
        cleared = day.core is not None and self._climb(day.date, day.core)
        if day.restless is not None:
            self._step_restless(day.date, day.restless)
        if self._ladder is not None and self._ladder.level is Level.CONCERN and self._is_certain(day):
            self._ladder.confirm()
        state = self._known(day.date)
        for each in _changes(self._state, state, cleared=cleared):
            yield Event(day.date, each, self._explanation(day.date, each))
        self._state, self._last = state, day.date

    def _begin_again(self) -> None:
        """After a long silence nothing is known: what was before it confirms nothing, and clears nothing."""
        if self._chart is not None:
            self._chart = Chart(self._chart.baseline, self._policy.chart)
            self._ladder = Ladder(self._chart.baseline.mean, self._policy)

    def _climb(self, today: date, core: float) -> bool:
        """Step the chart; then the answer may become part of a baseline. True when it cleared something."""
        cleared = False
        if self._chart is not None and self._ladder is not None:
            cleared = self._ladder.climb(today, self._chart.step(core))
        quiet = self._ladder is None or self._ladder.level is Level.CLEAR
        baseline = self._usual.add(today, core, quiet=quiet)
        if baseline is not None:
            self._chart = Chart(baseline, self._policy.chart)
            self._ladder = Ladder(baseline.mean, self._policy)
        return cleared

    def _step_restless(self, today: date, restless: float) -> None:
        """Restlessness has a chart of its own, and no say."""
        if self._restless is not None:
            self._restless_above = self._restless.step(restless).above
        baseline = self._usual_restless.add(today, restless, quiet=not self._restless_above)
        if baseline is not None:
            self._restless = Chart(baseline, self._policy.chart)

    def _known(self, today: date) -> State:
        lately = self._history.answers_lately(today)
        if self._ladder is None or lately < self._policy.enough.answers:
            return State.NOT_ENOUGH_DATA
        return _OF_LEVEL[self._ladder.level]

    def _is_certain(self, day: Day) -> bool:
        """A questionnaire says so, or the concern has lasted; a day without an answer lasts nothing."""
        ladder, confirmed = self._ladder, self._policy.confirmed
        if ladder is None or ladder.began is None or ladder.concerned is None:
            return False
        if self._phq_says_so(ladder.began):
            return True
        lasted = (day.date - ladder.concerned).days >= confirmed.days
        enough = self._history.answers_lately(day.date) >= self._policy.enough.answers
        return day.core is not None and lasted and enough and ladder.stands()

    def _phq_says_so(self, began: date) -> bool:
        """Whether a questionnaire is high, or clearly higher than when the person was well."""
        confirmed = self._policy.confirmed
        phq, well = self._phq(began), self._history.phq_when_well(began)
        if phq is None:
            return False
        return phq >= confirmed.phq or (well is not None and phq >= well + confirmed.phq_rise)

    def _phq(self, began: date) -> int | None:
        """The highest sum of a questionnaire since some days before it began."""
        return self._history.phq_since(began - timedelta(days=self._policy.classes.look_back_days))

    def _explanation(self, today: date, state: State) -> Explanation:
        ladder = self._ladder
        began = ladder.began if ladder is not None and state is not State.NOT_ENOUGH_DATA else None
        evidence = self._history.evidence(began, today) if began and state in _CLASSED else None
        point = ladder.now if ladder is not None else None
        of = self._policy.watch.of if state is State.WATCH else self._policy.concern.of
        return Explanation(
            since=began,
            average=point.average if point else None,
            limit=point.limit if point else None,
            baseline=self.baseline,
            above=ladder.above(of) if ladder is not None else 0,
            of=of,
            gaps=self._history.gaps(began, today) if began else 0,
            answers_lately=self._history.answers_lately(today),
            phq=self._phq(began) if began else None,
            phq_confirms=began is not None and self._phq_says_so(began),
            restless_above=self._restless_above,
            evidence=evidence,
            pattern=self._pattern(today, state, evidence),
        )

    def _pattern(self, today: date, state: State, evidence: Evidence | None) -> Pattern | None:
        if evidence is not None:
            return pattern_of(evidence, self._policy.classes)
        ladder = self._ladder
        if state is State.CLEARED and ladder is not None and ladder.was_short_dip(today):
            return Pattern.SHORT_DIP
        return None


def _changes(before: State | None, now: State, *, cleared: bool) -> Sequence[State]:
    """What there is to tell between two days: every rung that was climbed, or what else is new."""
    if cleared:
        return (State.CLEARED,) if now in (before, State.STEADY) else (State.CLEARED, now)
    if now in (before, State.STEADY):
        return ()
    if now in _RUNGS:
        climbed = _RUNGS.index(before) + 1 if before in _RUNGS else 0
        return _RUNGS[climbed : _RUNGS.index(now) + 1]
    return (now,)
