"""What every measured process tells of itself: how long it took, how much of the CPU, how long its loop stood."""

import asyncio
import json
import time
from dataclasses import asdict, dataclass
from typing import Any

import psutil

BEAT_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Reading:
    """`count` things in `seconds`; CPU seconds of the process; its longest stall; the most memory in MB."""

    count: int
    seconds: float
    cpu_s: float
    stall_ms: float
    rss_mb: float

    @property
    def rate(self) -> float:
        """Things a second."""
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds for each thing."""
        return 1000 * self.cpu_s / max(1, self.count)


class Gauge:
    """Measures the process that it stands in. A heartbeat of 2 ms notes by how much it was late.

    The heartbeat costs a little CPU, in every process the same; `beats` False leaves it out.
    """

    def __init__(self, *, beats: bool = True) -> None:
        """Needs a running loop."""
        self._heart = asyncio.ensure_future(self._beat()) if beats else None
        self.begin()

    def begin(self) -> None:
        """What was before does not count."""
        self._began, self._cpu, self._stall = time.perf_counter(), time.process_time(), 0.0

    def read(self, count: int) -> Reading:
        """Everything since `begin`, in which `count` things were done."""
        return Reading(
            count,
            time.perf_counter() - self._began,
            time.process_time() - self._cpu,
            1000 * self._stall,
            psutil.Process().memory_info().rss / 2**20,
        )

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT_SECONDS)
            self._stall = max(self._stall, time.perf_counter() - before - BEAT_SECONDS)


def say(reading: Reading, **more: Any) -> None:
    """Print it for the measuring side, as one line of JSON."""
    print(json.dumps({"reading": asdict(reading), **more}), flush=True)


def stand_still(seconds: float) -> None:
    """Let the whole loop stand, as it does while something heavy runs in it."""
    time.sleep(seconds)
