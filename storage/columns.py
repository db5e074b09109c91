"""Column types of our own."""

from enum import StrEnum

from sqlalchemy import BigInteger, Enum, Integer

# An id must not come back after its row was erased: an old button still names it.
NEVER_REUSED = {"sqlite_autoincrement": True}


# A number of a row that is counted for ever. SQLite's own integers are as long.
LONG = BigInteger().with_variant(Integer(), "sqlite")


def word(kind: type[StrEnum]) -> Enum:
    """A word of a closed set, stored as itself.

    Not a type of the database's own: a new word in the set must not need a migration.
    """
    return Enum(
        kind, native_enum=False, length=20, values_callable=lambda words: [word.value for word in words]
    )
