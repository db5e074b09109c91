"""What became of messages: which are before the person's eyes, and how many are where."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.outbox.rows import UNDER_WAY, Address, OutboxKind, OutboxState, Shown, row_, run


async def said_in_group(session: AsyncSession, group_id: int, about: str) -> list[Shown]:
    """Every message about a thing that stands in a group, or is on its way there; oldest first."""
    mine = (row_.group_id == group_id, row_.about == about, row_.kind == OutboxKind.SEND)
    there = or_(row_.state.in_(UNDER_WAY), row_.message_ref.is_not(None))
    query = select(row_.id, row_.platform, row_.account, row_.ref, row_.message_ref).where(*mine, there)
    return [_shown(row) for row in await run(session, query.order_by(row_.id))]


def _shown(row: Row[Any]) -> Shown:
    """By the platform's id, or while that is unknown by the row that will know it."""
    known = row.message_ref is not None
    return Shown(Address(row.platform, row.account, row.ref), row.message_ref, None if known else row.id)


async def never_left(session: AsyncSession, person_id: int, about: str) -> bool:
    """True when something was said about a thing, and none of it has reached the person, or still may."""
    said = (row_.person_id == person_id, row_.about == about, row_.kind == OutboxKind.SEND)
    maybe = (OutboxState.LEASED, OutboxState.DELIVERED, OutboxState.UNSURE)
    left = or_(row_.state.in_(maybe), row_.message_ref.is_not(None), row_.copies > 0)
    rows = await run(session, select(left.label("left")).where(*said))
    return bool(rows) and not any(row.left for row in rows)


async def last_said(session: AsyncSession, person_id: int, about: str) -> datetime | None:
    """When something was last said about a thing that has reached the person, or still may.

    It is known for as long as the outbox keeps what was sent.
    """
    maybe = (*UNDER_WAY, OutboxState.DELIVERED, OutboxState.UNSURE)
    query = select(func.max(row_.created_at).label("said_at")).where(
        row_.person_id == person_id,
        row_.about == about,
        row_.kind == OutboxKind.SEND,
        row_.state.in_(maybe),
    )
    [row] = await run(session, query)
    said_at: datetime | None = row.said_at
    return said_at


async def settled_at(session: AsyncSession, row_id: int) -> datetime | None:
    """When it was written down what became of a row."""
    rows = await run(session, select(row_.settled_at).where(row_.id == row_id))
    at: datetime | None = rows[0].settled_at if rows else None
    return at


async def counts(session: AsyncSession) -> Mapping[OutboxState, int]:
    """How many rows are in each state."""
    found = await run(session, select(row_.state, func.count().label("rows")).group_by(row_.state))
    return {row.state: row.rows for row in found}
