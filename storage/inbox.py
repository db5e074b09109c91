"""The inbox: updates that were acknowledged before they were handled, because too many came at once.

A row goes when its update was handled. What a crash leaves is handled after the restart; that an update has
one effect is the business of `storage/updates.py`.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import ClassVar

import structlog
from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG
from storage.sealing import CannotOpen, MasterKey, Sealer

_log = structlog.get_logger(__name__)


class InboxUpdate(SQLModel, table=True):
    """One update of one account, sealed as it came."""

    __tablename__: ClassVar[str] = "inbox"

    account: str = Field(primary_key=True)
    update_id: int = Field(primary_key=True, sa_type=LONG)
    body_sealed: bytes
    kept_at: datetime


async def put(
    session: AsyncSession, master: MasterKey, account: str, bodies: Mapping[int, str], now: datetime
) -> None:
    """Keep updates, by number. A number that Telegram gives again takes the place of the old one."""
    sealer = _sealer(master, account)
    await drop(session, account, bodies)
    session.add_all(
        InboxUpdate(
            account=account,
            update_id=update_id,
            body_sealed=sealer.seal(InboxUpdate.__tablename__, "body_sealed", body),
            kept_at=now,
        )
        for update_id, body in bodies.items()
    )


async def kept(session: AsyncSession, master: MasterKey, account: str, until: datetime) -> list[str]:
    """What was kept until an instant, in the order in which it came."""
    query = (
        select(InboxUpdate)
        .where(InboxUpdate.account == account, col(InboxUpdate.kept_at) <= until)
        .order_by(col(InboxUpdate.kept_at), col(InboxUpdate.update_id))
    )
    sealer = _sealer(master, account)
    found = [_opened(sealer, row) for row in await session.exec(query)]
    return [body for body in found if body is not None]


async def drop(session: AsyncSession, account: str, update_ids: Collection[int]) -> None:
    """These were handled."""
    mine = col(InboxUpdate.account) == account
    await session.exec(delete(InboxUpdate).where(mine, col(InboxUpdate.update_id).in_(list(update_ids))))


async def forget(session: AsyncSession, account: str) -> None:
    """Nothing of this account will be handled any more."""
    await session.exec(delete(InboxUpdate).where(col(InboxUpdate.account) == account))


def _opened(sealer: Sealer, row: InboxUpdate) -> str | None:
    try:
        return sealer.open(InboxUpdate.__tablename__, "body_sealed", row.body_sealed)
    except CannotOpen:
        _log.error("update_cannot_be_opened", update=row.update_id)
        return None


def _sealer(master: MasterKey, account: str) -> Sealer:
    """Who wrote is not known before an update is read, so the seal names the bot, not a person."""
    return Sealer(master.derive("inbox"), int(account))
