"""What many years came to."""

import gc
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from typing import Any

from tests.years.year import Lived, live

MEASURED = (
    "the pure rules of planning, reminding and answering, which the rooms run, without database and sentences"
)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one year came to, without the life itself."""

    seed: str
    doses: int
    reminders: int
    taken: int
    unknown: int
    broken: tuple[str, ...]
    cpu_seconds: float


@dataclass(slots=True)
class Figures:
    """Sums over all people. `broken` counts broken promises; `examples` has the first of them."""

    seed: int
    workers: int
    people: int = 0
    doses: int = 0
    reminders: int = 0
    taken: int = 0
    unknown: int = 0
    broken: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    examples: list[str] = field(default_factory=list)

    @property
    def people_years_per_second(self) -> float:
        return round(self.people / self.seconds, 1) if self.seconds else 0.0

    @property
    def people_years_per_cpu_second(self) -> float:
        return round(self.people / self.cpu_seconds, 1) if self.cpu_seconds else 0.0

    def count(self, one: Outcome) -> None:
        self.people += 1
        self.cpu_seconds = round(self.cpu_seconds + one.cpu_seconds, 3)
        self.doses += one.doses
        self.reminders += one.reminders
        self.taken += one.taken
        self.unknown += one.unknown
        self.broken += len(one.broken)
        lines = [f"seed {one.seed}: {line}" for line in one.broken]
        self.examples += lines[: SHOWN - len(self.examples)]

    def as_data(self) -> dict[str, Any]:
        return {
            "measured": MEASURED,
            **asdict(self),
            "people_years_per_second": self.people_years_per_second,
            "people_years_per_cpu_second": self.people_years_per_cpu_second,
        }

    def __str__(self) -> str:
        return (
            f"{self.people} people-years (seed {self.seed}) in {self.seconds:.0f} s in {self.workers}"
            f" processes: {self.people_years_per_second} people-years per second,"
            f" {self.people_years_per_cpu_second} per second of one processor ({self.cpu_seconds:.0f} s)\n"
            f"{self.doses} doses, {self.taken} taken, {self.unknown} unknown, {self.reminders} reminders\n"
            f"{self.broken} broken promises"
        )


def outcome(seed: str) -> Outcome:
    """One year, lived and summed up."""
    began = time.process_time()
    lived: Lived = live(seed)
    states = [dose.state.value for dose in lived.rooms.person.doses.values()]
    return Outcome(
        seed,
        lived.doses,
        lived.asks,
        states.count("taken"),
        states.count("unknown"),
        tuple(lived.broken),
        time.process_time() - began,
    )


def run(people: int, seed: int, workers: int) -> Figures:
    """The years of so many people. Broken promises are printed as they are found."""
    found, began = Figures(seed, workers), time.monotonic()
    for one in _outcomes(people, seed, workers):
        for line in one.broken[:3]:
            print(f"seed {one.seed}: {line}", flush=True)
        found.count(one)
        found.seconds = round(time.monotonic() - began, 1)
        if found.people % 1000 == 0:
            print(f"{found.people} people-years after {found.seconds:.0f} s", flush=True)
    return found


def _outcomes(people: int, seed: int, workers: int) -> Iterator[Outcome]:
    seeds = [f"{seed}-{number}" for number in range(people)]
    if workers == 1:
        yield from map(outcome, seeds)
        return
    with get_context("spawn").Pool(workers, _collect_seldom) as pool:
        yield from pool.imap_unordered(outcome, seeds, chunksize=8)


def _collect_seldom() -> None:
    """A year makes many objects and few cycles: looking for those less often saves a tenth of its time."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)
