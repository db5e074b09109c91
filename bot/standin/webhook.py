"""Pushes updates to the bot's webhook, and tries again, ever more slowly, until it says 2xx."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.standin.updates import Pending, UpdateQueue
from scheduler.clock import Clock

FIRST_DELAY = 0.25
LONGEST_DELAY = 30.0
ANSWER_SECONDS = 60.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


@dataclass(slots=True)
class Target:
    """Where updates go, as setWebhook said."""

    url: str
    secret: str | None = None
    max_connections: int = 40
    last_error: dict[str, Any] = field(default_factory=dict)


class Webhook:
    """One webhook at a time; `set` and `remove` replace it."""

    def __init__(self, updates: UpdateQueue, clock: Clock) -> None:
        self._updates = updates
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self.target: Target | None = None

    async def set(self, target: Target) -> None:
        """Push to this target from now on."""
        await self.remove()
        self.target = target
        self._updates.end_polls()
        self._task = asyncio.create_task(self._push_all(target))

    async def remove(self) -> None:
        """Stop pushing; what was not confirmed stays in the queue."""
        self.target = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def as_json(self) -> dict[str, Any]:
        """The WebhookInfo."""
        info: dict[str, Any] = {
            "url": self.target.url if self.target else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }
        if self.target:
            info |= {"max_connections": self.target.max_connections, **self.target.last_error}
        if self._updates.wanted:
            info["allowed_updates"] = self._updates.wanted
        return info

    async def _push_all(self, target: Target) -> None:
        free = asyncio.Semaphore(target.max_connections)
        carried: list[Pending] = []
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as pushes:
                while True:
                    for pending in self._updates.waiting_for_push():
                        pending.in_flight = True
                        carried.append(pending)
                        pushes.create_task(self._push(session, target, free, pending))
                    await self._updates.changed()
        finally:
            for pending in carried:
                pending.in_flight = False

    async def _push(
        self, session: aiohttp.ClientSession, target: Target, free: asyncio.Semaphore, pending: Pending
    ) -> None:
        delay = FIRST_DELAY
        while pending in self._updates.pending:
            async with free:
                trouble = await self._try(session, target, pending)
            if trouble is None:
                self._updates.drop([pending])
                return
            at = int(self._clock.now().timestamp())
            target.last_error = {"last_error_date": at, "last_error_message": trouble}
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    async def _try(self, session: aiohttp.ClientSession, target: Target, pending: Pending) -> str | None:
        """Push once; None when the bot took it, else Telegram's words for what went wrong."""
        headers = {SECRET_HEADER: target.secret} if target.secret else {}
        try:
            async with session.post(
                target.url, json=pending.update, headers=headers, allow_redirects=False
            ) as answer:
                if 200 <= answer.status < 300:
                    return None
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError:
            return "Connection refused"
