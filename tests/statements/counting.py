"""Counts what is asked of the database. A statement for many rows at once counts as one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from storage.database import Database

_BRACKETS = ("BEGIN", "SAVEPOINT", "RELEASE")  # no work, and SQLite alone sends them this way


@dataclass(frozen=True, slots=True)
class Told:
    """A statement, what it was said with, and the connection of its transaction."""

    words: str
    parameters: Any
    connection: Any


@contextmanager
def statements(database: Database) -> Iterator[list[Told]]:
    """The statements inside the block, in order."""
    told: list[Told] = []

    def note(connection: Any, _cursor: Any, words: str, parameters: Any, *_: Any) -> None:
        if not words.startswith(_BRACKETS):
            told.append(Told(words, parameters, connection))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)


def difference(few: Sequence[Told], many: Sequence[Told]) -> str:
    """What was said more often for many than for few, shortened to be read."""
    more = Counter(each.words[:200] for each in many)
    more.subtract(Counter(each.words[:200] for each in few))
    return "\n".join(f"{count:+} {words}" for words, count in more.most_common() if count)


async def plans(database: Database, told: Sequence[Told]) -> list[str]:
    """How the database means to find what each statement wants, in its own words."""
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    found = []
    async with database.engine.connect() as connection:
        for each in told:
            plan = await connection.exec_driver_sql(explain + each.words, each.parameters)
            found.append("\n".join(str(line[-1]) for line in plan))
    return found
