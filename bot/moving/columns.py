"""Columns of our tables from plain JSON, quickly and strictly. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from sqlmodel import SQLModel

from storage.columns import thousandths

# What a column of PostgreSQL can hold; SQLite is no stricter.
_LEAST, _MOST = -(2**31), 2**31 - 1
# Bytes. Three texts together are an address, and an index holds 2,700 for a row.
_LONGEST = 800
# Nothing of ours happened before, and whoever counts on from such a time stays within what Python can count.
_FIRST_YEAR, _LAST_YEAR = 2000, 9000
_FIRST_YEAR_OF_DAYS = 1900


class BadLine(Exception):
    """A line that cannot be taken in; the message says why, without a word of what it holds."""


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    read: Callable[[Any], Any]
    needed: bool
    nullable: bool
    default: Any


def values(table: type[SQLModel], given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row that the plain data holds, typed; what is left out has its default.

    Keys, references and sealed columns are left to the caller. Raises BadLine.
    """
    if not isinstance(given, Mapping):
        raise BadLine(f"{table.__tablename__}: not an object")
    row = {}
    for column in _columns(table):
        value = given.get(column.name)
        if value is not None:
            row[column.name] = _read(table, column, value)
        elif column.name in given and not column.nullable:
            raise BadLine(f"{table.__tablename__}: {column.name} must not be null")
        elif column.needed:
            raise BadLine(f"{table.__tablename__}: {column.name} is missing")
        else:
            row[column.name] = column.default
    return row


def _read(table: type[SQLModel], column: _Column, value: Any) -> Any:
    try:
        return column.read(value)
    except (ValueError, TypeError, AttributeError, ArithmeticError):
        raise BadLine(f"{table.__tablename__}: {column.name} is not understood") from None


@cache
def _columns(table: type[SQLModel]) -> tuple[_Column, ...]:
    fields, found = table.model_fields, []
    for column in table.__table__.columns:  # type: ignore[attr-defined]
        if column.primary_key or column.foreign_keys or column.name.endswith("_sealed"):
            continue
        field = fields[column.name]
        needed = field.is_required()
        default = None if needed else field.get_default(call_default_factory=True)
        nullable = bool(column.nullable)
        found.append(_Column(column.name, _reader(field.annotation), needed, nullable, default))
    return tuple(found)


def _reader(annotation: Any) -> Callable[[Any], Any]:
    """By what the field is declared as; None beside it is looked after elsewhere."""
    if get_origin(annotation) is UnionType:
        [annotation] = [each for each in get_args(annotation) if each is not NoneType]
    kind = get_origin(annotation) or annotation
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    readers: dict[type, Callable[[Any], Any]] = {
        datetime: instant,
        date: day,
        time: clock,
        Decimal: number,
        str: text,
        int: whole,
    }
    return readers.get(kind) or _exactly(kind)


def instant(given: str) -> datetime:
    """An aware instant, in UTC. Raises ValueError, or OverflowError where UTC has no such year."""
    found = datetime.fromisoformat(given)
    if found.tzinfo is None:
        raise ValueError("an instant without a zone")
    found = found.astimezone(UTC)
    if not _FIRST_YEAR <= found.year < _LAST_YEAR:
        raise ValueError("an instant that is too far away")
    return found


def day(given: str) -> date:
    """A local date. Raises ValueError."""
    found = date.fromisoformat(given)
    if not _FIRST_YEAR_OF_DAYS <= found.year < _LAST_YEAR:
        raise ValueError("a day that is too far away")
    return found


def clock(given: str) -> time:
    """A wall-clock time. Raises ValueError."""
    found = time.fromisoformat(given)
    if found.tzinfo is not None:
        raise ValueError("a wall-clock time with a zone")
    return found


def number(given: str) -> Decimal:
    """A number of up to three decimals that is not negative. Raises ValueError, or TypeError for no text."""
    if not isinstance(given, str):
        raise TypeError("a number that is not written as text")
    try:
        found = Decimal(given)
    except InvalidOperation:
        raise ValueError("not a number") from None
    if thousandths(found) < 0:
        raise ValueError("a negative number")
    return found


def text(given: Any) -> str:
    """A text that every database can hold. Raises ValueError."""
    if type(given) is not str or "\0" in given:
        raise ValueError("not a text, or one with a character that is none")
    if len(given.encode()) > _LONGEST:  # raises UnicodeEncodeError, too, for half a character
        raise ValueError("too long")
    return given


def whole(given: Any) -> int:
    """A whole number that every database can hold. Raises ValueError."""
    if type(given) is not int or not _LEAST <= given <= _MOST:
        raise ValueError("not a whole number, or one that is too large")
    return given


def _exactly(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"not a {kind.__name__}")
        return value

    return read
