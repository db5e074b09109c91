"""The person's log: what a caregiver was told, word for word, when, and whether it arrived."""

from bot.caregivers.telling import wording
from bot.conversation.message import Action, Choice, Message
from bot.conversation.visit import Visit
from scheduler.localtime import local
from storage import bonds, told
from storage.bonds import ROOM

_PAGE = 8


async def show(visit: Visit, argument: str) -> None:
    """ "12": the newest of a bond; "12.340": those before a row of the log."""
    key, _dot, before = argument.partition(".")
    bond = await bonds.owned(visit.session, visit.person.key, int(key)) if key.isdecimal() else None
    if bond is None:
        return
    _, older = visit.gettext, int(before) if before.isdecimal() else None
    rows = await told.page(visit.session, bond.key, _PAGE + 1, older)
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
    earlier = (
        Choice(wording.earlier(_), Action(ROOM, "told", f"{bond.key}.{shown[-1].key}")) if more else None
    )
    back = Choice(wording.back(_), Action(ROOM, "of", str(bond.key)))
    name = wording.caregiver(_, bonds.open_name(visit.sealer, bond))
    visit.show(Message(wording.log(_, name, entries), ((*filter(None, [earlier]), back),)))
