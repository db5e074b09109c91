"""The last requests of the bot, and counts of all of them."""

from collections import Counter, deque
from datetime import datetime
from typing import Any, NamedTuple


class Entry(NamedTuple):
    """One request of the bot and how it ended."""

    number: int
    time: datetime
    method: str
    chat: int | None
    status: int
    ms: float
    params: dict[str, Any]
    fault: str | None

    def as_json(self) -> dict[str, Any]:
        """The entry for the control API."""
        shown = {"index": self.number, **self._asdict()}
        del shown["number"]
        return shown | {"time": self.time.isoformat(), "ms": round(self.ms, 2)}


class RequestLog:
    """A bounded log with a running index that never starts again."""

    def __init__(self, size: int = 2000) -> None:
        self._entries: deque[Entry] = deque(maxlen=size)
        self.count = 0
        self.methods: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()

    def add(
        self,
        time: datetime,
        method: str,
        chat: int | None,
        status: int,
        ms: float,
        params: dict[str, Any],
        fault: str | None,
    ) -> None:
        """Write down one request; `status` 0 means that no answer was given."""
        self.count += 1
        self.methods[method] += 1
        self.statuses[status] += 1
        self._entries.append(Entry(self.count, time, method, chat, status, ms, params, fault))

    def since(self, index: int, method: str | None = None) -> list[Entry]:
        """The entries after `index`, oldest first."""
        wanted = method.lower() if method else None
        return [
            entry
            for entry in self._entries
            if entry.number > index and (wanted is None or entry.method.lower() == wanted)
        ]

    def forget(self) -> None:
        """Drop the entries and the counts; the index runs on."""
        self._entries.clear()
        self.methods.clear()
        self.statuses.clear()
