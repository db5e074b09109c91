"""python-telegram-bot's JobQueue with the same herd: as it comes, and the best that can be made of it."""

from dataclasses import dataclass, field
from typing import Any

from tests.bench.databases import SQLITE, settled
from tests.bench.figures import Figure, at_least, of_readings, rates, ratios
from tests.bench.gauge import Reading
from tests.bench.herd import ours
from tests.bench.process import measured
from tests.bench.scale import Scale, due_now
from tests.bench.sink.handle import sink

SMALLEST = 50  # the herd with which the doubling begins
AS_IT_COMES, AT_ITS_BEST = at_least(15), at_least(4)


async def remind(count: int, **wish: Any) -> tuple[Reading, int]:
    """A herd of `count` in the JobQueue; the reading, and how many were lost."""
    async with sink() as network:
        said = await measured("tests.bench.peers.jobqueue", sink=network.url, count=count, **wish)
        return said.reading, count - await network.chats()


async def largest_whole(most: int) -> int:
    """The largest herd, by doubling, of which the JobQueue as it comes loses nobody; 0 if there is none."""
    whole, herd = 0, SMALLEST
    while herd <= most:
        _, lost = await remind(herd)
        if lost:
            break
        whole, herd = herd, 2 * herd
    return whole


async def whole(herd: int) -> tuple[int, tuple[Reading, int]]:
    """The JobQueue as it comes, with a smaller herd if it loses somebody this time; the herd, the run."""
    while (run := await remind(herd))[1] and herd > SMALLEST:
        herd //= 2
    return herd, run


@dataclass(slots=True)
class _Runs:
    """The readings of one way to remind, and how many each lost."""

    readings: list[Reading] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)

    def add(self, run: tuple[Reading, int]) -> None:
        """One round more."""
        self.readings.append(run[0])
        self.lost.append(run[1])

    @property
    def rates(self) -> list[float]:
        """Messages a second."""
        return rates(self.readings)

    def figure(self, name: str, herd: int) -> Figure:
        """How fast it was."""
        note = f"{herd:,} reminders, lost {max(self.lost)}"
        return of_readings(name, self.rates, self.readings, unit="/s", note=note)


async def measure(scale: Scale) -> list[Figure]:
    """Ours on SQLite, the JobQueue as it comes at its largest herd, and with grace over our own request."""
    crowd = due_now(scale.people)
    herd = await largest_whole(scale.people) or SMALLEST
    mine, plain, best = _Runs(), _Runs(), _Runs()
    async with settled(SQLITE, scale.folder, crowd) as on_file:
        for _ in range(scale.rounds):
            mine.add(await ours(on_file, scale.people))
            herd, run = await whole(herd)
            plain.add(run)
            best.add(await remind(scale.people, grace=True, aiohttp=True))
    as_it_comes, better = "JobQueue as it comes", "JobQueue over aiohttp with grace"
    note = f"{scale.people:,} of ours, {herd} of the other, the most of which it lost none"
    return [
        plain.figure(as_it_comes, herd),
        best.figure(better, scale.people),
        of_readings(
            f"ours ÷ {as_it_comes}",
            ratios(mine.rates, plain.rates),
            mine.readings,
            goal=AS_IT_COMES,
            note=note,
        ),
        of_readings(f"ours ÷ {better}", ratios(mine.rates, best.rates), mine.readings, goal=AT_ITS_BEST),
        await _as_it_comes(scale.people),
    ]


async def _as_it_comes(people: int) -> Figure:
    reading, lost = await remind(people)
    name = f"JobQueue as it comes, {people:,} reminders: lost"
    note = "what is not out after a minute counts as lost"
    return Figure(name, [lost], "", stall_ms=reading.stall_ms, note=note)
