"""The baton: of all workers, the one that holds it does what one alone may do.

On a server it hangs on a connection of its own, and is free for the others when that ends. So whoever holds
it looks whether the connection is still there. On a file there is one process anyway.
"""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy import column, func, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database, DatabaseUnusable, is_unavailable

LOOK_SECONDS = 3.0
PATIENCE_SECONDS = 5.0  # a server that says nothing for so long is as good as gone
ENDING_MS = 1_000

_log = structlog.get_logger(__name__)

_backends = table("pg_stat_activity", column("pid"), column("backend_start"))


class _Backend(NamedTuple):
    """One connection as the server sees it. Its number alone may be another's after a restart."""

    pid: int
    started: datetime


class Baton:
    """The right to do something, which one worker has at a time. Close it when it is no longer wanted."""

    def __init__(self, database: Database, what: str) -> None:
        """`what` names the right; it is another one for each name."""
        self._is_sqlite, self._engine = database.is_sqlite, database.apart()
        self._lock = func.hashtextextended(what, 0)
        self._connection: AsyncConnection | None = None
        self._last: _Backend | None = None

    async def take(self) -> bool:
        """Whether it is ours now; False while somebody else holds it. Raises what the database raises."""
        if self._is_sqlite:
            return True
        async with AsyncExitStack() as otherwise, asyncio.timeout(PATIENCE_SECONDS):
            connection = await otherwise.enter_async_context(self._engine.connect())
            await self._end_last(connection)
            taken = bool(await connection.scalar(select(func.pg_try_advisory_lock(self._lock))))
            if taken:
                self._last = await _backend_of(connection)
                self._connection = connection
                otherwise.pop_all()
            return taken

    async def keep(self) -> None:
        """Hold what was taken, for ever; returns when somebody else has it.

        A connection that is gone or silent is replaced. While the server is away nobody can say whose it is,
        and we go on.
        """
        if self._is_sqlite:
            await asyncio.Event().wait()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not await self._is_ours():
                return

    async def aclose(self) -> None:
        """Let the others have it. The server is not asked: one that hangs would keep us from stopping."""
        if self._connection is not None:
            await self._hang_up(self._connection)
        await self._engine.dispose()

    async def _is_ours(self) -> bool:
        try:
            if self._connection is not None and await self._answers(self._connection):
                return True
            taken = await self.take()
        except Exception as error:
            if not is_unavailable(error):
                raise
            return True
        _log.info("baton_taken_anew" if taken else "baton_taken_by_another")
        return taken

    async def _answers(self, connection: AsyncConnection) -> bool:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await connection.execute(select(1))
        except (DBAPIError, TimeoutError) as error:
            _log.warning("baton_slipped", error=type(error).__name__)
            await self._hang_up(connection)
            return False
        return True

    async def _hang_up(self, connection: AsyncConnection) -> None:
        self._connection = None
        await connection.invalidate()
        await connection.close()

    async def _end_last(self, connection: AsyncConnection) -> None:
        """The server may not know yet that our last connection is gone, and keep the lock for it.

        Raises DatabaseUnusable when it cannot be ended now.
        """
        if self._last is None:
            return
        is_last = (_backends.c.pid == self._last.pid) & (_backends.c.backend_start == self._last.started)
        ending = func.pg_terminate_backend(_backends.c.pid, ENDING_MS)
        if await connection.scalar(select(ending).where(is_last)) is False:
            raise DatabaseUnusable("The connection that held a lock of ours cannot be ended.")


async def _backend_of(connection: AsyncConnection) -> _Backend:
    seen = select(_backends).where(_backends.c.pid == func.pg_backend_pid())
    return _Backend(*(await connection.execute(seen)).one())
