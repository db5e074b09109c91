"""Killed in the middle of a herd and started again: how many reminders are lost."""

from typing import Any

from tests.bench.databases import SQLITE, settled
from tests.bench.figures import Figure, lost
from tests.bench.process import measured, started
from tests.bench.scale import Scale, due_now
from tests.bench.sink.handle import Sink, sink

PATIENCE = 120.0
AHEAD_SECONDS = 100.0  # what may have arrived is sent once more after 90 s

WORKER, JOBQUEUE, JOBSTORE = "tests.bench.worker", "tests.bench.peers.jobqueue", "tests.bench.peers.jobstore"


async def measure(scale: Scale) -> list[Figure]:
    """Ours in every round; the JobQueue and the job store once, because they lose some in any case."""
    count = scale.killed
    ours = [await evenkeel(scale, count) for _ in range(scale.rounds)]
    copies = max(copies for _, copies in ours)
    killed = f"lost of {count:,} when killed half-way"
    no_jobs = "PTB's persistence holds no jobs"
    before = "APScheduler takes a job out of its store before it runs"
    return [
        lost(f"{killed}: Evenkeel", [missing for missing, _ in ours], f"twice: {copies}"),
        Figure(f"{killed}: JobQueue", [await jobqueue(scale, count)], "", note=no_jobs),
        Figure(f"{killed}: job store", [await jobstore(scale, count)], "", note=before),
    ]


async def evenkeel(scale: Scale, count: int) -> tuple[int, int]:
    """How many were lost, and how many came twice. What is in doubt is looked at 100 s later by its clock."""
    async with settled(SQLITE, scale.folder, due_now(count)) as crowd, sink() as network:
        await _kill_half_way(network, count, WORKER, **crowd.wish)
        for ahead in (0.0, AHEAD_SECONDS):
            async with started(WORKER, **crowd.wish, sink=network.url, ahead=ahead) as worker:
                await worker.ready()
                await network.until_still()
                await worker.stop()
        sent = await network.count("sendMessage")
        chats = await network.chats()
        return count - chats, sent - chats


async def jobqueue(scale: Scale, count: int) -> int:
    """How many were lost, at its best, with PicklePersistence."""
    file = scale.folder / "jobqueue.pickle"
    file.unlink(missing_ok=True)
    wish = {"count": count, "grace": True, "aiohttp": True, "persistence": str(file)}
    async with sink() as network:
        await _kill_half_way(network, count, JOBQUEUE, **wish)
        await measured(JOBQUEUE, **wish, sink=network.url, restarted=True)
        return count - await network.chats()


async def jobstore(scale: Scale, count: int) -> int:
    """How many were lost."""
    file = scale.folder / "jobstore.db"
    file.unlink(missing_ok=True)
    wish = {"count": count, "database": str(file)}
    async with sink() as network:
        await _kill_half_way(network, count, JOBSTORE, **wish)
        await measured(JOBSTORE, **wish, sink=network.url, restarted=True)
        return count - await network.chats()


async def _kill_half_way(network: Sink, of: int, module: str, **wish: Any) -> None:
    async with started(module, **wish, sink=network.url) as process:
        reached = await network.until_chats(of // 2, PATIENCE)
        assert of // 2 <= reached < of, f"{reached} of {of} were out when it was to be killed"
        await process.kill()
