"""The measuring side's handle on a running sink."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request: when (monotonic seconds), its method, its chat or query, its words."""

    at: float
    method: str
    chat: str
    words: str


@dataclass(frozen=True, slots=True)
class Times:
    """What came, in order; and when each update came to the sink, and when it was first handed on."""

    arrivals: list[Arrival]
    fed: dict[int, float]
    handed: dict[int, float]

    def of(self, method: str) -> list[Arrival]:
        """The requests of one method."""
        return [arrival for arrival in self.arrivals if arrival.method == method]


@dataclass(frozen=True, slots=True)
class Sink:
    """Where it listens, and the connection to steer it."""

    url: str
    http: aiohttp.ClientSession

    async def ask(self, verb: str, **wish: Any) -> Any:
        """Steer it, or ask what came."""
        async with self.http.post(f"{self.url}/control/{verb}", json=wish) as reply:
            return await reply.json()

    async def count(self, method: str) -> int:
        """How many requests of a method came since the last reset."""
        return int((await self.ask("stats"))["methods"].get(method, 0))

    async def chats(self) -> int:
        """How many chats got a message since the last reset."""
        return int((await self.ask("stats"))["chats"])

    async def times(self) -> Times:
        """When everything came since the last reset."""
        found = await self.ask("times")
        fed, handed = ({int(key): at for key, at in found[name].items()} for name in ("fed", "handed"))
        return Times([Arrival(*arrival) for arrival in found["times"]], fed, handed)

    async def until_chats(self, count: int, seconds: float) -> int:
        """Wait until messages reached that many chats; how many they are after `seconds` at most."""
        deadline = time.monotonic() + seconds
        while True:
            reached = await self.chats()
            if reached >= count or time.monotonic() > deadline:
                return reached
            await asyncio.sleep(0.05)

    async def until_count(self, method: str, count: int, seconds: float) -> int:
        """The same for the requests of a method."""
        deadline = time.monotonic() + seconds
        while True:
            found = await self.count(method)
            if found >= count or time.monotonic() > deadline:
                return found
            await asyncio.sleep(0.05)

    async def until_still(self, seconds: float = 3.0) -> None:
        """Wait until no message has come for that long."""
        before, since = -1, time.monotonic()
        while time.monotonic() - since < seconds:
            found = int((await self.ask("stats"))["sent"])
            if found != before:
                before, since = found, time.monotonic()
            await asyncio.sleep(0.05)


@asynccontextmanager
async def sink() -> AsyncIterator[Sink]:
    """A sink in a process of its own, for as long as the block lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.sink", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=600)) as http:
            yield Sink(url, http)
    finally:
        process.kill()
        await process.wait()
