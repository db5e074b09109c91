"""Column types of our own."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Enum, Integer, TypeDecorator

# An id must not come back after its row was erased: an old button still names it.
NEVER_REUSED = {"sqlite_autoincrement": True}


# A number of a row that is counted for ever. SQLite's own integers are as long.
LONG = BigInteger().with_variant(Integer(), "sqlite")

_MOST = Decimal(10**12)


def word(kind: type[StrEnum]) -> Enum:
    """A word of a closed set, stored as itself.

    Not a type of the database's own: a new word in the set must not need a migration.
    """
    return Enum(
        kind, native_enum=False, length=20, values_callable=lambda words: [word.value for word in words]
    )


def thousandths(number: Decimal) -> int:
    """A number of tablets, drops or millilitres in thousandths.

    Raises ValueError when that would not be exact, or when there is no end to it.
    """
    if not number.is_finite() or abs(number) > _MOST or number * 1000 % 1:
        raise ValueError("a number with more than three decimals, or without an end")
    return int(number * 1000)


class Exactly(TypeDecorator[Decimal]):
    """A decimal of up to three places, kept as whole thousandths: SQLite has no decimals of its own."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        return None if value is None else thousandths(value)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value) / 1000
