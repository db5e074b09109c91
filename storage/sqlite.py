"""SQLite in a thread of its own, with one trip there and back for each statement.

aiosqlite makes four trips: for the cursor, for the statement, for its rows, and to close. SQLAlchemy adds one
to begin a transaction, and one to undo what was committed or has never begun. One press takes a dozen
statements, and the trips took longer than SQLite.
"""

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import aiosqlite

_Done = tuple[sqlite3.Cursor, list[Any]]


class _Cursor(aiosqlite.Cursor):
    """A cursor whose statement brings its rows along; then there is nothing left to fetch or to close."""

    def __init__(self, connection: "Connection") -> None:
        self._owner = connection
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        return await self._taken(partial(_executed, self._owner, sql, parameters or ()))

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        return await self._taken(partial(_executed_for_each, self._owner, sql, parameters))

    async def _taken(self, trip: Callable[[], _Done]) -> "_Cursor":
        done: _Done = await self._owner._execute(trip)  # type: ignore[no-untyped-call]  # the library's own
        self._cursor, self._rows = done
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []


class Connection(aiosqlite.Connection):
    """A connection whose cursors cost nothing, and whose transactions begin with their first statement."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._words: str | None = None

    def begin(self, words: str) -> None:
        """The next statement is to begin a transaction with these words."""
        self._words = words

    def begin_now(self) -> None:
        """In the thread: begin what is to begin. Raises what SQLite raises; then the next statement tries."""
        if self._words is not None:
            self._conn.execute(self._words)
            self._words = None

    def cursor(self) -> _Cursor:  # type: ignore[override]  # it need not be waited for, but it can be entered
        return _Cursor(self)

    # Whoever is cancelled while the thread is at work never comes here: SQLAlchemy closes the connection.

    async def commit(self) -> None:
        if self._conn.in_transaction:
            await super().commit()
        self._words = None

    async def rollback(self) -> None:
        if self._conn.in_transaction:
            await super().rollback()
        self._words = None


async def connect(database: str) -> aiosqlite.Connection:
    """An open connection, for SQLAlchemy to adapt."""
    connection = Connection(lambda: sqlite3.connect(database, check_same_thread=False))
    connection._thread.daemon = True  # as SQLAlchemy does: a process that ends does not wait for it
    return await connection


def _executed(connection: Connection, sql: str, parameters: Any) -> _Done:
    connection.begin_now()
    cursor = connection._conn.execute(sql, parameters)
    return cursor, cursor.fetchall() if cursor.description else []


def _executed_for_each(connection: Connection, sql: str, parameters: Any) -> _Done:
    connection.begin_now()
    return connection._conn.executemany(sql, parameters), []
