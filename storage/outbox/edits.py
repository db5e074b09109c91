"""Edits find the message that they concern, and the last of them counts."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Update, and_, case, exists, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.outbox.combinations import PLACE, one_of, wanted
from storage.outbox.rows import (
    NOW,
    OUTBOX,
    UNDER_WAY,
    Address,
    OutboxKind,
    OutboxState,
    as_value,
    row_,
    run,
    same_address,
)


def _aiming() -> Update:
    sent = OUTBOX.alias("sent")
    reference = select(sent.c.message_ref).where(sent.c.id == row_.target_row).scalar_subquery()
    settled = exists().where(sent.c.id == row_.target_row, sent.c.state.not_in(UNDER_WAY))
    pointless = and_(row_.state == OutboxState.PENDING, reference.is_(None))
    values = {
        "target": reference,
        "target_row": None,
        "state": case((pointless, as_value(OutboxState.SUPERSEDED)), else_=row_.state),
        "settled_at": case((pointless, NOW), else_=row_.settled_at),
    }
    return update(OUTBOX).where(row_.target_row.is_not(None), settled).values(values)


_AIMING = _aiming()


async def aim(session: AsyncSession, now: datetime) -> None:
    """Give edits their target once the row they wait for is settled; without a message there is no edit."""
    await run(session, _AIMING, {"now": now})


def _voiding() -> Update:
    newer = OUTBOX.alias("newer")
    later = exists().where(
        same_address(newer),
        newer.c.kind != OutboxKind.SEND,
        newer.c.id > row_.id,
        or_(newer.c.target == row_.target, newer.c.target_row == row_.target_row),
    )
    where = and_(one_of(PLACE), row_.state == OutboxState.PENDING, row_.kind == OutboxKind.EDIT, later)
    return update(OUTBOX).where(where).values(state=OutboxState.SUPERSEDED, settled_at=NOW)


_VOIDING = _voiding()


async def void_older_edits(session: AsyncSession, addresses: Collection[Address], now: datetime) -> None:
    """Supersede pending edits of a message that a later edit or deletion concerns too."""
    if addresses:
        await run(session, _VOIDING, wanted(PLACE, addresses) | {"now": now})
