"""Posting: rows are stored in one statement, get their numbers, and are put in line."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bell, numbers
from storage.database import is_postgresql
from storage.outbox.edits import aim, void_older_edits
from storage.outbox.line import NEWCOMER_BLOCKED
from storage.outbox.rows import (
    HEAD_LANE,
    OUTBOX,
    UNDER_WAY,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Posting,
    row_,
    run,
)

# Built once: building them again for every reply would cost more than posting it.
_INSERTING_ONE = insert(OUTBOX).returning(row_.id)
_INSERTING = insert(OUTBOX)
_WAITS_FOR_ITS_MESSAGE = and_(row_.kind != OutboxKind.SEND, row_.target.is_(None))
_LINING_UP = (
    update(OUTBOX)
    .where(row_.id.in_(bindparam("ids", expanding=True)), row_.lane != HEAD_LANE)
    .where(or_(NEWCOMER_BLOCKED, _WAITS_FOR_ITS_MESSAGE))
    .values(state=OutboxState.PENDING, attempt=0, lease_token=None, lease_until=None)
    .returning(row_.id)
)

# What else is under way to the chat of a row.
_BESIDE = (
    select(row_.id)
    .where(row_.platform == bindparam("platform"), row_.account == bindparam("account"))
    .where(row_.ref == bindparam("ref"), row_.state.in_(UNDER_WAY), row_.id != bindparam("ours"))
    .limit(1)
)


async def post(session: AsyncSession, rows: Iterable[Posting]) -> list[int]:
    """Store rows and give each its id; a row whose `dedupe_key` was posted before is left out, its id None.

    A row may come leased already (`lease_to`); it is put in line like any other when something of its
    lane is still ahead of it in that chat. An edit makes earlier pending edits of the same message void.
    Workers that send hear of what waits and can leave at once, when the transaction commits.
    """
    wanted = list(rows)
    await session.flush()  # the people these rows belong to may be as new as the rows
    await _insert_plain(session, [row for row in wanted if row.dedupe_key is None])
    await _insert_once(session, [row for row in wanted if row.dedupe_key is not None])
    stored = [row for row in wanted if row.id is not None]
    leased = [row for row in stored if row.state == OutboxState.LEASED]
    edits = [row for row in stored if row.kind != OutboxKind.SEND]
    if (leased or edits) and not await _is_alone(session, stored):
        await _line_up(session, leased)
        await _settle_edits(session, edits)
    if is_postgresql(session) and any(_can_leave_at_once(row) for row in stored):
        await bell.ring(session)
    return [row.key for row in stored]


def lease_to(row: Posting, token: str, until: datetime) -> Posting:
    """The same row, leased to its maker before it is posted: a reply that leaves right after the commit."""
    row.state, row.attempt = OutboxState.LEASED, 1
    row.lease_token, row.lease_until = token, until
    return row


def _can_leave_at_once(row: Posting) -> bool:
    return row.state == OutboxState.PENDING and row.not_before <= row.created_at


async def _insert_plain(session: AsyncSession, rows: Sequence[Posting]) -> None:
    """One row is told its number when it is written; SQLite would write several one by one to tell theirs."""
    if len(rows) == 1:
        [found] = await run(session, _INSERTING_ONE, rows[0].values())
        rows[0].id = found.id
        return
    for row, number in zip(rows, await numbers.reserve(session, OutboxRow, len(rows)), strict=True):
        row.id = number
    if rows:
        await run(session, _INSERTING, [row.values() | {"id": row.id} for row in rows])


async def _insert_once(session: AsyncSession, rows: Sequence[Posting]) -> None:
    first = {row.dedupe_key: row for row in reversed(rows)}  # of two with one key the first counts
    if not first:
        return
    statement = _inserting_once(is_postgresql(session))
    for found in await run(session, statement, [row.values() for row in first.values()]):
        first[found.dedupe_key].id = found.id


@cache
def _inserting_once(on_server: bool) -> ReturningInsert[Any]:
    inserting = postgresql.insert(OUTBOX) if on_server else sqlite.insert(OUTBOX)
    return inserting.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(row_.id, row_.dedupe_key)


async def _is_alone(session: AsyncSession, rows: Sequence[Posting]) -> bool:
    """True for a message that waits for nobody and makes nothing void, as most answers to a press are."""
    if len(rows) != 1 or rows[0].target_row is not None:
        return False
    [row] = rows
    wanted = {"ours": row.key, "platform": row.platform, "account": row.account, "ref": row.ref}
    return not await run(session, _BESIDE, wanted)


async def _settle_edits(session: AsyncSession, edits: Sequence[Posting]) -> None:
    """Aim those that wait for their message; earlier edits of the same messages are void."""
    if not edits:
        return
    now = max(row.created_at for row in edits)
    if any(row.target_row is not None for row in edits):
        await aim(session, now)
    await void_older_edits(session, {row.address for row in edits}, now)


async def _line_up(session: AsyncSession, leased: Sequence[Posting]) -> None:
    """Turn leased newcomers that have something in their way into pending ones."""
    if not leased:
        return
    wanted = {"ids": [row.key for row in leased], "now": max(row.created_at for row in leased)}
    put_back = {found.id for found in await run(session, _LINING_UP, wanted)}
    for row in leased:
        if row.id in put_back:
            row.state, row.attempt, row.lease_token, row.lease_until = OutboxState.PENDING, 0, None, None
