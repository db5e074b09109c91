"""A plan as the person wrote it: its steps with their amounts, how it moves, and when to ask. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from scheduler import plans
from scheduler.localtime import MIDNIGHT, instant
from scheduler.plans import Plan, Step, planned
from scheduler.timing import Interval, Planned, Slot, Timing, from_data, to_data
from storage.vocabulary import DoseState

LONGEST_PUSH = 366
LATEST_STEP = timedelta(days=3 * 366)
EARLIEST_STEP = timedelta(days=366)
SOON = timedelta(days=7)
ASKS_AT = time(10)
ASKS_AGAIN = timedelta(days=1)
DAY = timedelta(days=1)
_AROUND = timedelta(days=40)
_RECORDED = frozenset({DoseState.TAKEN, DoseState.SKIPPED})


@dataclass(frozen=True, slots=True)
class SaidStep:
    """From the own day `since`: when, and the amounts that take turns from dose to dose, mostly one."""

    since: date
    timing: Timing
    amounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidPlan:
    """The steps in their order, and the last day with doses."""

    steps: tuple[SaidStep, ...]
    until: date | None = None

    @property
    def plan(self) -> Plan:
        """The plan without its words."""
        steps = tuple(Step(each.since, each.timing, len(each.amounts)) for each in self.steps)
        return Plan(steps, self.until)

    def current(self, today: date) -> int:
        """The number of the step that holds today, or of the nearest: the first before, the last after."""
        return max((n for n, step in enumerate(self.steps) if step.since <= today), default=0)

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < today

    def begins_soon(self, today: date) -> int | None:
        """The number of the next step, if it begins within a week."""
        found = (n for n, step in enumerate(self.steps) if timedelta() < step.since - today <= SOON)
        return next(found, None)

    def amounts_from(self, today: date) -> tuple[str, ...]:
        """The amounts of the step of today and of those to come, each once, in their order."""
        steps = self.steps[self.current(today) :]
        return tuple(dict.fromkeys(amount for step in steps for amount in step.amounts))

    @property
    def by_hours(self) -> bool:
        """Whether a step counts hours that really pass."""
        return any(isinstance(step.timing, Interval) for step in self.steps)


def as_answers(steps: Iterable[SaidStep]) -> list[dict[str, Any]]:
    """Steps as JSON-ready data, for a dialog."""
    return [
        {"since": each.since.isoformat(), "timing": to_data(each.timing), "amounts": list(each.amounts)}
        for each in steps
    ]


def from_answers(steps: Iterable[Mapping[str, Any]], until: str | None) -> SaidPlan:
    """The plan that a dialog has put together."""
    said = (
        SaidStep(date.fromisoformat(each["since"]), from_data(each["timing"]), tuple(each["amounts"]))
        for each in steps
    )
    return SaidPlan(tuple(said), date.fromisoformat(until) if until else None)


def may_begin(since: date, today: date, before: date | None) -> bool:
    """Whether a step may begin on this day: after the one before, and not too far away."""
    if before is not None and since <= before:
        return False
    return today - EARLIEST_STEP <= since <= today + LATEST_STEP


def first_doses(said: SaidPlan, zone: ZoneInfo, day_ends: time = MIDNIGHT) -> list[list[tuple[Planned, str]]]:
    """The first doses of each step with their amounts: as many as take turns, for the preview."""
    found = []
    for number, step in enumerate(said.steps):
        after = datetime.combine(step.since, MIDNIGHT, zone) - 2 * DAY
        span = planned(said.plan, zone, after=after, until=after + _AROUND, day_ends=day_ends)
        own = (dose for dose in span if said.plan.step_on(dose.slot.day) == number)
        found.append(
            [(dose, amount_of(said, zone, dose, day_ends)) for dose in islice(own, len(step.amounts))]
        )
    return found


def amount_of(said: SaidPlan, zone: ZoneInfo, dose: Planned, day_ends: time = MIDNIGHT) -> str:
    """What is taken at a slot of the plan."""
    step, turn = plans.place(said.plan, zone, dose, day_ends=day_ends)
    return said.steps[step].amounts[turn or 0] if step is not None else ""


def after_now(now: SaidStep, said: SaidPlan) -> SaidPlan:
    """A plan that begins later, with what holds until then as its first step."""
    if said.steps[0].since <= now.since:
        return said
    return SaidPlan((now, *said.steps), said.until)


def pushed(said: SaidPlan, today: date, by_days: int) -> SaidPlan:
    """The plan whose steps not begun on `today`, and whose end, come later; see `scheduler.plans.pushed`."""
    later = plans.pushed(said.plan, today, by_days)
    steps = zip(said.steps, later.steps, strict=True)
    return SaidPlan(tuple(SaidStep(s.since, s.timing, old.amounts) for old, s in steps), later.until)


def held_back(said: SaidPlan, number: int, today: date) -> SaidPlan:
    """The plan of somebody who still takes the step before: step `number` and all later ones begin later.

    It begins tomorrow at the earliest, so everything moves by the days that lie between.
    """
    since = said.steps[number].since
    return pushed(said, since - DAY, (today + DAY - since).days)


def without_later(said: SaidPlan, today: date) -> SaidPlan:
    """The plan without the steps that have not begun; the step of today goes on."""
    return SaidPlan(said.steps[: said.current(today) + 1])


def has_later(said: SaidPlan, today: date) -> bool:
    """Whether something of the plan is still to come, so that it can be pushed back."""
    return any(step.since > today for step in said.steps) or (said.until is not None and said.until >= today)


def next_change(said: SaidPlan, today: date) -> date:
    """When the next step begins, or else the last day: what a plan that `has_later` is pushed back from."""
    firsts = (step.since for step in said.steps if step.since > today)
    return min(firsts, default=said.until or today)


# Whether a step was really begun


def around(said: SaidPlan, number: int, zone: ZoneInfo, day_ends: time = MIDNIGHT) -> list[Planned]:
    """The last dose before a step begins, and its first one."""
    since = said.steps[number].since
    middle = datetime.combine(since, MIDNIGHT, zone)
    span = planned(said.plan, zone, after=middle - _AROUND, until=middle + _AROUND, day_ends=day_ends)
    doses = list(span)
    before = [dose for dose in doses if dose.slot.day < since][-1:]
    return before + [dose for dose in doses if dose.slot.day >= since][:1]


def first_of(said: SaidPlan, number: int, zone: ZoneInfo, day_ends: time = MIDNIGHT) -> Planned | None:
    """The first dose of a step; None for one without any."""
    since = said.steps[number].since
    own = (dose for dose in around(said, number, zone, day_ends) if dose.slot.day >= since)
    return next(own, None)


def asks_at(since: date, first: Planned | None, zone: ZoneInfo) -> datetime | None:
    """When somebody may be asked whether a step has begun: the morning after its first dose."""
    day = max(since, first.slot.day) if first is not None else since
    return instant(day + DAY, ASKS_AT, zone)


def is_unsure(
    doses: Iterable[Planned], states: Mapping[Slot, DoseState], known_since: datetime
) -> bool | None:
    """Whether it is not known that these doses were taken or left out; None while one can still be answered.

    One without a row was never asked for: there was a pause. What lies before `known_since` is not our
    business.
    """
    found = [states.get(dose.slot) for dose in doses if dose.due_at > known_since]
    if any(state is DoseState.OPEN for state in found):
        return None
    return any(state not in _RECORDED for state in found)


def step_argument(regimen_id: int, since: date) -> str:
    """A step as a button's argument."""
    return f"{regimen_id}.{since:%y%m%d}"
