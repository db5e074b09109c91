"""The person's log: what a caregiver was told, word for word, when, and whether it arrived."""

from bot.caregivers.telling import wording
from bot.conversation.message import Action, Choice, Message
from bot.conversation.visit import Visit
from scheduler.localtime import local
from storage import bonds, told
from storage.bonds import ROOM, Bond

_PAGE = 8


async def show(visit: Visit, argument: str) -> None:
    """The newest of a bond."""
    bond = await bonds.owned(visit.session, visit.person.key, int(argument)) if argument.isdecimal() else None
    if bond is not None:
        await _show(visit, bond, None)


async def show_older(visit: Visit, argument: str) -> None:
    """Those before a row of the log."""
    row = await told.owned(visit.session, visit.person.key, int(argument)) if argument.isdecimal() else None
    bond = await bonds.owned(visit.session, visit.person.key, row.bond_id) if row is not None else None
    if row is not None and bond is not None:
        await _show(visit, bond, row.key)


async def _show(visit: Visit, bond: Bond, before: int | None) -> None:
    _ = visit.gettext
    rows = await told.page(visit.session, bond.key, _PAGE + 1, before)
    shown, more = rows[:_PAGE], rows[_PAGE:]
    ends = await told.outcomes(visit.session, shown)
    entries = [
        wording.entry(
            _,
            local(row.made_at, visit.zone),
            told.open_text(visit.sealer, row),
            wording.became(_, row.review, ends.get(row.key)),
            local(row.acknowledged_at, visit.zone) if row.acknowledged_at is not None else None,
        )
        for row in shown
    ]
    earlier = Choice(wording.earlier(_), Action(ROOM, "older", str(shown[-1].key))) if more else None
    back = Choice(wording.back(_), Action(ROOM, "of", str(bond.key)))
    name = wording.caregiver(_, bonds.open_name(visit.sealer, bond))
    visit.show(Message(wording.log(_, name, entries), ((*filter(None, [earlier]), back),)))
