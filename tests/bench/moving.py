"""Moving house: how many people a second are taken in from a file, and written into one."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.bench import travellers
from tests.bench.databases import ENGINES, SQLITE, Settled, settled
from tests.bench.figures import Figure, Goal, at_least, rates
from tests.bench.gauge import Reading
from tests.bench.process import measured
from tests.bench.scale import Scale, due_later

TAKEN_IN = at_least(5_000)


async def measure(scale: Scale) -> list[Figure]:
    """On both engines, people with one medicine; then some with a month of doses and check-ins."""
    new = travellers.write(scale.folder / "new.jsonl", scale.people)
    month = travellers.write(scale.folder / "month.jsonl", scale.few, days=travellers.MONTH)
    figures: list[Figure] = []
    for engine in ENGINES:
        goal = TAKEN_IN if engine == SQLITE else None
        async with settled(engine, scale.folder, due_later(0)) as empty:
            found = [await _moved(empty, new) for _ in range(scale.rounds)]
            figures += _figures(f"{scale.people:,} people, {engine}", found, goal)
            found = [await _moved(empty, month) for _ in range(scale.rounds)]
            figures += _figures(f"{scale.few:,} people with a month, {engine}", found, None)
    return figures


async def _moved(empty: Settled, file: Path) -> tuple[Reading, Reading]:
    """The way in and the way out again."""
    out = file.with_name("out.jsonl")
    async with empty.copied() as database:
        said = await measured("tests.bench.mover", **database.wish, file=str(file), out=str(out))
    out.unlink()
    return said.reading, Reading(**said.more["out"])


def _figures(of: str, found: Sequence[tuple[Reading, Reading]], goal: Goal | None) -> list[Figure]:
    ways_in, ways_out = zip(*found, strict=True)
    return [_figure(f"taken in: {of}", ways_in, goal), _figure(f"handed over: {of}", ways_out, None)]


def _figure(name: str, ways: Sequence[Reading], goal: Goal | None) -> Figure:
    """Nobody else is served meanwhile, so that the loop may stand."""
    return Figure(name, rates(ways), "/s", goal, cpu_ms=median(way.cpu_ms for way in ways))
