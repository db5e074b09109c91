"""One clock for several processes: a file that says how far it is ahead of the machine's."""

import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_FORM = struct.Struct("ddd")


class Watch:
    """Runs with the machine's clock, and shows whatever time somebody with the same file sets it to.

    `advance` lets time pass: everything grows. `jump` sets the clock, in either direction: what only ever
    grows does not move. `step` sets it for this process alone, as if that had a machine to itself.
    """

    def __init__(self, file: Path, start: datetime | None = None) -> None:
        """`start` (aware) sets a new file; without it the file is there already."""
        if start is not None:
            file.write_bytes(_FORM.pack((start - datetime.now(UTC)).total_seconds(), 0.0, 0.0))
        with file.open("r+b") as handle:
            self._shared = mmap.mmap(handle.fileno(), _FORM.size)
        self._stepped = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead + timedelta(seconds=self._stepped)

    def monotonic(self) -> float:
        return time.monotonic() + self._read()[1]

    @property
    def jumped(self) -> float:
        """Seconds by which the clock of this machine was set since the start, in all."""
        return self._read()[2] + self._stepped

    @property
    def ahead(self) -> timedelta:
        """By how much the time that all share differs from the machine's clock."""
        return timedelta(seconds=sum(self._read()))

    def advance(self, seconds: float) -> None:
        """Time passes."""
        start, passed, jumped = self._read()
        self._shared[:] = _FORM.pack(start, passed + max(0.0, seconds), jumped)

    def advance_to(self, instant: datetime) -> None:
        """Time passes until an instant, or not at all when that is over."""
        self.advance((instant - self.now()).total_seconds())

    def jump(self, seconds: float) -> None:
        """Somebody sets the clock, forward or back."""
        start, passed, jumped = self._read()
        self._shared[:] = _FORM.pack(start, passed, jumped + seconds)

    def step(self, seconds: float) -> None:
        """Somebody sets the clock of this machine, and no other."""
        self._stepped += seconds

    def _read(self) -> tuple[float, float, float]:
        start, passed, jumped = _FORM.unpack(self._shared[:])
        return start, passed, jumped
