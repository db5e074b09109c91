"""Whether the person lets their caregiver do something, asked from the caregiver's side."""

from typing import NamedTuple

from bot.conversation.visit import Visit
from storage import bonds, grants
from storage.bonds import Bond
from storage.caring import Caring
from storage.grants import Grant, Receipt
from storage.vocabulary import Scope


class Leave(NamedTuple):
    """The bond that it rests on, and a visit at the person's."""

    bond: Bond
    host: Visit


async def given(visit: Visit, row: Caring, kind: Scope) -> Leave | None:
    """The person's leave, live at this moment and until the commit; None for whatever reason there is none.

    The person is held before anybody looks: nothing changes between the look and what rests on it.
    """
    me = visit.person.key
    bond = await bonds.as_caregiver(visit.session, me, row.bond_id) if row.bond_id is not None else None
    host = await visit.at(bond.person_id) if bond is not None else None
    if bond is None or host is None:
        return None
    await visit.session.refresh(bond)
    receipt = Receipt(Grant(bond.key, kind), me, visit.now)
    live = await grants.live(visit.session, [receipt], visit.now)
    return Leave(bond, host) if receipt in live else None
