"""The bell: who posts what can leave at once rings it; workers that listen hear it when that is committed.

PostgreSQL only; a file has one process, which knows by itself.
"""

from collections.abc import Callable

import psycopg
from sqlalchemy import func, select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.database import Database, DatabaseUnusable

_CHANNEL = "evenkeel_outbox"


async def ring(session: AsyncSession) -> None:
    """Heard if and when this transaction commits.

    Transactions that ring commit one after the other, so ring once in each, and not for nothing.
    """
    await (await session.connection()).execute(select(func.pg_notify(_CHANNEL, "")))


async def listen(database: Database, heard: Callable[[], None]) -> None:
    """Call `heard` once it listens, and at each ring, until the connection is lost.

    Raises DatabaseUnusable then, and whatever else the database raises.
    """
    # Outside any transaction: one that stays open for days would keep the server from tidying.
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        try:
            await connection.execute(text(f"LISTEN {_CHANNEL}"))
            heard()  # what was posted before was not heard
            driver: psycopg.AsyncConnection = (await connection.get_raw_connection()).driver_connection  # type: ignore[assignment]
            async for _ in driver.notifies():
                heard()
        except psycopg.OperationalError as error:
            raise DatabaseUnusable("The connection that listened was lost.") from error
        finally:
            # Back among the others it would go on listening.
            await connection.invalidate()
