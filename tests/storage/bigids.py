"""Ids that have been counted for many years."""

from sqlalchemy import text

from storage.database import Database

BIG = 3_000_000_000  # more than fits into 32 bits
_SERVER_COUNTERS = "SELECT sequencename FROM pg_sequences WHERE data_type = 'bigint'::regtype"
_FILE_COUNTERS = "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"


async def count_on_from(database: Database, number: int = BIG) -> None:
    """The next row of every table gets an id beyond `number`."""
    counters = _FILE_COUNTERS if database.is_sqlite else _SERVER_COUNTERS
    counting = "INSERT INTO sqlite_sequence VALUES (:name, :number)"
    if not database.is_sqlite:
        counting = "SELECT setval(CAST(:name AS regclass), :number)"
    async with database.engine.begin() as connection:
        if database.is_sqlite:
            await connection.execute(text("DELETE FROM sqlite_sequence"))
        for name in list((await connection.execute(text(counters))).scalars()):
            await connection.execute(text(counting), {"name": name, "number": number})
