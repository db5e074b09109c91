"""Ends without a send: superseded, too late, nobody there, no longer ours."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.outbox.combinations import PLACE, THING, one_of, wanted
from storage.outbox.line import UNREACHABLE
from storage.outbox.rows import (
    INSISTENT,
    NOW,
    OUTBOX,
    Address,
    Ended,
    OutboxState,
    as_value,
    row_,
    run,
)

_ENDED_COLUMNS = (
    row_.id,
    row_.person_id,
    row_.group_id,
    row_.platform,
    row_.account,
    row_.ref,
    row_.lane,
    row_.kind,
    row_.about,
    row_.state,
    row_.copies,
    row_.message_ref,
)
_PENDING_AT = and_(one_of(PLACE), row_.state == OutboxState.PENDING)


def _ended(state: Any, now: Any) -> dict[str, Any]:
    return {"state": state, "settled_at": now}


_SUPERSEDING = (
    update(OUTBOX)
    .where(one_of(THING), row_.state == OutboxState.PENDING)
    .values(_ended(OutboxState.SUPERSEDED, NOW))
    .returning(row_.id)
)


async def supersede(session: AsyncSession, things: Collection[tuple[int, str]], now: datetime) -> int:
    """End what is still pending about things of people, each `(person_id, about)`; how many rows.

    What is leased has left already.
    """
    if not things:
        return 0
    return len(await run(session, _SUPERSEDING, wanted(THING, things) | {"now": now}))


async def supersede_in_group(
    session: AsyncSession, group_id: int, things: Collection[str], now: datetime
) -> None:
    """End what is still pending about things of a group, as `supersede` does for people."""
    mine = and_(row_.group_id == group_id, row_.about.in_(things), row_.state == OutboxState.PENDING)
    await run(session, update(OUTBOX).where(mine).values(_ended(OutboxState.SUPERSEDED, now)))


async def expire(session: AsyncSession, now: datetime) -> list[Ended]:
    """End pending rows whose `not_after` passed: UNSURE when a copy may have arrived, else EXPIRED."""
    state = case((row_.copies > 0, as_value(OutboxState.UNSURE)), else_=as_value(OutboxState.EXPIRED))
    where = and_(row_.state == OutboxState.PENDING, row_.not_after < now)
    return await _end(session, where, state, now)


async def strand(session: AsyncSession, addresses: Collection[Address], now: datetime) -> list[Ended]:
    """End everything pending at addresses that cannot be reached."""
    if not addresses:
        return []
    return await _end(session, _PENDING_AT, OutboxState.UNREACHABLE, now, wanted(PLACE, addresses))


async def strand_unreachable(session: AsyncSession, now: datetime) -> list[Ended]:
    """End what was posted to people who were known to be unreachable; replies are still tried."""
    where = and_(row_.state == OutboxState.PENDING, row_.lane >= INSISTENT, UNREACHABLE)
    return await _end(session, where, OutboxState.UNREACHABLE, now)


async def withhold(session: AsyncSession, platform: str, account: str, now: datetime) -> int:
    """End everything pending that would leave through an account which is no longer ours; how many rows."""
    where = and_(row_.state == OutboxState.PENDING, row_.platform == platform, row_.account == account)
    ended = update(OUTBOX).where(where).values(_ended(OutboxState.WITHHELD, now)).returning(row_.id)
    return len(await run(session, ended))


async def _end(
    session: AsyncSession,
    where: ColumnElement[bool],
    state: Any,
    now: datetime,
    parameters: Mapping[str, Any] | None = None,
) -> list[Ended]:
    statement = update(OUTBOX).where(where).values(_ended(state, now)).returning(*_ENDED_COLUMNS)
    return [
        Ended(
            row_id=row.id,
            person_id=row.person_id,
            address=Address(row.platform, row.account, row.ref),
            lane=row.lane,
            kind=row.kind,
            about=row.about,
            state=row.state,
            copies=row.copies,
            message_ref=row.message_ref,
            group_id=row.group_id,
        )
        for row in await run(session, statement, parameters)
    ]
