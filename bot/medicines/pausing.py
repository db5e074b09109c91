"""A pause of everything, and the plans that it held up: once it is over the person says how each goes on."""

from datetime import date, datetime, timedelta

from bot.conversation.message import Action, Choice, Message
from bot.conversation.visit import Visit
from bot.medicines import pausing_wording, plan_handlers, plan_rules, plan_wording
from bot.medicines.plan_rules import ASKS_AGAIN, SaidPlan
from bot.medicines.screen import ROOM_NAME
from bot.medicines.shelf import Medicine, shelf
from storage.vocabulary import RegimenState

_DAY_FORM = "%y%m%d"


async def everything_paused(visit: Visit) -> None:
    """React to a pause of everything: from when each plan stands still."""
    for found in await shelf(visit):
        if found.plan is not None and found.regimen.state is RegimenState.ACTIVE:
            found.regimen.paused_at = visit.now


async def everything_resumed(visit: Visit) -> None:
    """React to its end: ask of each plan that had steps to come whether it is pushed back or keeps its dates.

    Until that is answered it keeps them. A step that began meanwhile is asked about tomorrow, not twice now.
    """
    for number, found in enumerate(await shelf(visit), 1):
        began, regimen = found.regimen.paused_at, found.regimen
        if began is None or regimen.state is not RegimenState.ACTIVE:
            continue
        regimen.paused_at = None
        since = visit.day_of(began)
        if found.plan is None or since >= visit.today or not plan_rules.has_later(found.plan, since):
            continue
        _ask(visit, number, found, found.plan, since)
        begun = found.plan.steps[found.plan.current(visit.today)].since
        if begun >= since:
            regimen.step_told_for, regimen.step_ask_at = begun, visit.now + ASKS_AGAIN


def _ask(visit: Visit, number: int, found: Medicine, plan: SaidPlan, since: date) -> None:
    _, days = visit.gettext, (visit.today - since).days
    name = "" if visit.person.discreet else found.name
    argument = f"{found.regimen.key}.{plan_rules.next_change(plan, since):{_DAY_FORM}}.{days}"
    rows = (
        (Choice(pausing_wording.push_by(_, days), Action(ROOM_NAME, "pausepush", argument)),),
        (Choice(pausing_wording.keep_dates(_), Action(ROOM_NAME, "pausekeep", argument)),),
    )
    later = plan_rules.pushed(plan, since, days)
    visit.say(Message(pausing_wording.after_pause(_, name, number, since, days, plan, later), rows))


async def _asked_about(visit: Visit, argument: str) -> tuple[Medicine, SaidPlan, date, int] | None:
    """The plan of a question, the day from which its steps stood still, and for how long."""
    key, day, days = argument.split(".")
    about = await plan_handlers.found_plan(visit, key)
    if about is None:
        return None
    found, plan = about
    first = datetime.strptime(day, _DAY_FORM).date()  # noqa: DTZ007 - a day is local by definition
    if first not in {*(step.since for step in plan.steps), plan.until}:
        visit.toast = plan_wording.no_longer(visit.gettext)
        return None
    return found, plan, first, int(days)


async def push(visit: Visit, argument: str) -> None:
    """What had not begun when the pause did comes later by its days; not when it would have begun by now."""
    about = await _asked_about(visit, argument)
    if about is None:
        return
    found, plan, first, days = about
    if visit.today >= first + timedelta(days=days):
        visit.toast = pausing_wording.too_late_to_push(visit.gettext)
        return
    later = plan_rules.pushed(plan, first - plan_rules.DAY, days)
    await plan_handlers.keep(visit, found, later)
    named = not visit.person.discreet
    visit.show(Message(pausing_wording.pushed_after_pause(visit.gettext, later, visit.today, named=named)))


async def keep_dates(visit: Visit, argument: str) -> None:
    """The plan goes on by its dates: the person has just chosen the step of now."""
    about = await _asked_about(visit, argument)
    if about is None:
        return
    found, plan, _first, _days = about
    found.regimen.step_told_for = plan.steps[plan.current(visit.today)].since
    found.regimen.step_ask_at = None
    visit.show(Message(plan_wording.noted_as_planned(visit.gettext)))
