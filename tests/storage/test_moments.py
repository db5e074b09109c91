"""Moments, days and times in a file: written as SQLAlchemy writes them, and read as they were."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Date, Time
from sqlalchemy.dialects.sqlite.aiosqlite import dialect
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import UTCDateTime

from storage.database import Database

_MOMENTS = [
    datetime(2026, 11, 30, 8, 5, tzinfo=UTC),
    datetime(2026, 11, 30, 8, 5, 7, 9, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
    datetime(987, 1, 2, tzinfo=UTC),
]
_CASES: list[tuple[TypeEngine[Any], Any]] = [
    *((UTCDateTime(), moment) for moment in _MOMENTS),
    (Date(), date(2026, 11, 30)),
    (Date(), datetime(2026, 11, 30, 8, 5, tzinfo=UTC)),
    (Time(), time(8, 5)),
    (Time(), time(23, 59, 59, 999_999)),
    (Time(), time(2, 30, fold=1)),
    (UTCDateTime(), None),
    (Date(), None),
    (Time(), None),
]


@pytest.fixture
def ours() -> Any:
    """The dialect of a file, as this house opens it."""
    return Database("sqlite:///never-opened.db").engine.dialect


@pytest.mark.parametrize(("kind", "value"), _CASES)
def test_is_written_and_read_as_before(ours: Any, kind: TypeEngine[Any], value: Any) -> None:
    written, read = _way(kind, ours, value)
    assert (written, read) == _way(kind, dialect(), value)
    assert not isinstance(read, datetime) or read.tzinfo is UTC


def test_an_instant_without_a_zone_is_not_stored(ours: Any) -> None:
    with pytest.raises(ValueError, match="zone"):
        _way(UTCDateTime(), ours, datetime(2026, 11, 30, 8, 5))  # noqa: DTZ001 - it has none


def _way(kind: TypeEngine[Any], dialect: Any, value: Any) -> tuple[Any, Any]:
    """A value as text in a file, and what is read of it."""
    own = kind.dialect_impl(dialect)
    write, read = own.bind_processor(dialect), own.result_processor(dialect, None)
    assert write is not None
    assert read is not None
    text = write(value)
    return text, read(text)
