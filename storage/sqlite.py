"""SQLite in a thread of its own, with one trip there and back for each statement, or none.

aiosqlite makes four trips: for the cursor, for the statement, for its rows, and to close. SQLAlchemy adds one
to begin a transaction, and one to undo what was committed or has never begun. One press takes a dozen
statements, and the trips took longer than SQLite. A statement that nobody waits for (`UNANSWERED`) goes along
with the next one.
"""

import sqlite3
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import aiosqlite

# With this option a statement tells nothing: no rows, no count, no number. What is wrong with it is raised by
# the next one, or by the commit.
UNANSWERED = {"unanswered": True}

_Done = tuple[sqlite3.Cursor, list[Any]]


class _Cursor(aiosqlite.Cursor):
    """A cursor whose statement brings its rows along; then there is nothing left to fetch or to close."""

    def __init__(self, connection: "Connection") -> None:
        self._owner = connection
        self._cursor: sqlite3.Cursor | None = None  # type: ignore[assignment]  # before the trip, and without
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        return await self._taken(partial(_executed, self._owner, sql, parameters or ()))

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        return await self._taken(partial(_executed_for_each, self._owner, sql, parameters))

    async def _taken(self, trip: Callable[[], _Done]) -> "_Cursor":
        done: _Done = await self._owner._execute(trip)  # type: ignore[no-untyped-call]  # the library's own
        self._cursor, self._rows = done
        return self

    @property
    def description(self) -> Any:
        return self._cursor.description if self._cursor is not None else None

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount if self._cursor is not None else -1

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
        self._owed: list[tuple[str, Any]] = []

    def begin(self, words: str) -> None:
        """The next statement is to begin a transaction with these words."""
        self._words = words

    def owe(self, sql: str, parameters: Any) -> None:
        """This statement is to be made before the next one."""
        self._owed.append((sql, parameters))

    def catch_up(self) -> None:
        """In the thread: begin what is to begin, and make what is owed.

        Raises what SQLite raises. A transaction that could not begin is begun by the next statement; what was
        owed behind a statement that failed is made no more, as if that one had been waited for.
        """
        if self._words is not None:
            self._conn.execute(self._words)
            self._words = None
        owed, self._owed = self._owed, []
        for sql, parameters in owed:
            self._conn.execute(sql, parameters)

    def cursor(self) -> _Cursor:  # type: ignore[override]  # it need not be waited for, but it can be entered
        return _Cursor(self)

    # Whoever is cancelled while the thread is at work never comes here: SQLAlchemy closes the connection.

    async def commit(self) -> None:
        if self._owed:
            await self._execute(self.catch_up)  # type: ignore[no-untyped-call]  # the library's own
        if self._conn.in_transaction:
            await super().commit()
        self._words = None

    async def rollback(self) -> None:
        self._owed.clear()
        if self._conn.in_transaction:
            await super().rollback()
        self._words = None


async def connect(database: str) -> aiosqlite.Connection:
    """An open connection, for SQLAlchemy to adapt."""
    connection = Connection(lambda: sqlite3.connect(database, check_same_thread=False))
    connection._thread.daemon = True  # as SQLAlchemy does: a process that ends does not wait for it
    return await connection


def _executed(connection: Connection, sql: str, parameters: Any) -> _Done:
    connection.catch_up()
    cursor = connection._conn.execute(sql, parameters)
    return cursor, cursor.fetchall() if cursor.description else []


def _executed_for_each(connection: Connection, sql: str, parameters: Any) -> _Done:
    connection.catch_up()
    return connection._conn.executemany(sql, parameters), []
