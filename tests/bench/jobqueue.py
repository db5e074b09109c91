"""python-telegram-bot's JobQueue with the same herd: as it comes, and the best that can be made of it."""

from collections.abc import Sequence
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


async def measure(scale: Scale) -> list[Figure]:
    """Ours on SQLite, the JobQueue as it comes at its largest herd, and with grace over our own request."""
    crowd = due_now(scale.people)
    whole = await largest_whole(scale.people)
    mine: list[Reading] = []
    plain: list[Reading] = []
    best: list[Reading] = []
    losses: list[int] = []
    async with settled(SQLITE, scale.folder, crowd) as on_file:
        for _ in range(scale.rounds):
            mine.append((await ours(on_file, scale.people))[0])
            plain.append((await remind(whole or SMALLEST))[0])
            reading, lost = await remind(scale.people, grace=True, aiohttp=True)
            best.append(reading)
            losses.append(lost)
    return [
        *_figures(scale.people, whole, mine, plain, best, losses),
        await _as_it_comes(scale.people),
    ]


def _figures(
    people: int,
    whole: int,
    mine: Sequence[Reading],
    plain: Sequence[Reading],
    best: Sequence[Reading],
    losses: Sequence[int],
) -> list[Figure]:
    better = "JobQueue over aiohttp with grace"
    return [
        of_readings("JobQueue as it comes", rates(plain), plain, unit="/s", note=f"{whole} reminders"),
        of_readings(better, rates(best), best, unit="/s", note=f"{people:,} reminders, lost {max(losses)}"),
        of_readings(
            "ours ÷ JobQueue as it comes",
            ratios(rates(mine), rates(plain)),
            mine,
            goal=AS_IT_COMES,
            note=f"{people:,} of ours, {whole} of the other, the most that it does not lose",
        ),
        of_readings(f"ours ÷ {better}", ratios(rates(mine), rates(best)), mine, goal=AT_ITS_BEST),
    ]


async def _as_it_comes(people: int) -> Figure:
    reading, lost = await remind(people)
    return of_readings(
        f"JobQueue as it comes, {people:,} reminders: lost",
        [lost],
        [reading],
        unit="",
        note="no goal of ours",
    )
