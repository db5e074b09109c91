"""The replay: what was erased or revoked after a backup is erased and revoked again when it was restored.

A tombstone counts for what is older than itself, so whoever came back afterwards stays.
"""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bonds, estate, groups, invites, outbox, scopes, timers
from storage.bonds import Bond
from storage.database import Database
from storage.groups import Group
from storage.lapses import Lapse
from storage.people import Person
from storage.scopes import BondScope
from storage.timers import Setting
from storage.tombstones import StoneKind, Tombstones
from storage.vocabulary import BondState, Ending, PersonState

# For each kind: the newest tombstone of each thing.
_Newest = dict[StoneKind, dict[str, datetime]]


async def replay(database: Database, tombstones: Tombstones) -> int:
    """Do again what the tombstones say; how much there was to do. Raises StonesUnwritable."""
    newest: _Newest = {kind: {} for kind in StoneKind}
    for kind, at, digest in await tombstones.read():
        newest[kind][digest] = max(at, newest[kind].get(digest, at))
    if not any(newest.values()):
        return 0
    async with database.transaction() as session:
        count = await _erase(session, tombstones, newest[StoneKind.ERASED])
        count += await _revoke(session, tombstones, newest)
        count += await _silence(session, tombstones, newest[StoneKind.SILENT])
        count += await _spend(session, tombstones, newest[StoneKind.SPENT])
        return count + await _forget(session, tombstones, newest[StoneKind.FORGOTTEN])


async def _erase(session: AsyncSession, tombstones: Tombstones, newest: dict[str, datetime]) -> int:
    if not newest:
        return 0
    where = (Person.id, Person.platform, Person.account, Person.ref, Person.created_at)
    query = select(*where).where(col(Person.created_at) <= max(newest.values()))  # type: ignore[call-overload]
    found = [
        (key, at)
        for key, platform, account, ref, created_at in await session.exec(query)
        if (at := newest.get(tombstones.person(platform, account, ref))) is not None and created_at <= at
    ]
    for key, at in found:
        await estate.erase(session, key, at)
    return len(found)


async def _revoke(session: AsyncSession, tombstones: Tombstones, newest: _Newest) -> int:
    count = 0
    query = select(Bond).where(col(Bond.state) != BondState.ENDED).order_by(col(Bond.id))
    standing = list(await session.exec(query))
    on = await scopes.of_bonds(session, [bond.key for bond in standing])
    known = await scopes.set_at(session, [bond.key for bond in standing])
    for bond in standing:
        digest = tombstones.bond(bond.key, bond.agreed_at)
        if (at := newest[StoneKind.ENDED].get(digest)) is not None:
            count += await bonds.end(session, bond.key, Ending.PERSON, at, told=True)
            await _owe_word(session, Lapse(person_id=bond.person_id, bond_id=bond.key), at)
        elif (at := newest[StoneKind.PAUSED].get(digest)) is not None and _rested(bond, at):
            count += await bonds.change(
                session, bond.key, [BondState.LIVE], bond.state_since, state=BondState.PAUSED
            )
            await _owe_word(session, Lapse(person_id=bond.person_id, bond_id=bond.key), at)
        for scope in on[bond.key]:
            digest = tombstones.scope(bond.key, bond.agreed_at, scope.kind)
            off, last = newest[StoneKind.OFF].get(digest), newest[StoneKind.SET].get(digest)
            if _revoked(scope, off, last, known.get((bond.key, scope.kind))):
                at = max(each for each in (off, last) if each is not None)
                count += await scopes.switch_off(session, bond, scope.kind, at)
                lapse = Lapse(person_id=bond.person_id, bond_id=bond.key, scope=scope.kind)
                await _owe_word(session, lapse, at)
    return count


async def _owe_word(session: AsyncSession, lapse: Lapse, at: datetime) -> None:
    """The person is to be told, as soon as somebody looks at them."""
    session.add(lapse)
    await timers.put(session, [Setting(lapse.person_id, bonds.ROOM, at)])


async def _silence(session: AsyncSession, tombstones: Tombstones, newest: dict[str, datetime]) -> int:
    """Whoever let things out before they fell silent, and has not been heard of since, lets nothing out.

    Of whom the database knows it by itself, nothing needs to be done.
    """
    if not newest:
        return 0
    query = select(Person, func.min(Bond.state_since)).join(Bond, col(Bond.person_id) == col(Person.id))
    here = (Person.state == PersonState.ACTIVE, col(Person.reachable), col(Person.silent_since).is_(None))
    query = query.where(Bond.state == BondState.LIVE, *here).group_by(col(Person.id)).order_by(col(Person.id))
    count = 0
    for person, since in await session.exec(query):
        at = newest.get(tombstones.person(person.platform, person.account, person.ref))
        if at is not None and since <= at:
            person.silent_since = at
            count += 1
    return count


async def _spend(session: AsyncSession, tombstones: Tombstones, newest: dict[str, datetime]) -> int:
    """Invitations that somebody had opened since, or that a newer one had ended, work no more."""
    if not newest:
        return 0
    count = 0
    for invite in await invites.unspent(session, max(newest.values())):
        at = newest.get(tombstones.invite(invite.token_hash))
        if at is not None and invite.expires_at > at and (invite.used_at is None or invite.used_at < at):
            invite.expires_at = at
            count += 1
            await _owe_word(session, Lapse(person_id=invite.person_id), at)
    return count


async def _forget(session: AsyncSession, tombstones: Tombstones, newest: dict[str, datetime]) -> int:
    """Groups that were forgotten since; one that was met again after that is another."""
    if not newest:
        return 0
    known = list(await session.exec(select(Group).where(col(Group.wrapped).is_not(None))))
    gone = [
        group
        for group in known
        if group.wrapped is not None and tombstones.group(group.key, group.wrapped) in newest
    ]
    for group in gone:
        await outbox.forget_group(session, group.key)
        await groups.forget(session, group)
    return len(gone)


def _rested(bond: Bond, at: datetime) -> bool:
    return bond.state is BondState.LIVE and bond.state_since <= at


def _revoked(scope: BondScope, off: datetime | None, last: datetime | None, known: datetime | None) -> bool:
    """Whether it was switched off since, or set in a way that nobody knows any more: then it is off."""
    return (off is not None and scope.since <= off) or (last is not None and (known is None or known < last))
