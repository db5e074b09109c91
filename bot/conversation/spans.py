"""Spans of time in which we were away. Pure."""

from collections.abc import Iterable
from datetime import datetime

Spans = tuple[tuple[datetime, datetime], ...]


def fell_into(moment: datetime, spans: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether we were away at a moment; each span from when until when."""
    return any(began < moment < ended for began, ended in spans)
