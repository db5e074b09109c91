"""The only reader of the wall clock. Everything else is told what time it is."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

AGREE_SECONDS = 60.0
PARTED_SECONDS = 1.0


class Clock(Protocol):
    """What the house may ask about time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow, by the time that passes; for pacing, leases and latencies."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.clock_gettime(_STEADY)


# Where there is one, a clock that goes on while the machine sleeps.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What the clocks showed at one moment: the shared one, our own, and our monotonic seconds."""

    shared: datetime
    own: datetime
    seconds: float


class AgreedClock:
    """A clock that several machines share: that of the database, as last seen, and the seconds since.

    A lease that one machine gave must not have run out on another before its time. So when the clock of one
    machine is set, this one does not move. Before it was ever compared it is the machine's own.
    """

    def __init__(self, own: Clock) -> None:
        self._own = own
        self._seen: _Sight | None = None

    def now(self) -> datetime:
        if self._seen is None:
            return self._own.now()
        return self._seen.shared + timedelta(seconds=self._own.monotonic() - self._seen.seconds)

    def monotonic(self) -> float:
        return self._own.monotonic()

    def agree(self, shared: datetime) -> float:
        """The database's clock shows `shared` (aware) just now. The seconds by which it is ahead of ours."""
        self._seen = _Sight(shared, self._own.now(), self._own.monotonic())
        return (shared - self._seen.own).total_seconds()

    @property
    def doubtful(self) -> bool:
        """True when it is to be compared: it never was, not for a while, or our own clocks have parted.

        They part when the one is set, which does not matter here, and when the other stood still, as on a
        machine that was paused without knowing. Then we are behind the others until we compare.
        """
        if self._seen is None:
            return True
        seconds = self._own.monotonic() - self._seen.seconds
        shown = (self._own.now() - self._seen.own).total_seconds()
        return seconds >= AGREE_SECONDS or abs(shown - seconds) > PARTED_SECONDS


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
