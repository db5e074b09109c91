"""The caregiver's side: whom they care for. It looks the same whatever has become of the bond."""

from collections.abc import Sequence

from bot.caregivers import wording
from bot.caregivers.helping.wording import record_button, tell_button
from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.visit import Visit
from storage import bonds, caring, timers
from storage.bonds import ROOM
from storage.caring import Caring
from storage.holding import hold_people
from storage.timers import Setting
from storage.tombstones import StoneKind
from storage.vocabulary import BondState, Ending


async def show(visit: Visit, _words: str) -> None:
    """List them by the caregiver's own names, and say the one thing that is always said."""
    _ = visit.gettext
    rows = await caring.of_caregiver(visit.session, visit.person.key)
    names = [caring.open_name(visit.sealer, row) for row in rows]
    leave = [
        (Choice(wording.leave_button(_, name), Action(ROOM, "leave", str(row.key))),)
        for row, name in zip(rows, names, strict=True)
    ]
    text = wording.caring(_, [wording.as_said(name) for name in names])
    visit.show(Message(text, (*_deeds(visit, rows), *leave, help_row(_))))


def _deeds(visit: Visit, rows: Sequence[Caring]) -> Choices:
    """What a caregiver can try, whether they may or not: these buttons tell nothing either."""
    _ = visit.gettext
    if not rows:
        return ()
    tell, record = Action(ROOM, "tell", apart=True), Action(ROOM, "open", apart=True)
    return ((Choice(tell_button(_), tell), Choice(record_button(_), record)),)


async def leave(visit: Visit, argument: str) -> None:
    """The caregiver steps back, in one tap; the person is told when it suits them."""
    row = None
    if argument.isdecimal():
        row = await caring.owned(visit.session, visit.person.key, int(argument))
    if row is None:
        await show(visit, "")
        return
    row.ended_at = visit.now
    if row.bond_id is not None:
        await _let_go(visit, row.bond_id)
    name = wording.as_said(caring.open_name(visit.sealer, row))
    visit.show(Message(wording.stepped_back(visit.gettext, name)))


async def _let_go(visit: Visit, key: int) -> None:
    """End all that the two have."""
    session, me = visit.session, visit.person.key
    bond = await bonds.as_caregiver(session, me, key)
    if bond is None:
        return
    await hold_people(session, [bond.person_id])
    for each in await bonds.with_caregiver(session, bond.person_id, me):
        await session.refresh(each)
        # Whom the person never confirmed they need not hear of again.
        told = each.state is BondState.AGREED
        await visit.means.tombstones.lay_for_bond(session, each, StoneKind.ENDED, visit.now)
        if await bonds.end(session, each.key, Ending.CAREGIVER, visit.now, told=told):
            await timers.put(session, [Setting(each.person_id, ROOM, visit.now)])


async def answer_neutrally(visit: Visit) -> None:
    """What an old button, or any question about somebody cared for, is answered."""
    visit.say(Message(wording.no_updates(visit.gettext)))
