"""Addresses that change, people who are erased, and rows whose time is over."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import groups, pulses
from storage.outbox.rows import OUTBOX, PERSON, Address, OutboxKind, OutboxState, row_, run


async def move(session: AsyncSession, old: Address, ref: str, now: datetime) -> None:
    """Rewrite an address everywhere: every row, the group, and the person, unless somebody lives there.

    What was said in a group stayed behind; at the new place its numbers would name other messages.
    """
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
    if group is not None:
        await pulses.lose_in(session, group.key, await _lose_sight(session, group.key, now))


async def _lose_sight(session: AsyncSession, group_id: int, now: datetime) -> list[str]:
    """What was said in a group is out of reach; of what things something was still to be changed."""
    said = and_(row_.group_id == group_id, row_.message_ref.is_not(None))
    await run(session, update(OUTBOX).where(said).values(message_ref=None))
    waits = and_(row_.state == OutboxState.PENDING, row_.kind != OutboxKind.SEND)
    ended = {"state": OutboxState.SUPERSEDED, "settled_at": now}
    changes = update(OUTBOX).where(row_.group_id == group_id, waits).values(ended).returning(row_.about)
    return [row.about for row in await run(session, changes) if row.about is not None]


async def leave_behind(session: AsyncSession, sent: Mapping[int, str]) -> set[int]:
    """Of messages to groups, by row the reference where each was accepted: those whose group has moved since.

    At its new place their ids name other messages.
    """
    found: set[int] = set()
    for ref in set(sent.values()):
        here = [row_id for row_id, where in sent.items() if where == ref]
        stayed = and_(row_.id.in_(here), row_.ref != ref)
        values = update(OUTBOX).where(stayed).values(message_ref=None).returning(row_.id, row_.about)
        rows = await run(session, values)
        found |= {row.id for row in rows}
        await pulses.lose(session, [key for row in rows if (key := pulses.pulse_in(row.about)) is not None])
    return found


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
