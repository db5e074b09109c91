"""The helper's side of recording: today's open doses of whom they care for, if that person lets them.

The doses themselves are another room's business; facts go there, and what they make of it comes back here.
"""

from collections.abc import Sequence

from bot.caregivers.helping import leave, wording
from bot.caregivers.telling.doses import about
from bot.caregivers.wording import as_said, no_updates
from bot.conversation.errands import Errand, OpenDose
from bot.conversation.facts import DoseGiven, OpenDosesWanted
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import paragraphs
from bot.conversation.visit import Visit
from storage import caring, doses, told
from storage.bonds import ROOM
from storage.caring import Caring
from storage.grants import Grant
from storage.vocabulary import Scope


async def look(visit: Visit, argument: str) -> None:
    """What is open today? Without an argument of whom they care for; of whom, if there are several."""
    if argument:
        await _look_at(visit, await _entry(visit, argument))
        return
    rows = await caring.of_caregiver(visit.session, visit.person.key)
    if len(rows) > 1:
        names = [(row.key, caring.open_name(visit.sealer, row)) for row in rows]
        buttons = [(_to(wording.short(name), "open", str(key)),) for key, name in names]
        visit.show(Message(wording.about_whom(visit.gettext), tuple(buttons)))
    else:
        await _look_at(visit, rows[0] if rows else None)


async def _look_at(visit: Visit, row: Caring | None) -> None:
    found = await leave.given(visit, row, Scope.MAY_RECORD) if row is not None else None
    if row is None or found is None:
        visit.show(Message(no_updates(visit.gettext)))
        return
    visit.tell(OpenDosesWanted(row.key, found.host.person.key, found.bond.names_told))


async def give(visit: Visit, argument: str) -> None:
    """They say that a dose was taken: "3.77", their entry and the dose.

    The button may stand in their list, or under what they were told of that dose.
    """
    entry, _, dose = argument.partition(".")
    row = await _entry(visit, entry)
    found = await leave.given(visit, row, Scope.MAY_RECORD) if row is not None else None
    if row is None or found is None or not dose.isdecimal():
        visit.show(Message(no_updates(visit.gettext)))
        return
    host, named = found.host.person.key, found.bond.names_told
    meant = await doses.owned(visit.session, host, int(dose))
    if meant is not None:
        await told.acknowledge_about(visit.session, found.bond.key, about(meant.due_at), visit.now)
    visit.tell(DoseGiven(row.key, host, named, int(dose), visit.name.spoken))


async def show_open(
    visit: Visit, caring_id: int, found: Sequence[OpenDose], came_of_it: Errand | None = None
) -> None:
    """Show what is open, after a dose what came of it; nothing open looks like nothing shared.

    It leaves only while the consent holds, as everything that a caregiver learns.
    """
    _, row = visit.gettext, await _entry(visit, str(caring_id))
    if row is None or row.bond_id is None or (not found and came_of_it is None):
        visit.show(Message(no_updates(_)))
        return
    name = as_said(caring.open_name(visit.sealer, row))
    labels = [wording.dose_label(_, dose, visit.zone.key) for dose in found]
    rows = [
        (_to(wording.taken_button(_, label), "give", f"{caring_id}.{dose.key}"),)
        for dose, label in zip(found, labels, strict=True)
    ]
    said = wording.came_of_it(_, came_of_it, name) if came_of_it is not None else ""
    listed = wording.open_doses(_, name, labels) if found else ""
    visit.show(Message(paragraphs(said, listed), tuple(rows)), Grant(row.bond_id, Scope.MAY_RECORD))


async def _entry(visit: Visit, argument: str) -> Caring | None:
    mine = visit.person.key
    return await caring.owned(visit.session, mine, int(argument)) if argument.isdecimal() else None


def _to(label: str, verb: str, argument: str) -> Choice:
    return Choice(label, Action(ROOM, verb, argument))
