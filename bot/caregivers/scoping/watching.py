"""After each change of what is shared: if it looks unusual, the person is shown that nobody has to share."""

from collections.abc import Sequence
from datetime import datetime

from bot.caregivers.unusual import Bond as SeenBond
from bot.caregivers.unusual import ScopeChange, unusual
from bot.conversation.facts import SharingLooksUnusual
from bot.conversation.visit import Visit
from storage import bonds, invites, scopes
from storage.bonds import Bond
from storage.vocabulary import Scope


async def watch(visit: Visit, bond: Bond) -> None:
    """Look at a bond whose scopes or state have just changed, by this very visit."""
    await visit.session.flush()
    await visit.session.refresh(bond)
    others = (
        await bonds.of_caregiver(visit.session, bond.caregiver_id) if bond.caregiver_id is not None else []
    )
    made_at = await invites.made_at(visit.session, bond.person_id, bond.agreed_at)
    changes = _switched(await scopes.changes(visit.session, bond.key))
    found = unusual(
        _seen(bond, made_at),
        [_seen(other) for other in others if other.person_id != bond.person_id],
        [ScopeChange(change.kind.value, change.turned_on, change.at) for change in changes],
        visit.now,
    )
    if found:
        visit.tell(SharingLooksUnusual())


def _switched(changes: Sequence[scopes.ScopeChange]) -> list[scopes.ScopeChange]:
    """Those of the log by which something was switched on or off; the others set it in another way."""
    found, on = [], set[Scope]()
    for change in changes:
        if change.turned_on != (change.kind in on):
            found.append(change)
        (on.add if change.turned_on else on.discard)(change.kind)
    return found


def _seen(bond: Bond, invited_at: datetime | None = None) -> SeenBond:
    made = invited_at or bond.agreed_at
    return SeenBond(bond.person_id, made, bond.agreed_at, bond.confirmed_at, bond.ended_at)
