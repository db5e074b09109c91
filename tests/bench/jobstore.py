"""APScheduler's SQLAlchemyJobStore on SQLite with a herd, sending with python-telegram-bot over httpx."""

from tests.bench.databases import SQLITE, settled
from tests.bench.figures import Figure, at_least, of_readings, rates, ratios
from tests.bench.gauge import Reading
from tests.bench.herd import ours
from tests.bench.process import measured
from tests.bench.scale import Scale, due_now
from tests.bench.sink.handle import sink

BESIDE = at_least(8)


async def remind(scale: Scale, count: int) -> tuple[Reading, int]:
    """A herd of `count` in the job store; the reading, and how many were lost."""
    file = scale.folder / "jobs.db"
    file.unlink(missing_ok=True)
    async with sink() as network:
        said = await measured("tests.bench.peers.jobstore", sink=network.url, database=str(file), count=count)
        return said.reading, count - await network.chats()


async def measure(scale: Scale) -> list[Figure]:
    """Ours on SQLite, and the job store with a fifth of the herd, which is the kinder for it."""
    count = scale.people // 5
    mine: list[Reading] = []
    theirs: list[Reading] = []
    losses: list[int] = []
    async with settled(SQLITE, scale.folder, due_now(scale.people)) as on_file:
        for _ in range(scale.rounds):
            mine.append((await ours(on_file, scale.people))[0])
            reading, lost = await remind(scale, count)
            theirs.append(reading)
            losses.append(lost)
    other = "APScheduler's job store with grace"
    note = f"{count:,} reminders, lost {max(losses)}"
    return [
        of_readings(other, rates(theirs), theirs, unit="/s", note=note),
        of_readings(f"ours ÷ {other}", ratios(rates(mine), rates(theirs)), mine, goal=BESIDE),
    ]
