"""Column types of our own."""

from enum import StrEnum

from sqlalchemy import Enum

# An id must not come back after its row was erased: an old button still names it.
NEVER_REUSED = {"sqlite_autoincrement": True}


def word(kind: type[StrEnum]) -> Enum:
    """A word of a closed set, stored as itself.

    Not a type of the database's own: a new word in the set must not need a migration.
    """
    return Enum(
        kind, native_enum=False, length=20, values_callable=lambda words: [word.value for word in words]
    )
