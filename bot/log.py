"""Logs: verbs and hashes. Never a name, a text or a token."""

import contextlib
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO, cast

import structlog

from scheduler.mishap import traits

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{16,}")
_HIDDEN = "[token]"
# Libraries that log addresses or whole updates below this level.
_TALKATIVE = (
    "aiohttp.access",
    "aiosqlite",
    "alembic",
    "asyncio",
    "httpcore",
    "httpx",
    "sqlalchemy.engine",
    "telegram",
)


def configure(level: int = logging.INFO) -> None:
    """Set logging up, once, at the start of the process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _type_and_place_of_errors,
            redact,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Expendable(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    for handler in logging.getLogger().handlers:
        handler.addFilter(Redaction())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


class Expendable:
    """A stream whose lines may be lost: on a full disk a crisis must be answered all the same."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, words: str) -> None:
        """Write if that is possible."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(words)

    def flush(self) -> None:
        """Flush if that is possible."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


class Redaction(logging.Filter):
    """The last line of defence on every handler: a token never leaves."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _TOKEN.sub(_HIDDEN, record.getMessage())
        record.args = None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = f"{record.exc_info[0].__name__} (no details are logged)"
            record.exc_info = None
        return True


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace every token in an event."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _TOKEN.sub(_HIDDEN, value)
    return event


def _type_and_place_of_errors(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An error's own words may quote what somebody wrote: keep its type and place only."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else _current(info)
    if error is not None:
        event.update(traits(error))
    return event


def _current(info: Any) -> BaseException | None:
    if not info:
        return None
    return info[1] if isinstance(info, tuple) else sys.exc_info()[1]
