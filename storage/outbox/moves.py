"""Addresses that change, people who are erased, and rows whose time is over."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import groups
from storage.outbox.rows import OUTBOX, PERSON, Address, row_, run


async def move(session: AsyncSession, old: Address, ref: str) -> None:
    """Rewrite an address everywhere: every row, the group, and the person, unless somebody lives there."""
    here = and_(row_.platform == old.platform, row_.account == old.account, row_.ref == old.ref)
    await run(session, update(OUTBOX).where(here).values(ref=ref))
    there = PERSON.alias("there")
    taken = exists().where(
        there.c.platform == old.platform, there.c.account == old.account, there.c.ref == ref
    )
    person = PERSON.c
    lives = and_(person.platform == old.platform, person.account == old.account, person.ref == old.ref)
    await run(session, update(PERSON).where(lives, ~taken).values(ref=ref))
    group = await groups.at(session, *old)
    double = await groups.at(session, old.platform, old.account, ref) if group is not None else None
    if double is not None:
        await forget_group(session, double.key)
    await groups.move(session, *old, ref)


async def forget_person(session: AsyncSession, person_id: int) -> None:
    """Delete every row of a person, whatever its state; a send in flight will find nothing to settle."""
    await _forget(session, row_.person_id == person_id)


async def forget_group(session: AsyncSession, group_id: int) -> None:
    """Delete every row of a group, likewise."""
    await _forget(session, row_.group_id == group_id)


async def _forget(session: AsyncSession, whose: ColumnElement[bool]) -> None:
    mine = select(row_.id).where(whose).scalar_subquery()
    await run(session, update(OUTBOX).where(row_.target_row.in_(mine)).values(target_row=None))
    await run(session, delete(OUTBOX).where(whose))


async def reap(session: AsyncSession, before: datetime) -> int:
    """Delete rows settled before an instant; how many."""
    awaited = select(row_.target_row).where(row_.target_row.is_not(None)).scalar_subquery()
    statement = delete(OUTBOX).where(row_.settled_at < before, row_.id.not_in(awaited)).returning(row_.id)
    return len(await run(session, statement))
