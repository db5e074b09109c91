"""Updates already handled, so that a repeated one has no second effect."""

from datetime import datetime
from functools import cache

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG
from storage.database import is_postgresql


class SeenUpdate(SQLModel, table=True):
    """One handled update of one account."""

    __tablename__ = "seen_update"

    account: str = Field(primary_key=True)
    update_id: int = Field(primary_key=True, sa_type=LONG)
    seen_at: datetime = Field(index=True)


async def seen(session: AsyncSession, account: str, update_id: int) -> bool:
    """True when this update was handled before."""
    query = select(SeenUpdate.update_id).where(
        SeenUpdate.account == account, SeenUpdate.update_id == update_id
    )
    return (await session.exec(query)).first() is not None


async def mark(session: AsyncSession, account: str, update_id: int, now: datetime) -> bool:
    """Remember an update together with its effects, in their transaction; False when it was handled before.

    Where somebody else handles it just now, this waits for their end.
    """
    row = {"account": account, "update_id": update_id, "seen_at": now}
    new = await (await session.connection()).execute(_marking(is_postgresql(session)), row)
    return new.first() is not None


@cache
def _marking(on_server: bool) -> ReturningInsert[tuple[int]]:
    insert = postgresql.insert(SeenUpdate) if on_server else sqlite.insert(SeenUpdate)
    return insert.on_conflict_do_nothing().returning(col(SeenUpdate.update_id))


async def forget_before(session: AsyncSession, instant: datetime) -> None:
    """Drop marks that the platform can no longer repeat."""
    await session.exec(delete(SeenUpdate).where(col(SeenUpdate.seen_at) < instant))
