"""What this room does when its timer fires: which step it is, and what runs out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.conversation.message import Action, Choice, Message
from bot.conversation.quiet import quiet_until
from bot.conversation.visit import Visit
from bot.medicines import plan_rules, plan_wording, stock_rules, stock_wording
from bot.medicines.plan_rules import SaidPlan
from bot.medicines.screen import ROOM_NAME
from bot.medicines.shelf import Medicine, shelves, zone_of
from bot.medicines.stocking import Supply, supplies
from scheduler.breath import unhurried
from scheduler.lanes import Lane
from scheduler.timing import Slot
from storage import doses
from storage.vocabulary import DoseState, PersonState, RegimenState

_AROUND = timedelta(days=45)
_LOOKS_AGAIN = timedelta(days=3)
_WAITS = timedelta(hours=1)
States = Mapping[Slot, DoseState]


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    if not visits:
        return
    listed = await shelves(visits)
    left = await supplies(visits, listed)
    states = await _states(visits, listed)
    async for visit, shelf in unhurried(list(zip(visits, listed, strict=True))):
        visit.wake(ROOM_NAME, _look_at(visit, shelf, left, states))


def _look_at(
    visit: Visit, shelf: Sequence[Medicine], left: Mapping[int, Supply], states: Mapping[int, States]
) -> datetime | None:
    """Say what is to be said to one person; when to look at them again."""
    person = visit.person
    if person.state is not PersonState.ACTIVE or not person.reachable:
        return None
    held = _held_until(visit)
    active = [(n, m) for n, m in enumerate(shelf, 1) if m.regimen.state is RegimenState.ACTIVE]
    wishes: list[datetime | None] = []
    for number, found in active:
        if found.plan is not None:
            wishes.append(_step(visit, number, found, found.plan, states.get(found.regimen.key, {}), held))
        if found.regimen.key in left:
            wishes.append(_stock(visit, number, found, left[found.regimen.key], held))
    return min((at for at in wishes if at is not None), default=None)


def _held_until(visit: Visit) -> datetime | None:
    """Until when nothing of this is said: in quiet hours, and in the calm hours after a crisis."""
    person = visit.person
    if visit.calm:
        return person.calm_until
    return quiet_until(visit.now, visit.zone, person.quiet_from, person.quiet_until)


# Which step it is


async def _states(visits: Sequence[Visit], listed: Sequence[Sequence[Medicine]]) -> dict[int, States]:
    """What became of the doses around the steps that may have to be asked about."""
    begun = [
        (found.regimen.key, found.plan.steps[found.plan.current(visit.today)].since)
        for visit, shelf in zip(visits, listed, strict=True)
        for found in shelf
        if found.plan is not None and _is_new(visit, found, found.plan)
    ]
    if not begun:
        return {}
    first, last = min(day for _, day in begun) - _AROUND, max(day for _, day in begun) + _AROUND
    states: dict[int, dict[Slot, DoseState]] = defaultdict(dict)
    for dose in await doses.planned_of_regimens(visits[0].session, [key for key, _ in begun], first, last):
        states[dose.regimen_id][Slot(dose.slot_date, dose.slot_time)] = dose.state
    return dict(states)


def _is_new(visit: Visit, found: Medicine, plan: SaidPlan) -> bool:
    """Whether a step has begun of which nobody spoke with the person yet."""
    since = plan.steps[plan.current(visit.today)].since
    told = found.regimen.step_told_for
    return since <= visit.today and (told is None or told < since) and not plan.is_over(visit.today)


def _step(
    visit: Visit, number: int, found: Medicine, plan: SaidPlan, states: States, held: datetime | None
) -> datetime | None:
    """Ask which step it is when that is not sure; when to look again."""
    regimen, now = found.regimen, visit.now
    if regimen.step_ask_at is not None and not plan.is_over(visit.today):
        if regimen.step_ask_at > now or held is not None:
            return max(regimen.step_ask_at, held or now)
        _ask(visit, number, found, plan)
    elif _is_new(visit, found, plan):
        at = _check_at(visit, found, plan, plan.current(visit.today), states)
        if at is not None and (at > now or held is not None):
            return max(at, held or at)
        if at is not None:
            _ask(visit, number, found, plan)
        else:
            regimen.step_told_for = plan.steps[plan.current(visit.today)].since
    return _next_step_at(visit, found, plan)


def _check_at(visit: Visit, found: Medicine, plan: SaidPlan, step: int, states: States) -> datetime | None:
    """When to ask about a step; None when its doses are recorded."""
    zone, day_ends = zone_of(visit, found.regimen), visit.context().day_ends
    doses_around = plan_rules.around(plan, step, zone, day_ends)
    first = doses_around[-1] if doses_around else None
    at = plan_rules.asks_at(plan.steps[step].since, first, visit.zone)
    if at is None or at > visit.now:
        return at
    unsure = plan_rules.is_unsure(doses_around, states, found.regimen.created_at)
    if unsure is None:
        return visit.now + _WAITS
    return at if unsure else None


def _next_step_at(visit: Visit, found: Medicine, plan: SaidPlan) -> datetime | None:
    """When the next step that is still to come may have to be asked about."""
    zone, day_ends = zone_of(visit, found.regimen), visit.context().day_ends
    for number, step in enumerate(plan.steps):
        if step.since > visit.today:
            first = plan_rules.first_of(plan, number, zone, day_ends)
            return plan_rules.asks_at(step.since, first, visit.zone)
    return None


def _ask(visit: Visit, number: int, found: Medicine, plan: SaidPlan) -> None:
    _, regimen = visit.gettext, found.regimen
    step = plan.steps[plan.current(visit.today)]
    name = "" if visit.person.discreet else found.name
    argument = plan_rules.step_argument(regimen.key, step.since)
    choices = tuple(
        (Choice(label, Action(ROOM_NAME, verb, argument)),)
        for label, verb in (
            (plan_wording.as_planned(_), "asplanned"),
            (plan_wording.step_before(_), "before"),
            (plan_wording.ask_later(_), "later"),
        )
    )
    key = f"step:{regimen.key}:{step.since}:{visit.now:%y%m%d}"
    text = plan_wording.which_step(_, name, number, step)
    visit.say(Message(text, choices, lane=Lane.DIGEST, dedupe_key=key))
    regimen.step_told_for, regimen.step_ask_at = step.since, None


# What runs out


def _stock(
    visit: Visit, number: int, found: Medicine, supply: Supply, held: datetime | None
) -> datetime | None:
    """Say once that it runs out; when to look again."""
    row, runs_out = supply.row, supply.runs_out
    if not row.lead_days:
        return None
    again = visit.now + _LOOKS_AGAIN  # what is taken besides the plan brings the day nearer
    at = stock_rules.tells_at(runs_out, row.lead_days, visit.zone) if runs_out is not None else None
    if runs_out is None or at is None or not stock_rules.is_news(runs_out, row.told_for):
        return again
    if at > visit.now:
        return min(at, again)
    if held is not None:
        return held
    name = "" if visit.person.discreet else found.name
    text = stock_wording.refill(visit.gettext, name, number, runs_out, supply.left)
    key = f"stock:{found.regimen.key}:{row.counted_at:%y%m%d%H%M%S}:{runs_out}"
    visit.say(Message(text, lane=Lane.DIGEST, dedupe_key=key))
    row.told_for = runs_out
    return again
