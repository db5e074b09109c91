"""How large a run of the measurements is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scheduler.clock import SystemClock
from tests.bench.crowd import Crowd


@dataclass(frozen=True, slots=True)
class Scale:
    """Everything hangs on `people`, the size of the herd. Files go into `folder`."""

    folder: Path
    rounds: int = 3
    people: int = 10_000

    @property
    def large(self) -> int:
        """The largest herd."""
        return 10 * self.people

    @property
    def idle(self) -> int:
        """People of whom nothing is due."""
        return 100 * self.people

    @property
    def few(self) -> int:
        """What is held against them."""
        return self.people // 10

    @property
    def killed(self) -> int:
        """Reminders in the middle of which a process is killed."""
        return self.people // 2

    @property
    def paced_people(self) -> int:
        """A herd whose end is awaited at Telegram's pace."""
        return 3 * self.people // 10

    @property
    def paced_seconds(self) -> float:
        """As long as the herd surely lasts at Telegram's pace."""
        return 0.03 * self.people


def due_now(people: int) -> Crowd:
    """A herd that falls due in this minute."""
    return Crowd(people, SystemClock().now().replace(second=0, microsecond=0))


def due_later(people: int) -> Crowd:
    """People of whom nothing is wanted for years."""
    return Crowd(people, datetime(SystemClock().now().year + 2, 1, 1, 8, tzinfo=UTC))
