"""Numbers for rows that are written in bulk: taken beforehand, so that the rows can refer to one another."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select, text
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


async def reserve(session: AsyncSession, table: type[SQLModel], count: int) -> Sequence[int]:
    """So many ids of a table that were never given before. Within a transaction that writes.

    Those of a file are given when their rows are written: write them before you ask again.
    """
    if not count:
        return ()
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        sequence = func.nextval(func.pg_get_serial_sequence(str(table.__tablename__), "id"))
        rows = await connection.execute(select(sequence).select_from(func.generate_series(1, count)))
        return sorted(rows.scalars())
    return await connection.run_sync(reserve_in_file, table, count)


def reserve_in_file(connection: Connection, table: type[SQLModel], count: int) -> Sequence[int]:
    """The same, for SQLite and for who is not asynchronous."""
    last = select(func.max(table.__table__.c.id))  # type: ignore[attr-defined]
    highest = connection.execute(last).scalar_one() or 0
    given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    ever = connection.execute(given, {"name": str(table.__tablename__)}).scalar_one_or_none() or 0
    first = max(highest, ever) + 1
    return range(first, first + count)
