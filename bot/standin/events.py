"""Tells the open chat pages that something has changed; they then ask for what they show."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

QUEUE_SIZE = 500


class Events:
    """A small news board: every open page has a queue of its own."""

    def __init__(self) -> None:
        self._readers: set[asyncio.Queue[dict[str, Any] | None]] = set()

    def publish(self, kind: str, **details: Any) -> None:
        """Tell every open page. A page that cannot keep up is let go; it reconnects and reads afresh."""
        for reader in tuple(self._readers):
            if reader.full():
                self._dismiss(reader)
            else:
                reader.put_nowait({"kind": kind, **details})

    async def read(self) -> AsyncGenerator[dict[str, Any]]:
        """The news from now on, until the page leaves or the stand-in closes."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(QUEUE_SIZE + 1)
        self._readers.add(queue)
        try:
            while (news := await queue.get()) is not None:
                yield news
        finally:
            self._readers.discard(queue)

    def close(self) -> None:
        """Let every page go."""
        for reader in tuple(self._readers):
            self._dismiss(reader)

    def _dismiss(self, reader: asyncio.Queue[dict[str, Any] | None]) -> None:
        self._readers.discard(reader)
        while not reader.empty():
            reader.get_nowait()
        reader.put_nowait(None)
