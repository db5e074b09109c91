"""Counts what is asked of the database. A statement for many rows at once counts as one."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from storage.database import Database

_BRACKETS = ("BEGIN", "SAVEPOINT", "RELEASE")  # no work, and SQLite alone sends them this way


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The statements inside the block, in order."""
    told: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_BRACKETS):
            told.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", note)


def difference(few: list[str], many: list[str]) -> str:
    """What was said more often for many people than for few, shortened to be read."""
    more = Counter(each[:300] for each in many)
    more.subtract(Counter(each[:300] for each in few))
    return "\n".join(f"{count:+} {each}" for each, count in more.most_common() if count)
