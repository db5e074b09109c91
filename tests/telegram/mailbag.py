"""Telegram's queue of updates, and the house that they come to."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bot.conversation.inbound import Inbound
from tests.telegram.wire import Reply, Request, result


@dataclass
class Updates:
    """Telegram's queue of updates: a higher offset confirms what is below it."""

    queue: list[dict[str, Any]] = field(default_factory=list)
    confirmed: int = 0
    trouble: list[Reply] = field(default_factory=list)
    offsets: list[int | None] = field(default_factory=list)
    come: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, update_id: int, text: str = "hi", chat: int = 77) -> None:
        sender = {"id": chat, "is_bot": False, "first_name": "Ada"}
        message = {
            "message_id": update_id,
            "date": 1,
            "chat": {"id": chat, "type": "private"},
            "from": sender,
            "text": text,
        }
        self.queue.append({"update_id": update_id, "message": message})
        self.come.set()

    async def answer(self, request: Request) -> Reply:
        if self.trouble:
            return self.trouble.pop(0)
        wish = request.parameters
        offset = wish.get("offset")
        self.offsets.append(offset)
        if offset is not None:
            self.confirmed += sum(u["update_id"] < offset for u in self.queue)
            self.queue = [u for u in self.queue if u["update_id"] >= offset]
        if not self.queue:
            self.come.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.come.wait(), wish["timeout"])
        return result(self.queue[: wish["limit"]])


@dataclass
class House:
    """What the rest of the bot sees, and whether its database is there."""

    fronted: list[int] = field(default_factory=list)
    committed: list[int] = field(default_factory=list)
    broken: Callable[[Inbound], BaseException | None] = lambda _: None
    hold: dict[str, asyncio.Event] = field(default_factory=dict)
    front_hold: asyncio.Event | None = None

    async def front(self, inbound: Inbound) -> None:
        if self.front_hold is not None:
            await self.front_hold.wait()
        self.fronted.append(inbound.update_id)

    async def handle(self, inbound: Inbound) -> None:
        if inbound.origin.chat in self.hold:
            await self.hold[inbound.origin.chat].wait()
        if trouble := self.broken(inbound):
            raise trouble
        self.committed.append(inbound.update_id)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(3):
        while not true():
            await asyncio.sleep(0.005)
