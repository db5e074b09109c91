"""A statement is compiled once in a test process, not once in each of its databases.

The bot has one engine, which compiles each statement when it first comes. Each test has engines of its own,
and would spend a sixth of its time on compiling what the last one compiled.
"""

from functools import partial
from typing import Any

from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache

import storage.database

SHARED = LRUCache[Any, Any](5_000)


def compile_once() -> None:
    """From now on engines of one kind share what they compile."""
    for kind in (SQLiteDialect_aiosqlite, PGDialectAsync_psycopg):
        # SQLAlchemy keeps what it compiled by dialect, and each engine has a dialect of its own.
        kind.__eq__, kind.__hash__ = _alike, _kind  # type: ignore[method-assign,assignment]
    seam = vars(storage.database)
    seam["create_async_engine"] = partial(
        seam["create_async_engine"], execution_options={"compiled_cache": SHARED}
    )


def _alike(one: Dialect, other: object) -> bool:
    return isinstance(other, type(one)) and one.colspecs == other.colspecs


def _kind(one: Dialect) -> int:
    return hash(type(one))
