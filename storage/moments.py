"""Moments, days and wall-clock times in a file: SQLite has no types for them, and keeps them as text.

They are written as SQLAlchemy writes them, which stays what it was; it only takes several steps for each, and
thousands of them are read and written in a minute.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Date, Time
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import UTCDateTime

_UTC = "+00:00"


class _Moment(sqlite.DATETIME):
    """An instant: aware, in UTC whenever it is read."""

    def bind_processor(self, dialect: Any) -> Callable[[Any], str | None]:
        return _moment_as_text

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], datetime | None]:
        return _moment_of_text


class _Day(sqlite.DATE):
    """A local date."""

    def bind_processor(self, dialect: Any) -> Callable[[Any], str | None]:
        return _day_as_text

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], date | None]:
        return _day_of_text


class _Clock(sqlite.TIME):
    """A wall-clock time."""

    def bind_processor(self, dialect: Any) -> Callable[[Any], str | None]:
        return _clock_as_text

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], time | None]:
        return _clock_of_text


IN_FILES: dict[type[TypeEngine[Any]], type[TypeEngine[Any]]] = {
    UTCDateTime: _Moment,
    Date: _Day,
    Time: _Clock,
}


def _moment_as_text(at: datetime | None) -> str | None:
    """Raises ValueError for an instant without a zone: nobody knows when that is."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError("an instant without a zone cannot be stored")
    return at.astimezone(UTC).isoformat(" ", "microseconds").removesuffix(_UTC)


def _moment_of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + _UTC)


def _day_as_text(day: date | None) -> str | None:
    return None if day is None else date.isoformat(day)  # of a datetime, too, the day alone


def _day_of_text(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _clock_as_text(at: time | None) -> str | None:
    return None if at is None else at.replace(tzinfo=None).isoformat("microseconds")


def _clock_of_text(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)
