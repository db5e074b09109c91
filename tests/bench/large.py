"""A herd ten times as large, once on each engine: nobody is lost."""

from tests.bench.databases import ENGINES, settled
from tests.bench.figures import Figure, at_most, of_readings
from tests.bench.herd import ours
from tests.bench.scale import Scale, due_now

PATIENCE = 1_200.0


async def measure(scale: Scale) -> list[Figure]:
    """How many are lost; the note says how fast it was."""
    return [await _herd(engine, scale) for engine in ENGINES]


async def _herd(engine: str, scale: Scale) -> Figure:
    async with settled(engine, scale.folder, due_now(scale.large)) as crowd:
        reading, lost = await ours(crowd, scale.large, patience=PATIENCE)
    name = f"{scale.large:,} reminders, {engine}: lost"
    note = f"{reading.rate:,.0f}/s, {reading.rss_mb:.0f} MB"
    return of_readings(name, [lost], [reading], unit="", goal=at_most(0), note=note)
