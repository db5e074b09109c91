"""What every measured process tells of itself: its time, that of the CPU, and how long its loop stood."""

import asyncio
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BEAT_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Reading:
    """`count` things in `seconds`; CPU seconds of the process; its longest stall; its memory at the end."""

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

    def begin(self, at: float | None = None) -> None:
        """What was before does not count. `at`: the monotonic second, if it is not just now but very soon."""
        self._began = time.monotonic() if at is None else at
        self._cpu, self._stall = time.process_time(), 0.0

    def read(self, count: int) -> Reading:
        """Everything since `begin`, in which `count` things were done."""
        return Reading(
            count,
            time.monotonic() - self._began,
            time.process_time() - self._cpu,
            1000 * self._stall,
            memory_mb(os.getpid()),
        )

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(BEAT_SECONDS)
            self._stall = max(self._stall, time.perf_counter() - before - BEAT_SECONDS)


def memory_mb(pid: int) -> float:
    """The resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process took so far, in user mode and in the kernel."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def say(reading: Reading, **more: Any) -> None:
    """Print it for the measuring side, as one line of JSON."""
    print(json.dumps({"reading": asdict(reading), **more}), flush=True)


def stand_still(seconds: float) -> None:
    """Let the whole loop stand, as it does while something heavy runs in it."""
    time.sleep(seconds)
