"""A measured process, seen from outside. It gets its wishes as JSON and answers with lines of JSON."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.gauge import Reading, cpu_seconds

ROOT = Path(__file__).parents[2]


class Silent(Exception):
    """A measured process ended, or took too long, without having said what it was asked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a process: what its gauge read, and whatever else it had to say."""

    reading: Reading
    more: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """The running process."""

    process: asyncio.subprocess.Process

    async def line(self, seconds: float = 120.0) -> dict[str, Any]:
        """Its next line. Raises Silent."""
        assert self.process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                written = await self.process.stdout.readline()
        except TimeoutError:
            written = b""
        if not written:
            raise Silent(f"process {self.process.pid} said nothing")
        found: dict[str, Any] = json.loads(written)
        return found

    async def said(self, seconds: float = 1_500.0) -> Said:
        """What it read; that it is ready does not matter any more. Raises Silent."""
        while "reading" not in (found := await self.line(seconds)):
            pass
        return Said(Reading(**found.pop("reading")), found)

    async def ready(self) -> None:
        """Wait until it is at work, or only waits for `go`."""
        assert (await self.line())["ready"]

    def go(self) -> None:
        """Begin, and measure from now on."""
        self.process.send_signal(signal.SIGUSR1)

    async def stop(self) -> Said:
        """End it in good order; what it read until then."""
        self.process.terminate()
        said = await self.said()
        await self.process.wait()
        return said

    async def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        await self.process.wait()

    def cpu_seconds(self) -> float:
        """The CPU time that it took so far."""
        return cpu_seconds(self.process.pid)


@asynccontextmanager
async def started(module: str, **wish: Any) -> AsyncIterator[Measured]:
    """`python -m module <wish>`, for as long as the block lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, json.dumps(wish),
        stdout=asyncio.subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        yield Measured(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def measured(module: str, **wish: Any) -> Said:
    """Run it to its end; what it read."""
    async with started(module, **wish) as process:
        return await process.said()
