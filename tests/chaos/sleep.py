"""A worker sleeps through its lease and wakes up: it sends nothing late, and settles nothing of others."""

import asyncio
import random
import signal
from pathlib import Path

from scheduler.flights import LEASE_SECONDS
from tests.chaos import oracle
from tests.chaos.figures import Figures, check
from tests.chaos.kills import SLOW
from tests.chaos.load import START, Load, settle
from tests.chaos.yard import Worker, Yard, within, yard

POINTS = ("before look", "before accept")
AWAKE_SECONDS = 1.5


async def slept(folder: Path, engine: str, url: str | None, seed: int, people: int, real: bool) -> Figures:
    """SIGSTOP with messages claimed, and with messages accepted; SIGCONT when the lease is over.

    With `real` the machine's time passes, else that of the watch. On a server another worker goes on.
    """
    chats = await settle(folder, people, url)
    late, stale, stopped = 0, 0, 0
    async with yard(folder, START, url) as one:
        load = Load(one, chats, random.Random(seed))
        await load.welcome([SLOW])
        other = await one.start() if url is not None else None
        for point in POINTS:
            sleeper = await one.start(point=point, nth=1, signal=signal.SIGSTOP)
            await _falls_asleep(load, sleeper)
            stopped += await oracle.leased(one.database, sleeper.token)
            await _oversleep(one, load, other, real)
            before = one.log.count
            sleeper.tell(signal.SIGCONT)
            await asyncio.sleep(AWAKE_SECONDS)
            if other is not None:
                late += len(oracle.sent(one.log, before))
            await load.finish()
            stale += (await one.figures(sleeper))["stale"]
            await sleeper.end(signal.SIGTERM)
        count = await oracle.count(one.log, one.database, load.expected)
    counts = {
        "sleeps": len(POINTS), "asleep_with": stopped, "doses": count.doses, "lost": count.lost,
        "sent_late": late, "stale_settlements_refused": stale, "copies": count.copies,
        "most_of_one_dose": count.most,
        "lease": f"{LEASE_SECONDS:.0f} s of {'real time' if real else 'the watch'}",
    }  # fmt: skip
    wrong = check(
        lost=count.lost > 0,
        told_instead_of_asked=count.told > 0,
        sent_late=late > 0,
        nothing_was_refused=other is not None and stale == 0,
        too_many_copies=count.copies > stopped,
        slept_with_nothing=stopped == 0,
        never_settled=count.unsettled > 0,
    )
    return Figures("asleep past the lease (SIGSTOP)", engine, seed, counts, wrong)


async def _falls_asleep(load: Load, sleeper: Worker) -> None:
    """Doses fall due until the sleeper got some of them, too."""
    for _ in range(6):
        load.next_slot()
        if await within(5, lambda: is_stopped(sleeper)):
            return
    raise AssertionError("the sleeper had nothing to send")


async def _oversleep(one: Yard, load: Load, other: Worker | None, real: bool) -> None:
    """Until the lease is over, and whoever is awake has done everything else."""
    if real:
        await asyncio.sleep(LEASE_SECONDS + 1)
    else:
        one.watch.advance(LEASE_SECONDS + 1)
    if other is not None:
        await load.finish()


def is_stopped(worker: Worker) -> bool:
    """Whether the process sleeps by SIGSTOP."""
    return Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
