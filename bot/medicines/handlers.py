"""Commands, buttons and dialogs about medicines."""

from typing import Any

from bot.conversation.facts import RegimenEnded, RegimensChanged
from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Message
from bot.conversation.room import Command, Conversation, Room
from bot.conversation.text import lines, paragraphs
from bot.conversation.visit import Visit
from bot.medicines import clocks, dialogs, rules, travel_wording, wording
from bot.medicines.answers import HOLDS_FROM, with_bounds
from bot.medicines.shelf import Medicine, held_since, medicine, put_new, put_version, shelf
from scheduler.lanes import Lane
from storage.vocabulary import RegimenState

ROOM_NAME = "meds"


async def add(visit: Visit, _words: str) -> None:
    """Open the dialog that adds a medicine."""
    if len(await shelf(visit)) >= rules.MOST_REGIMENS:
        visit.say(Message(wording.too_many(visit.gettext, rules.MOST_REGIMENS)))
    else:
        await visit.open(dialogs.ADD)


async def end_add(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep the new medicine."""
    first = not await shelf(visit)
    kept = await put_new(visit, answers)
    _ = visit.gettext
    test = Choice(wording.test_reminder(_), Action(ROOM_NAME, "test", str(kept.regimen.key)))
    visit.show(Message(wording.added(_, kept.name, kept.timing), ((test,),)))
    visit.tell(RegimensChanged(first=first))


async def meds(visit: Visit, _words: str) -> None:
    """List the medicines."""
    _, listed = visit.gettext, await shelf(visit)
    if not listed:
        visit.show(Message(wording.no_medicines(_)))
        return
    text = paragraphs(
        wording.your_medicines(_),
        lines(
            *(
                wording.list_line(_, number, m.name, m.amount, m.timing, paused=m.paused)
                for number, m in enumerate(listed, 1)
            )
        ),
    )
    rows = [(_button(m.name, "one", m),) for m in listed]
    rows.append((Choice(travel_wording.clocks_button(_), Action(ROOM_NAME, "clocks")),))
    visit.show(Message(text, (*rows, help_row(_))))


def _button(label: str, verb: str, about: Medicine) -> Choice:
    return Choice(label, Action(ROOM_NAME, verb, str(about.regimen.key)))


async def one(visit: Visit, argument: str) -> None:
    """Show one medicine and what can be changed."""
    found = await _found(visit, argument)
    if found is None:
        return
    _ = visit.gettext
    halt = (
        _button(wording.resume(_), "resume", found)
        if found.paused
        else _button(wording.pause(_), "pause", found)
    )
    choices = (
        (
            _button(wording.change_times(_), "times", found),
            _button(wording.change_amount(_), "amount", found),
        ),
        (_button(wording.rename(_), "rename", found), halt),
        (_button(wording.not_for_mood(_) if found.for_mood else wording.for_mood(_), "mood", found),),
        (_button(wording.stop(_), "stop", found), Choice(wording.back(_), Action(ROOM_NAME, "list"))),
    )
    text = wording.one_medicine(
        _,
        found.name,
        found.amount,
        found.timing,
        found.bounds,
        paused=found.paused,
        for_mood=found.for_mood,
    )
    visit.show(Message(text, choices))


async def _found(visit: Visit, argument: str) -> Medicine | None:
    found = await medicine(visit, int(argument))
    if found is None:
        visit.toast = wording.gone(visit.gettext)
    return found


async def change_times(visit: Visit, argument: str) -> None:
    found = await _found(visit, argument)
    if found is not None:
        since = await held_since(visit, found)
        days = with_bounds(found.bounds)
        await visit.open(dialogs.CHANGE_TIMES, {**_known(found), **days, HOLDS_FROM: since.isoformat()})


async def change_amount(visit: Visit, argument: str) -> None:
    found = await _found(visit, argument)
    if found is not None:
        await visit.open(dialogs.CHANGE_AMOUNT, _known(found))


async def rename(visit: Visit, argument: str) -> None:
    found = await _found(visit, argument)
    if found is not None:
        await visit.open(dialogs.RENAME, _known(found))


def _known(found: Medicine) -> dict[str, Any]:
    return {dialogs.NAME: found.name, dialogs.AMOUNT: found.amount, "regimen": found.regimen.key}


async def end_times(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep the new times; what is open under the old ones no longer counts."""
    found = await _found(visit, str(answers["regimen"]))
    if found is None:
        return
    found.regimen.planned_through = await held_since(visit, found)
    changed = await put_version(visit, found, answers)
    visit.tell(RegimenEnded(found.regimen.key))
    visit.tell(RegimensChanged())
    visit.show(Message(wording.changed(visit.gettext, changed.name, changed.timing)))


async def end_words(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep a new name or amount; open reminders show it at once."""
    found = await _found(visit, str(answers["regimen"]))
    if found is None:
        return
    changed = await put_version(visit, found, answers)
    visit.tell(RegimensChanged())
    visit.show(Message(wording.renamed(visit.gettext, changed.name, changed.amount)))


async def pause(visit: Visit, argument: str) -> None:
    found = await _found(visit, argument)
    if found is not None:
        found.regimen.state = RegimenState.PAUSED
        visit.tell(RegimenEnded(found.regimen.key))
        visit.tell(RegimensChanged())
        await one(visit, argument)


async def resume(visit: Visit, argument: str) -> None:
    found = await _found(visit, argument)
    if found is not None:
        found.regimen.state = RegimenState.ACTIVE
        found.regimen.planned_through = max(found.regimen.planned_through, visit.now)
        visit.tell(RegimensChanged())
        await one(visit, argument)


async def count_or_not(visit: Visit, argument: str) -> None:
    """Whether it counts when mood and doses are looked at together: a vitamin does not."""
    found = await _found(visit, argument)
    if found is not None:
        found.regimen.for_mood = not found.regimen.for_mood
        await one(visit, argument)


async def ask_stop(visit: Visit, argument: str) -> None:
    found = await _found(visit, argument)
    if found is None:
        return
    _ = visit.gettext
    choices = ((_button(wording.yes_stop(_), "stopped", found),), (_button(wording.back(_), "one", found),))
    visit.show(Message(wording.really_stop(_, found.name), choices))


async def stop(visit: Visit, argument: str) -> None:
    found = await _found(visit, argument)
    if found is None:
        return
    found.regimen.state, found.regimen.stopped_at = RegimenState.STOPPED, visit.now
    visit.tell(RegimenEnded(found.regimen.key))
    visit.tell(RegimensChanged())
    visit.show(Message(wording.stopped(visit.gettext, found.name)))


async def test_reminder(visit: Visit, argument: str) -> None:
    """Send a reminder that counts for nothing, so that the person hears how it sounds."""
    found = await _found(visit, argument)
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
        "one": one,
        "times": change_times,
        "amount": change_amount,
        "rename": rename,
        "pause": pause,
        "resume": resume,
        "mood": count_or_not,
        "stop": ask_stop,
        "stopped": stop,
        "test": test_reminder,
        "clocks": clocks.show,
        "local": clocks.go_local,
        "home": clocks.keep_home,
    },
    conversations=(
        Conversation(dialogs.ADD, end_add),
        Conversation(dialogs.CHANGE_TIMES, end_times),
        Conversation(dialogs.CHANGE_AMOUNT, end_words),
        Conversation(dialogs.RENAME, end_words),
    ),
)
