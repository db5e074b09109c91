"""After a backup was put back: the person is told, once and in private, what they do not share any more."""

from collections.abc import Mapping, Sequence

from bot.caregivers import lapses_wording as wording
from bot.conversation.message import Message
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from scheduler.lanes import Lane
from storage import bonds, lapses, scopes
from storage.bonds import Bond
from storage.lapses import Lapse
from storage.vocabulary import BondState, Scope

On = Mapping[int, set[Scope]]


async def untold(visits: Sequence[Visit]) -> set[int]:
    """Those of some people who are to be told something."""
    session = visits[0].session
    return {row.person_id for row in await lapses.of_people(session, [visit.person.key for visit in visits])}


async def tell(visits: Sequence[Visit]) -> None:
    """Tell these people how it stands now; what they have switched on again since needs no word."""
    if not visits:
        return
    session, keys = visits[0].session, [visit.person.key for visit in visits]
    rows, theirs = await lapses.of_people(session, keys), await bonds.of_people(session, keys)
    by_key = {bond.key: bond for each in theirs.values() for bond in each}
    on = {
        key: {row.kind for row in found}
        for key, found in (await scopes.of_bonds(session, list(by_key))).items()
    }
    for visit in visits:
        mine = [row for row in rows if row.person_id == visit.person.key]
        lines = [line for row in mine if (line := _line(visit, row, by_key, on)) is not None]
        if lines:
            once = {line.plain: line for line in lines}
            visit.say(Message(wording.undone(visit.gettext, list(once.values())), lane=Lane.DIGEST))
    await lapses.forget(session, keys)


def _line(visit: Visit, row: Lapse, by_key: Mapping[int, Bond], on: On) -> Text | None:
    _ = visit.gettext
    if row.bond_id is None:
        return wording.invitation(_)
    bond = by_key[row.bond_id]
    name = bonds.open_name(visit.sealer, bond)
    if bond.state is BondState.ENDED:
        return wording.ended(_, name)
    if row.scope is not None:
        return wording.off(_, name, row.scope) if row.scope not in on[bond.key] else None
    return wording.paused(_, name) if bond.state is BondState.PAUSED else None
