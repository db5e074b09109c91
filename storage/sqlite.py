"""SQLite in a thread of its own, with one trip there and back for each statement.

aiosqlite makes four trips: for the cursor, for the statement, for its rows, and to close. One press takes
a score of statements, and the trips took longer than SQLite.
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
        self._conn = connection
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        return await self._taken(partial(_executed, self._conn, sql, parameters or ()))

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        return await self._taken(partial(_executed_for_each, self._conn, sql, parameters))

    async def _taken(self, trip: Callable[[], _Done]) -> "_Cursor":
        done: _Done = await self._conn._execute(trip)  # type: ignore[no-untyped-call]  # the library's own
        self._cursor, self._rows = done
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []


class Connection(aiosqlite.Connection):
    """A connection whose cursors cost nothing."""

    def cursor(self) -> _Cursor:  # type: ignore[override]  # it need not be waited for, but it can be entered
        return _Cursor(self)


async def connect(database: str) -> aiosqlite.Connection:
    """An open connection, for SQLAlchemy to adapt."""
    connection = Connection(lambda: sqlite3.connect(database, check_same_thread=False), iter_chunk_size=64)
    connection._thread.daemon = True  # as SQLAlchemy does: a process that ends does not wait for it
    return await connection


def _executed(connection: aiosqlite.Connection, sql: str, parameters: Any) -> _Done:
    cursor = connection._conn.execute(sql, parameters)
    return cursor, cursor.fetchall() if cursor.description else []


def _executed_for_each(connection: aiosqlite.Connection, sql: str, parameters: Any) -> _Done:
    return connection._conn.executemany(sql, parameters), []
