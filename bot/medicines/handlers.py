"""Commands, buttons and dialogs about medicines."""

from typing import Any

from bot.conversation.facts import RegimenEnded, RegimensChanged
from bot.conversation.message import Action, Choice, Message
from bot.conversation.room import Command, Conversation, Room
from bot.conversation.text import Text, paragraphs
from bot.conversation.visit import Visit
from bot.medicines import (
    clocks,
    dialogs,
    pausing,
    plan_dialogs,
    plan_handlers,
    plan_wording,
    rules,
    stock_handlers,
    wake,
    wording,
)
from bot.medicines.answers import HOLDS_FROM, with_bounds
from bot.medicines.screen import ROOM_NAME, button, found_medicine, is_full, show_list, show_one
from bot.medicines.shelf import Medicine, held_since, put_new, put_version, shelf
from scheduler.lanes import Lane
from scheduler.timing import AsNeeded
from storage.vocabulary import RegimenState


async def add(visit: Visit, _words: str) -> None:
    """Open the dialog that adds a medicine."""
    if is_full(await shelf(visit)):
        visit.say(Message(wording.too_many(visit.gettext, rules.MOST_REGIMENS)))
    else:
        await visit.open(dialogs.ADD)


async def end_add(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep the new medicine."""
    first = not await shelf(visit)
    kept = await put_new(visit, answers)
    _ = visit.gettext
    test = Choice(wording.test_reminder(_), Action(ROOM_NAME, "test", str(kept.regimen.key)))
    text = wording.added(_, kept.name, kept.timing) if kept.plan is None else plan_wording.kept(_, kept.name)
    reminded = kept.plan is not None or not isinstance(kept.timing, AsNeeded)
    visit.show(Message(text, ((test,),) if reminded else ()))
    visit.tell(RegimensChanged(first=first))


async def meds(visit: Visit, _words: str) -> None:
    """List the medicines."""
    await show_list(visit)


async def change_times(visit: Visit, argument: str) -> None:
    found = await found_medicine(visit, argument)
    if found is not None and found.plan is not None:
        await show_one(visit, argument)  # an old button: its plan is what can be changed now
    elif found is not None:
        since = await held_since(visit, found)
        days = with_bounds(found.bounds)
        await visit.open(dialogs.CHANGE_TIMES, {**_known(found), **days, HOLDS_FROM: since.isoformat()})


async def change_amount(visit: Visit, argument: str) -> None:
    found = await found_medicine(visit, argument)
    if found is not None:
        await visit.open(dialogs.CHANGE_AMOUNT, _known(found))


async def rename(visit: Visit, argument: str) -> None:
    found = await found_medicine(visit, argument)
    if found is not None:
        await visit.open(dialogs.RENAME, _known(found))


def _known(found: Medicine) -> dict[str, Any]:
    return {dialogs.NAME: found.name, dialogs.AMOUNT: found.amount, "regimen": found.regimen.key}


async def end_times(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep the new times; what is open under the old ones no longer counts."""
    found = await found_medicine(visit, str(answers["regimen"]))
    if found is None:
        return
    if found.plan is not None:  # written meanwhile; other times would change nothing of it
        await show_one(visit, str(found.regimen.key))
        return
    found.regimen.planned_through = await held_since(visit, found)
    changed = await put_version(visit, found, answers)
    visit.tell(RegimenEnded(found.regimen.key))
    visit.tell(RegimensChanged())
    visit.show(Message(wording.changed(visit.gettext, changed.name, changed.timing)))


async def end_words(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep a new name or amount; open reminders show it at once."""
    found = await found_medicine(visit, str(answers["regimen"]))
    if found is None:
        return
    changed = await put_version(visit, found, answers)
    visit.tell(RegimensChanged())
    amount = changed.amount if changed.plan is None else ""
    told = wording.renamed(visit.gettext, changed.name, amount)
    another = changed.amount != found.amount
    more, rows = await stock_handlers.offer_per_dose(visit, changed) if another else (Text(""), ())
    visit.show(Message(paragraphs(told, more), rows))


async def pause(visit: Visit, argument: str) -> None:
    found = await found_medicine(visit, argument)
    if found is not None:
        # A pause of everything may have stopped it before.
        found.regimen.state, found.regimen.paused_at = (
            RegimenState.PAUSED,
            found.regimen.paused_at or visit.now,
        )
        visit.tell(RegimenEnded(found.regimen.key))
        visit.tell(RegimensChanged())
        await show_one(visit, argument)


async def count_or_not(visit: Visit, argument: str) -> None:
    """Whether it counts when mood and doses are looked at together: a vitamin does not."""
    found = await found_medicine(visit, argument)
    if found is not None:
        found.regimen.for_mood = not found.regimen.for_mood
        await show_one(visit, argument)


async def ask_stop(visit: Visit, argument: str) -> None:
    found = await found_medicine(visit, argument)
    if found is None:
        return
    _ = visit.gettext
    choices = ((button(wording.yes_stop(_), "stopped", found),), (button(wording.back(_), "one", found),))
    visit.show(Message(wording.really_stop(_, found.name), choices))


async def stop(visit: Visit, argument: str) -> None:
    found = await found_medicine(visit, argument)
    if found is None:
        return
    found.regimen.state, found.regimen.stopped_at = RegimenState.STOPPED, visit.now
    visit.tell(RegimenEnded(found.regimen.key))
    visit.tell(RegimensChanged())
    visit.show(Message(wording.stopped(visit.gettext, found.name)))


async def test_reminder(visit: Visit, argument: str) -> None:
    """Send a reminder that counts for nothing, so that the person hears how it sounds."""
    found = await found_medicine(visit, argument)
    if found is not None:
        name, amount = ("", "") if visit.person.discreet else (found.name, found.amount)
        visit.say(Message(wording.a_test(visit.gettext, name, amount), lane=Lane.DOSE))


async def list_again(visit: Visit, _argument: str) -> None:
    await meds(visit, "")


ROOM = Room(
    name=ROOM_NAME,
    commands={
        "add": Command(add, wording.add_summary),
        "meds": Command(meds, wording.meds_summary),
    },
    buttons={
        "list": list_again,
        "one": show_one,
        "times": change_times,
        "amount": change_amount,
        "rename": rename,
        "pause": pause,
        "resume": plan_handlers.resume,
        "mood": count_or_not,
        "stop": ask_stop,
        "stopped": stop,
        "test": test_reminder,
        "plan": plan_handlers.write_plan,
        "push": plan_handlers.ask_push,
        "endplan": plan_handlers.ask_end,
        "planended": plan_handlers.end_plan,
        "where": plan_handlers.go_on_where,
        "dates": plan_handlers.go_on_by_dates,
        "asplanned": plan_handlers.as_planned,
        "before": plan_handlers.step_before,
        "later": plan_handlers.ask_later,
        "pausepush": pausing.push,
        "pausekeep": pausing.keep_dates,
        "stock": stock_handlers.show_stock,
        "stockleft": stock_handlers.count_again,
        "stockdose": stock_handlers.change_per_dose,
        "stocklead": stock_handlers.change_lead,
        "stockoff": stock_handlers.forget,
        "clocks": clocks.show,
        "local": clocks.go_local,
        "home": clocks.keep_home,
    },
    conversations=(
        Conversation(dialogs.ADD, end_add),
        Conversation(dialogs.CHANGE_TIMES, end_times),
        Conversation(dialogs.CHANGE_AMOUNT, end_words),
        Conversation(dialogs.RENAME, end_words),
        Conversation(plan_dialogs.WRITE, plan_handlers.end_write),
        Conversation(plan_dialogs.PUSH, plan_handlers.end_push),
        Conversation(stock_handlers.COUNT, stock_handlers.end_count),
        Conversation(stock_handlers.COUNT_AGAIN, stock_handlers.end_count),
        Conversation(stock_handlers.PER_DOSE, stock_handlers.end_count),
        Conversation(stock_handlers.LEAD, stock_handlers.end_count),
    ),
    wake=wake.wake,
)
