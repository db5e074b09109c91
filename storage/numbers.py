"""Numbers for rows that are written in bulk: taken beforehand, so that the rows can refer to one another."""

from collections.abc import Sequence

from sqlalchemy import func, select, text
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import is_postgresql


async def reserve(session: AsyncSession, table: type[SQLModel], count: int) -> Sequence[int]:
    """So many ids of a table that were never given before. Within a transaction that writes."""
    if not count:
        return ()
    connection, name = await session.connection(), str(table.__tablename__)
    if is_postgresql(session):
        sequence = func.nextval(func.pg_get_serial_sequence(name, "id"))
        rows = await connection.execute(select(sequence).select_from(func.generate_series(1, count)))
        return sorted(rows.scalars())
    last = select(func.max(table.__table__.c.id))  # type: ignore[attr-defined]
    highest = (await connection.execute(last)).scalar_one() or 0
    given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    ever = (await connection.execute(given, {"name": name})).scalar_one_or_none() or 0
    first = max(highest, ever) + 1
    return range(first, first + count)
