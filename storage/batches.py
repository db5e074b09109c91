"""What a session has to write, it writes a table at a time, however many rows it is.

Left alone it sends a statement for each row: for new ones, because SQLite tells numbers one by one, and for
changed ones wherever two neighbours changed in different columns.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import SQLModel

from storage.numbers import reserve_in_file


def prepare(session: Session, *_: Any) -> None:
    """Called before a session writes."""
    _even_out(session)
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for table, rows in _unnumbered(session).items():
            for row, number in zip(rows, reserve_in_file(connection, table, len(rows)), strict=True):
                setattr(row, "id", number)  # noqa: B010 - not every table has one


def _even_out(session: Session) -> None:
    """Let all changed rows of a table write the same columns: whatever changed in one of them.

    What is written so without having changed is what this transaction read, about somebody whom it holds.
    """
    changed: dict[type, list[tuple[Any, set[str]]]] = defaultdict(list)
    for row in session.dirty:
        if names := _changed(row):
            changed[type(row)].append((row, names))
    for rows in changed.values():
        together = set().union(*(names for _, names in rows))
        for row, names in rows:
            if names == together:
                continue
            # What an undone savepoint has made the row forget cannot be written.
            for name in (together - names) & inspect(row).dict.keys():
                flag_modified(row, name)


def _changed(row: Any) -> set[str]:
    state = inspect(row)
    return {name for name, before in state.committed_state.items() if state.dict.get(name) != before}


def _unnumbered(session: Session) -> dict[type[SQLModel], list[SQLModel]]:
    """New rows that have no number yet, by table, where there are several."""
    found: dict[type[SQLModel], list[SQLModel]] = defaultdict(list)
    for row in session.new:
        if getattr(row, "id", 0) is None:
            found[type(row)].append(row)
    return {table: rows for table, rows in found.items() if len(rows) > 1}
