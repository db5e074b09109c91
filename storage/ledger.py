"""The ledger: what every courier of a deployment sent in the last minute, and whom to leave alone.

Several workers keep within a platform's limits together because each reads here what the others sent. A
single process needs none of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, false, func, insert, not_, or_, select
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED

# Any number that nothing else in the house locks.
_LOCK = 7_305_117_031
_EVER = datetime(1, 1, 1, tzinfo=UTC)


class LedgerRow(SQLModel, table=True):
    """One message that leaves, or with `held_until` a chat (or with an empty `ref` an account) left alone.

    `surplus`: the message counts on the account's surplus; the hold concerns that alone.
    """

    __tablename__ = "ledger"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    worker: str
    account: str
    ref: str
    sends: bool = True
    at: datetime = Field(index=True)
    held_until: datetime | None = None
    surplus: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger, without who wrote it."""

    account: str
    ref: str
    sends: bool = True
    held_until: datetime | None = None
    surplus: bool = False


async def alone(session: AsyncSession) -> None:
    """Wait until no other worker is at the ledger, and keep them away until the transaction ends.

    PostgreSQL only.
    """
    await (await session.connection()).execute(select(func.pg_advisory_xact_lock(_LOCK)))


async def write(session: AsyncSession, worker: str, entries: Sequence[Entry], now: datetime) -> None:
    """Put down what this worker sends, or learned."""
    if not entries:
        return
    rows = [
        {
            "worker": worker,
            "account": entry.account,
            "ref": entry.ref,
            "sends": entry.sends,
            "at": now,
            "held_until": entry.held_until,
            "surplus": entry.surplus,
        }
        for entry in entries
    ]
    await (await session.connection()).execute(insert(LedgerRow), rows)


async def read(
    session: AsyncSession, worker: str, after: int, since: datetime
) -> tuple[list[tuple[Entry, datetime]], int]:
    """What the others put down after the row `after` and since an instant, with its time; and the last row.

    A hold that lasts longer is among it.
    Rows come in the order of their commits, because whoever writes is alone.
    """
    columns = (
        col(LedgerRow.id),
        col(LedgerRow.worker),
        col(LedgerRow.account),
        col(LedgerRow.ref),
        col(LedgerRow.sends),
        col(LedgerRow.at),
        col(LedgerRow.held_until),
        col(LedgerRow.surplus),
    )
    query = select(*columns).where(col(LedgerRow.id) > after, _counts_since(since))
    rows = (await (await session.connection()).execute(query.order_by(col(LedgerRow.id)))).all()
    others = [row for row in rows if row.worker != worker]
    entries = [
        (Entry(row.account, row.ref, row.sends, row.held_until, row.surplus), row.at) for row in others
    ]
    return entries, rows[-1].id if rows else after


async def forget(session: AsyncSession, before: datetime) -> None:
    """Drop what no limit looks back to."""
    await session.exec(delete(LedgerRow).where(not_(_counts_since(before))))


def _counts_since(instant: datetime) -> ColumnElement[bool]:
    """What was sent since then, and holds that were not over by then."""
    return or_(col(LedgerRow.at) >= instant, func.coalesce(col(LedgerRow.held_until), _EVER) >= instant)
