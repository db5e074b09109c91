"""Where the database of the play stands: how it is looked at, copied, and put back as it was."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.engine import URL

from storage.database import Database
from storage.tables import metadata

# What the header says of a file that has no write-ahead log beside it; a copy in memory has none.
_NO_JOURNAL = b"\x01\x01"


class Shelf(Protocol):
    """A database, from outside: with as little as can be between the play and what is committed."""

    def rows(self, query: str) -> list[Any]: ...

    def back_up(self) -> Any: ...

    def put_back(self, backup: Any) -> None: ...

    def close(self) -> None: ...


def shelf_of(database: Database) -> Shelf:
    """The shelf of a file, or of a server's database."""
    return OnServer(database.url) if database.path is None else OnFile(database.path)


class OnFile:
    """Copied page by page, as running.md says."""

    def __init__(self, file: Path) -> None:
        self._file, self._eyes = file, sqlite3.connect(file, isolation_level=None)

    def rows(self, query: str) -> list[Any]:
        """What a query finds."""
        return self._eyes.execute(query).fetchall()

    def back_up(self) -> bytes:
        """The whole file."""
        with closing(sqlite3.connect(self._file)) as source, closing(sqlite3.connect(":memory:")) as copy:
            source.backup(copy)
            copied = copy.serialize()
        return copied[:18] + _NO_JOURNAL + copied[20:]

    def put_back(self, backup: bytes) -> None:
        """The file as it was."""
        with closing(sqlite3.connect(self._file)) as target, closing(sqlite3.connect(":memory:")) as copy:
            copy.deserialize(backup)
            copy.backup(target)

    def close(self) -> None:
        """Look no more."""
        self._eyes.close()


class OnServer:
    """Copied row by row, with the numbers that are next, as a dump has them."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url, pool_size=1)

    def rows(self, query: str) -> list[Any]:
        """What a query finds."""
        with self._engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def back_up(self) -> tuple[dict[str, list[dict[str, Any]]], list[Any]]:
        """Every row by table, and every sequence with its place."""
        with self._engine.begin() as connection:
            rows = {
                table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for table in metadata.sorted_tables
            }
        places = "SELECT schemaname || '.' || sequencename, coalesce(last_value, 0) FROM pg_sequences"
        return rows, self.rows(places)

    def put_back(self, backup: tuple[dict[str, list[dict[str, Any]]], list[Any]]) -> None:
        """All of that, and nothing else."""
        rows, places = backup
        with self._engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
            for table in metadata.sorted_tables:
                if rows[table.name]:
                    connection.execute(insert(table), rows[table.name])
            for name, last in places:
                place = {"name": name, "last": max(last, 1), "called": last > 0}
                connection.execute(text("SELECT setval(CAST(:name AS regclass), :last, :called)"), place)

    def close(self) -> None:
        """Look no more."""
        self._engine.dispose()
