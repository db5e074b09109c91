"""The only reader of the wall clock. Everything else is told what time it is."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the house may ask about time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow; for pacing, leases and latencies."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class AgreedClock:
    """A clock that several machines share: each corrects its own by that of the database.

    A lease that one machine gave must not have run out on another before its time.
    """

    def __init__(self, own: Clock) -> None:
        self._own, self._ahead = own, timedelta(0)

    def now(self) -> datetime:
        return self._own.now() + self._ahead

    def monotonic(self) -> float:
        return self._own.monotonic()

    def agree(self, shared: datetime) -> float:
        """The database's clock shows `shared` (aware) just now. The seconds by which it is ahead of ours."""
        self._ahead = shared - self._own.now()
        return self._ahead.total_seconds()


class SteerableClock:
    """A running clock that can be moved forward: the demo's time machine, and the tests'.

    It runs with the machine's clock plus an offset, so that time passes by itself between two jumps.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        """Start at `start` (aware), or at the machine's present; `frozen` stands still between jumps."""
        self._frozen = frozen
        self._origin = time.monotonic()
        self._start = start.astimezone(UTC) if start is not None else datetime.now(UTC)
        self._jumped = 0.0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        passed = 0.0 if self._frozen else time.monotonic() - self._origin
        return passed + self._jumped

    def advance(self, seconds: float) -> None:
        """Jump forward by `seconds` (≥ 0); a clock never runs backwards here."""
        if seconds < 0:
            raise ValueError("a steerable clock only moves forward")
        self._jumped += seconds

    def advance_to(self, instant: datetime) -> None:
        """Jump to `instant`, or stay where it is when that has passed."""
        self.advance(max(0.0, (instant - self.now()).total_seconds()))
