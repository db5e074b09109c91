"""Waiting for something that may never come, and for no longer than somebody in a crisis can wait."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

import structlog

Result = TypeVar("Result")

_log = structlog.get_logger(__name__)


class Patience:
    """Gives each piece of work a little time. What takes longer goes on by itself, and is not waited for."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Future[Any]] = set()

    async def within(self, seconds: float, work: Awaitable[Result]) -> Result | None:
        """The result, or None when it is late or failed. Never raises."""
        task = asyncio.ensure_future(_quietly(work))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        await asyncio.wait({task}, timeout=seconds)
        return task.result() if task.done() else None


async def _quietly(work: Awaitable[Result]) -> Result | None:
    try:
        return await work
    except Exception as error:
        _log.warning("crisis_look_up_failed", error=type(error).__name__)
        return None
