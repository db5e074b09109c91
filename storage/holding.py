"""Holding a person: while one transaction works on somebody, no other does.

On a server these are locks that end with the transaction. A file has one writer at a time, so there is
nothing to do. Whoever holds a person may wait for rows about them; nobody who holds such rows may wait for a
person, or two transactions wait for each other.
"""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import is_postgresql
from storage.people import Person


async def hold_address(session: AsyncSession, platform: str, account: str, ref: str) -> None:
    """Wait until nobody else works on whoever lives at this address, or is about to."""
    if not is_postgresql(session):
        return
    connection, address = await session.connection(), "\n".join((platform, account, ref))
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(address, 0))))
    where = (col(Person.platform) == platform, col(Person.account) == account, col(Person.ref) == ref)
    await connection.execute(select(col(Person.id)).where(*where).with_for_update(key_share=True))


async def hold_people(session: AsyncSession, person_ids: Sequence[int]) -> None:
    """Wait until nobody else works on these people; they are held in the order of their ids.

    Whoever works on a bond holds the person first, so that the two sides do not miss each other. Somebody who
    holds one of the two already may stand in the other's way; the server then undoes one of them, to be done
    again.
    """
    if not is_postgresql(session) or not person_ids:
        return
    known = select(col(Person.id)).where(col(Person.id).in_(person_ids)).order_by(col(Person.id))
    await (await session.connection()).execute(known.with_for_update(key_share=True))


async def hold_free(session: AsyncSession, person_ids: Sequence[int]) -> list[int]:
    """Of these people, in their order, those on whom nobody else works now. It waits for nobody.

    Nobody works on whoever was erased meanwhile, either.
    """
    if not is_postgresql(session):
        return list(person_ids)
    connection = await session.connection()
    known = select(col(Person.id)).where(col(Person.id).in_(person_ids))
    locking = known.order_by(col(Person.id)).with_for_update(key_share=True, skip_locked=True)
    held = set((await connection.execute(locking)).scalars())
    if len(held) == len(person_ids):
        return list(person_ids)
    busy = set((await connection.execute(known)).scalars()) - held
    return [key for key in person_ids if key not in busy]
