"""A formatted stretch of text, counted in characters until it leaves for Telegram's UTF-16."""

from dataclasses import dataclass, field
from typing import Any

from bot.standin.errors import RefusedError, bad_request


@dataclass(slots=True)
class Span:
    """From `start` up to `end`, of a `kind` such as bold, with extra fields such as a url."""

    start: int
    end: int
    kind: str
    extra: dict[str, Any] = field(default_factory=dict)


def unparsable(what: str) -> RefusedError:
    """The refusal for markup that cannot be read."""
    return bad_request(f"can't parse entities: {what}")


def byte_offset(text: str, index: int) -> int:
    """Where a character stands, counted in bytes, as Telegram counts in its complaints."""
    return len(text[:index].encode())
