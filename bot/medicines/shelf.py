"""The shelf: a person's medicines with their words opened, and the one way to write a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.visit import Visit
from bot.medicines import dialogs, plan_dialogs, rules
from bot.medicines.answers import bounds_in, with_bounds
from bot.medicines.plan_rules import SaidPlan, SaidStep
from scheduler.localtime import zone
from scheduler.plans import Course
from scheduler.timing import UNBOUNDED, Bounds, Interval, Planned, Slot, Timing, from_data, to_data
from storage import doses, plans, regimens
from storage.plans import NewStep, RegimenStep
from storage.regimens import Regimen, RegimenVersion
from storage.vocabulary import PersonState, RegimenState


@dataclass(frozen=True, slots=True)
class Medicine:
    """A regimen as the person knows it; `plan` when it has steps, which then overrule amount and timing."""

    regimen: Regimen
    number: int
    name: str
    amount: str
    timing: Timing
    bounds: Bounds = UNBOUNDED
    plan: SaidPlan | None = None

    @property
    def course(self) -> Course:
        """What says when its doses are due."""
        return self.plan.plan if self.plan is not None else self.timing

    def timing_on(self, today: date) -> Timing:
        """The timing that holds today: in a plan, that of its step."""
        return self.plan.steps[self.plan.current(today)].timing if self.plan is not None else self.timing

    def as_step(self, today: date) -> SaidStep | None:
        """What holds today, as a step before a plan that begins later; None where it cannot be one."""
        if self.plan is None:
            since = max(today, self.bounds.starts_on or today)
            return SaidStep(since, self.timing, (self.amount,)) if rules.plans_itself(self.timing) else None
        holds = not self.plan.is_over(today) and self.plan.steps[0].since <= today
        return self.plan.steps[self.plan.current(today)] if holds else None

    @property
    def paused(self) -> bool:
        return self.regimen.state is RegimenState.PAUSED

    @property
    def for_mood(self) -> bool:
        return self.regimen.for_mood


async def shelf(visit: Visit) -> list[Medicine]:
    """Every medicine that was not stopped, oldest first."""
    return (await shelves([visit]))[0]


async def shelves(visits: Sequence[Visit]) -> list[list[Medicine]]:
    """Every medicine of several people that was not stopped, oldest first."""
    session, found = visits[0].session, {visit.person.key: list[Medicine]() for visit in visits}
    by_person = {visit.person.key: visit for visit in visits}
    for regimen, version, steps in await plans.of_people(session, list(by_person)):
        visit = by_person[regimen.person_id]
        found[regimen.person_id].append(_opened(visit, regimen, version, steps))
    return [found[visit.person.key] for visit in visits]


async def medicine(visit: Visit, regimen_id: int) -> Medicine | None:
    """One medicine of this person."""
    return next((m for m in await shelf(visit) if m.regimen.key == regimen_id), None)


async def put_new(visit: Visit, answers: dict[str, Any]) -> Medicine:
    """Store a new regimen with its first version; its doses begin after now."""
    plan = plan_dialogs.whole(visit.context(), answers) if answers.get(plan_dialogs.STEPS) else None
    regimen = Regimen(person_id=visit.person.key, created_at=visit.now, planned_through=visit.now)
    if plan is None:
        _settle_home(visit, regimen, from_data(answers[dialogs.TIMING]))
    else:
        _settle_plan(visit, regimen, plan)
        regimen.paused_at = visit.now if visit.person.state is PersonState.PAUSED else None
    visit.session.add(regimen)
    await visit.session.flush()
    return await _write(visit, regimen, 1, answers, plan)


async def put_version(visit: Visit, old: Medicine, answers: dict[str, Any]) -> Medicine:
    """Store what changed as the next version; the rest stays."""
    kept = (await regimens.versions(visit.session, old.regimen.key))[-1].timing
    timing = answers.get(dialogs.TIMING, kept)
    if timing != kept:
        _settle_home(visit, old.regimen, from_data(timing), from_data(kept))
    kept_days = with_bounds(old.bounds)
    told = {**kept_days, **answers, dialogs.TIMING: timing}
    return await _write(visit, old.regimen, old.number + 1, told, old.plan)


async def put_plan(visit: Visit, old: Medicine, plan: SaidPlan) -> Medicine:
    """Store a plan as the next version, as the person has just seen it."""
    old.regimen.planned_through = await held_since(visit, old)
    _settle_plan(visit, old.regimen, plan)
    if not old.paused and old.regimen.paused_at is not None:
        old.regimen.paused_at = visit.now  # within a pause of everything: what is pushed back is this plan
    return await _write(visit, old.regimen, old.number + 1, {dialogs.NAME: old.name}, plan)


def _settle_plan(visit: Visit, regimen: Regimen, plan: SaidPlan) -> None:
    """The step of now is known to the person; hours that really pass keep their zone."""
    regimen.home_zone = visit.zone.key if plan.by_hours else None
    regimen.step_told_for = plan.steps[plan.current(visit.today)].since
    regimen.step_ask_at = None


def _settle_home(visit: Visit, regimen: Regimen, timing: Timing, before: Timing | None = None) -> None:
    """Hours that really pass keep the zone in which they were named; times by the clock follow the person.

    Their slots are names on a clock; under another clock two doses could bear one name. What the confirmation
    showed is kept, so hours that are named anew settle anew.
    """
    if isinstance(timing, Interval):
        regimen.home_zone = visit.zone.key
    elif isinstance(before, Interval):
        regimen.home_zone = None


async def held_since(visit: Visit, found: Medicine) -> datetime:
    """From when a new timing of this medicine may plan doses."""
    last = await doses.last_answered_of(visit.session, found.regimen.key)
    slot = Planned(Slot(last.slot_date, last.slot_time), last.due_at) if last else None
    held = rules.holds_from(
        found.course,
        zone_of(visit, found.regimen),
        slot,
        visit.now,
        day_ends=visit.person.day_ends_at,
        bounds=found.bounds,
    )
    return max(held, found.regimen.planned_through)


def zone_of(visit: Visit, regimen: Regimen) -> ZoneInfo:
    """The zone a medicine follows."""
    return zone(regimen.home_zone) if regimen.home_zone else visit.zone


async def _write(
    visit: Visit, regimen: Regimen, number: int, answers: dict[str, Any], plan: SaidPlan | None = None
) -> Medicine:
    first = plan.steps[0] if plan is not None else None
    name = answers[dialogs.NAME]
    amount = ", ".join(first.amounts) if first is not None else answers.get(dialogs.AMOUNT, "")
    name_sealed, amount_sealed = regimens.seal_words(visit.sealer, name, amount)
    bounds = bounds_in(answers) if plan is None else Bounds(None, plan.until)
    version = RegimenVersion(
        regimen_id=regimen.key,
        number=number,
        since=visit.now,
        timing=to_data(first.timing) if first is not None else answers[dialogs.TIMING],
        name_sealed=name_sealed,
        amount_sealed=amount_sealed,
        starts_on=bounds.starts_on,
        ends_on=bounds.ends_on,
    )
    visit.session.add(version)
    await visit.session.flush()
    steps = plan.steps if plan is not None else ()
    new = [NewStep(each.since, to_data(each.timing), each.amounts) for each in steps]
    await plans.put(visit.session, visit.sealer, version.key, new)
    bounds = Bounds(version.starts_on, version.ends_on)
    return Medicine(regimen, version.number, name, amount, from_data(version.timing), bounds, plan)


def _opened(
    visit: Visit, regimen: Regimen, version: RegimenVersion, steps: Sequence[RegimenStep]
) -> Medicine:
    name, amount = regimens.open_words(visit.sealer, version)
    plan = None
    if steps:
        said = (
            SaidStep(each.since, from_data(each.timing), tuple(plans.open_amounts(visit.sealer, each)))
            for each in steps
        )
        plan = SaidPlan(tuple(said), version.ends_on)
    bounds = Bounds(version.starts_on, version.ends_on)
    return Medicine(regimen, version.number, name, amount, from_data(version.timing), bounds, plan)
