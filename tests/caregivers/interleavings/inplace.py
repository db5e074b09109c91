"""SQLite without a thread: the play has one thing to do at a time, and the trips took most of the time."""

import asyncio
import sqlite3
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import aiosqlite

from storage.database import Database
from storage.sqlite import Connection

_Done = tuple["asyncio.Future[Any] | None", Callable[[], Any]]


class _AtOnce:
    """Stands where the thread's queue was."""

    def put_nowait(self, errand: _Done) -> None:
        future, function = errand
        result = function()
        if future is not None:
            future.set_result(result)


class _InPlace(Connection):
    """A connection that does what it is asked where it is asked."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector)
        self._tx: Any = _AtOnce()

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        return self._opened().__await__()

    async def _opened(self) -> aiosqlite.Connection:
        self._connection = self._connector()
        return self

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)


async def _connect(database: str) -> aiosqlite.Connection:
    return await _InPlace(partial(sqlite3.connect, database, check_same_thread=False))


class DatabaseInPlace(Database):
    """A file whose statements take no trip."""

    def _connecting(self) -> dict[str, Any]:
        return {"async_creator": partial(_connect, str(self.path))}


class Here(ThreadPoolExecutor):
    """Does what was meant for another thread."""

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(function(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done
