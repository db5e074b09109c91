"""The engine and the one way to use it: one session is one transaction."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import batches, sqlite
from storage.moments import IN_FILES

BUSY_TIMEOUT_MS = 5_000

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
    # Deleted health text must not linger in free pages.
    "PRAGMA secure_delete=ON",
)


CONNECTIONS, WRITERS = 16, 10
POOL_SECONDS = 15.0
# A machine that lost its power says goodbye to nobody. Both ends notice within half a minute, so that what it
# held (locks of rows, the ledger, the right to poll) is free for the others, and nobody waits on a dead line.
_SERVER_LIMITS = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "options": " ".join(
        f"-c {name}={value}"
        for name, value in {
            "tcp_keepalives_idle": 10,
            "tcp_keepalives_interval": 5,
            "tcp_keepalives_count": 3,
            "idle_in_transaction_session_timeout": 60_000,
            "lock_timeout": 20_000,
        }.items()
    ),
}

# PostgreSQL's names for a serialization failure and a deadlock.
_CONFLICTS = frozenset({"40001", "40P01"})


class DatabaseUnusable(Exception):
    """The database cannot be opened or written; the message says why in one plain sentence."""


class _Session(Session):
    """A session that writes a table at a time."""


event.listen(_Session, "before_flush", batches.prepare)


class Database:
    """Opens transactions. Writers queue here instead of on the file's lock, or for the server's connections.

    So some connections are always left for reading: the crisis step looks somebody's country up, and has
    50 ms for it.
    """

    def __init__(self, url: str) -> None:
        """`url` is a SQLAlchemy URL; plain `sqlite:///…` is given the async driver."""
        self.url = _with_async_driver(make_url(url))
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_size=WRITERS,
            max_overflow=CONNECTIONS - WRITERS,
            pool_timeout=POOL_SECONDS,
            # The one used last is taken first: its cache is warm, and those of the others stay small.
            pool_use_lifo=True,
            hide_parameters=True,
            **self._connecting(),
        )
        self._writing = asyncio.Semaphore(1 if self.is_sqlite else WRITERS)
        if self.is_sqlite:
            dialect = self.engine.dialect
            dialect.colspecs = {**dialect.colspecs, **IN_FILES}
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
        self._to_write, self._to_read = self._beginning("BEGIN IMMEDIATE"), self._beginning("BEGIN")
        # A file shows every reader one moment anyway.
        unmoved = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._to_look_around = self._to_read if self.is_sqlite else unmoved

    def _connecting(self) -> dict[str, Any]:
        if not self.is_sqlite:
            return {"connect_args": _SERVER_LIMITS}
        return {"async_creator": partial(sqlite.connect, self.url.database or ":memory:")}

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The database file; None for a server or an in-memory database."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end of the block, or undoes everything when the block raises.

        On SQLite it takes the write lock with its first statement, also when that one reads: a deferred
        transaction that turns from reading to writing fails immediately, whatever the busy timeout says.
        """
        async with self._turn(), _open(self._to_write) as session, session.begin():
            yield session

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Raises TimeoutError when a server that hangs keeps everybody waiting; a file has its own limits."""
        async with asyncio.timeout(None if self.is_sqlite else POOL_SECONDS):
            await self._writing.acquire()
        try:
            yield
        finally:
            self._writing.release()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; it never waits for a writer."""
        async with _open(self._to_read) as session:
            yield session

    @asynccontextmanager
    async def unmoved(self) -> AsyncIterator[AsyncSession]:
        """A session for reading in which all is as it was at its first statement, whatever others write."""
        async with _open(self._to_look_around) as session:
            yield session

    def _beginning(self, begin: str) -> AsyncEngine:
        """The engine, whose transactions on a file begin with these words."""
        return self.engine.execution_options(sqlite_begin=begin) if self.is_sqlite else self.engine

    async def now(self) -> datetime:
        """The server's own clock, aware. PostgreSQL only."""
        async with self.engine.connect() as connection:
            shown: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
            return shown

    def apart(self) -> AsyncEngine:
        """An engine that opens a connection each time, outside the pool and outside any transaction.

        A transaction that stays open for days would keep the server from tidying.
        """
        return create_async_engine(
            self.url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            **self._connecting(),
        )

    async def close(self) -> None:
        await self.engine.dispose()


def _open(engine: AsyncEngine) -> AsyncSession:
    return AsyncSession(engine, expire_on_commit=False, sync_session_class=_Session)


def is_postgresql(session: AsyncSession) -> bool:
    """True when this session speaks to a PostgreSQL server."""
    return session.get_bind().dialect.name == "postgresql"


def is_unavailable(error: BaseException) -> bool:
    """True when the database itself is in trouble (locked, full, gone), not the statement."""
    if isinstance(error, (IntegrityError, DataError, ProgrammingError)):
        return False
    # A pool whose connections all wait for the server raises an error of its own.
    return isinstance(error, (DBAPIError, sqlite3.Error, DatabaseUnusable, OSError, PoolTimeout))


def is_conflict(error: BaseException) -> bool:
    """True when the server undid a transaction for the sake of another one; trying again is enough."""
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _CONFLICTS


def _with_async_driver(url: URL) -> URL:
    if url.get_backend_name() == "sqlite":
        return url.set(drivername="sqlite+aiosqlite")
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise DatabaseUnusable(f"EVENKEEL_DATABASE_URL: {url.get_backend_name()!r} is not supported.")


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    driver.begin(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
