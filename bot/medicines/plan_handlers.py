"""Buttons and dialogs about plans: writing one, pausing, pushing back, ending, and which step it is."""

from datetime import date
from typing import Any

from bot.conversation.facts import RegimenEnded, RegimensChanged
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import paragraphs
from bot.conversation.visit import Visit
from bot.medicines import (
    dialogs,
    pausing_wording,
    plan_dialogs,
    plan_rules,
    plan_wording,
    stock_handlers,
    wording,
)
from bot.medicines.plan_rules import ASKS_AGAIN, SaidPlan
from bot.medicines.screen import ROOM_NAME, button, found_medicine, show_one
from bot.medicines.shelf import Medicine, put_plan
from scheduler.timing import to_data
from storage.vocabulary import RegimenState


async def write_plan(visit: Visit, argument: str) -> None:
    """Open the dialog that puts a plan together; until it begins, the medicine goes on as it is."""
    found = await found_medicine(visit, argument)
    if found is not None:
        known = {dialogs.NAME: found.name, "regimen": found.regimen.key}
        before = found.timing if found.plan is None else None
        known |= {plan_dialogs.BEFORE: to_data(before) if before is not None else None}
        last = found.bounds.ends_on if found.plan is None else None
        known |= {plan_dialogs.LAST_DAY: last.isoformat() if last is not None else None}
        await visit.open(plan_dialogs.WRITE, plan_dialogs.known(known, found.as_step(visit.today)))


async def end_write(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep the plan; what is open under the old timing no longer counts."""
    found = await found_medicine(visit, str(answers["regimen"]))
    if found is not None:
        kept = await keep(visit, found, plan_dialogs.whole(visit.context(), answers))
        more, rows = await stock_handlers.offer_amounts(visit, kept)
        until = plan_dialogs.nothing_until(visit.context(), answers)
        visit.show(Message(paragraphs(plan_wording.kept(visit.gettext, found.name), until, more), rows))


async def keep(visit: Visit, found: Medicine, plan: SaidPlan) -> Medicine:
    """Keep a plan; what is open under the one before no longer counts."""
    kept = await put_plan(visit, found, plan)
    visit.tell(RegimenEnded(found.regimen.key))
    visit.tell(RegimensChanged())
    return kept


async def found_plan(visit: Visit, argument: str) -> tuple[Medicine, SaidPlan] | None:
    """The plan that a button is about; a note is shown when there is none any more."""
    found = await found_medicine(visit, argument)
    if found is None:
        return None
    if found.plan is None:
        visit.toast = plan_wording.no_longer(visit.gettext)
        return None
    return found, found.plan


async def ask_push(visit: Visit, argument: str) -> None:
    """By how many days? The person says it."""
    about = await found_plan(visit, argument)
    if about is not None:
        await visit.open(plan_dialogs.PUSH, {"regimen": about[0].regimen.key})


async def end_push(visit: Visit, answers: dict[str, Any]) -> None:
    about = await found_plan(visit, str(answers["regimen"]))
    if about is None:
        return
    found, plan = about
    later = plan_rules.pushed(plan, visit.today, answers[plan_dialogs.BY_DAYS])
    await keep(visit, found, later)
    visit.show(Message(plan_wording.pushed(visit.gettext, found.name, later, visit.today)))


async def ask_end(visit: Visit, argument: str) -> None:
    """End the plan? The step of now goes on."""
    about = await found_plan(visit, argument)
    if about is not None:
        _, (found, plan) = visit.gettext, about
        yes = button(plan_wording.yes_end(_), "planended", found)
        back = button(wording.back(_), "one", found)
        visit.show(Message(plan_wording.really_end(_, plan, visit.today), ((yes,), (back,))))


async def end_plan(visit: Visit, argument: str) -> None:
    about = await found_plan(visit, argument)
    if about is not None:
        found, plan = about
        await keep(visit, found, plan_rules.without_later(plan, visit.today))
        await show_one(visit, argument)


# Pausing


async def resume(visit: Visit, argument: str) -> None:
    """Go on after a pause. Where steps were still to come, the person says how the plan goes on."""
    found = await found_medicine(visit, argument)
    if found is None:
        return
    since, plan = paused_since(visit, found), found.plan
    if plan is None or since is None or not plan_rules.has_later(plan, since) or since == visit.today:
        await go_on(visit, found)
        return
    _ = visit.gettext
    rows = (
        (button(pausing_wording.where_you_were(_), "where", found),),
        (button(pausing_wording.keep_dates(_), "dates", found),),
        (button(wording.back(_), "one", found),),
    )
    visit.show(Message(pausing_wording.how_resume(_, found.name, since), rows))


def paused_since(visit: Visit, found: Medicine) -> date | None:
    """The own day on which a pause began that still holds."""
    at = found.regimen.paused_at
    return visit.day_of(at) if at is not None and found.paused else None


async def go_on(visit: Visit, found: Medicine) -> None:
    """The reminders come again from now on."""
    found.regimen.state, found.regimen.paused_at = RegimenState.ACTIVE, None
    found.regimen.planned_through = max(found.regimen.planned_through, visit.now)
    visit.tell(RegimensChanged())
    await show_one(visit, str(found.regimen.key))


async def go_on_where(visit: Visit, argument: str) -> None:
    """Go on where the pause began: what had not begun comes later by as many days."""
    about = await found_plan(visit, argument)
    if about is None:
        return
    found, plan = about
    since = paused_since(visit, found)
    if since is not None and since < visit.today:
        await put_plan(visit, found, plan_rules.pushed(plan, since, (visit.today - since).days))
    await go_on(visit, found)


async def go_on_by_dates(visit: Visit, argument: str) -> None:
    """Go on by the dates of the plan, whatever the pause was: the person has just chosen the step of now."""
    about = await found_plan(visit, argument)
    if about is not None:
        found, plan = about
        found.regimen.step_told_for = plan.steps[plan.current(visit.today)].since
        await go_on(visit, found)


# Which step it is


async def _asked_about(visit: Visit, argument: str) -> tuple[Medicine, SaidPlan, int] | None:
    """The step that a question was about, if the plan still has it and is in it."""
    about = await found_plan(visit, argument.partition(".")[0])
    if about is None:
        return None
    found, plan = about
    number = plan.current(visit.today)
    asked = plan_rules.step_argument(found.regimen.key, plan.steps[number].since)
    if not number or asked != argument:
        visit.toast = plan_wording.no_longer(visit.gettext)
        return None
    return found, plan, number


async def as_planned(visit: Visit, argument: str) -> None:
    about = await _asked_about(visit, argument)
    if about is not None:
        about[0].regimen.step_ask_at = None
        visit.show(Message(plan_wording.noted_as_planned(visit.gettext)))


async def step_before(visit: Visit, argument: str) -> None:
    """They still take the step before: it goes on, and the later ones come later."""
    about = await _asked_about(visit, argument)
    if about is None:
        return
    found, plan, number = about
    later = plan_rules.held_back(plan, number, visit.today)
    await keep(visit, found, later)
    _, named = visit.gettext, not visit.person.discreet
    push = Choice(plan_wording.push_back(_), Action(ROOM_NAME, "push", str(found.regimen.key)))
    visit.show(Message(plan_wording.held_back(_, later, visit.today, named=named), ((push,),)))


async def ask_later(visit: Visit, argument: str) -> None:
    about = await _asked_about(visit, argument)
    if about is not None:
        about[0].regimen.step_ask_at = visit.now + ASKS_AGAIN
        visit.tell(RegimensChanged())
        visit.show(Message(plan_wording.asks_again(visit.gettext)))
