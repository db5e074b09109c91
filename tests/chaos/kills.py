"""Workers are killed while reminders go out: at random moments, and at every named point."""

import asyncio
import random
import signal
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.chaos import oracle
from tests.chaos.figures import Figures, check
from tests.chaos.load import START, Load, settle
from tests.chaos.points import POINTS
from tests.chaos.yard import Worker, Yard, within, yard

MOST_OF_ONE_DOSE = 3
LOST_REPLIES = {"method": "sendMessage", "kind": "accept_then_drop", "probability": 0.05}
SLOW = {"method": "sendMessage", "kind": "latency", "ms": 150, "probability": 1.0}
SERVER_NOTICES = 0.1  # seconds in which a server ends what a dead worker had asked for


@dataclass(slots=True)
class Slaughter:
    """Who runs, who died, and what was in flight each time."""

    yard: Yard
    load: Load
    draw: random.Random
    workers: list[Worker] = field(default_factory=list)
    in_flight: int = 0
    deaths: int = 0
    most_in_flight: int = 0
    unreached: list[str] = field(default_factory=list)

    async def begin(self, count: int) -> None:
        self.workers = [await self.yard.start() for _ in range(count)]

    async def _bury(self, dead: Worker, **order: Any) -> Worker:
        """Count what it left behind, and put another one in its place."""
        await asyncio.sleep(SERVER_NOTICES)
        left = await oracle.leased(self.yard.database, dead.token)
        self.deaths += 1
        self.in_flight += left
        self.most_in_flight = max(self.most_in_flight, left)
        fresh = await self.yard.start(dead.port, **order)
        self.workers[self.workers.index(dead)] = fresh
        return fresh

    async def at_random(self) -> None:
        """One of the workers, at some moment after sending began."""
        await self.load.move()
        await asyncio.sleep(self.draw.uniform(0.0, 0.4))
        self.load.tap()
        await asyncio.sleep(self.draw.uniform(0.0, 0.2))
        victim = self.draw.choice(self.workers)
        await victim.end(signal.SIGKILL)
        await self._bury(victim)

    async def at(self, point: str) -> None:
        """One worker, at a point of its own life."""
        victim = self.draw.choice(self.workers)
        await victim.end()
        most = 1 if point.endswith("wake") else 4  # everybody is woken at once, and then for hours nobody
        armed = await self._bury(victim, point=point, nth=self.draw.randint(1, most))
        if point.endswith("wake"):
            await self._nothing_left(armed)
        if not await self._dies(armed):
            self.unreached.append(point)
            await armed.end()
        await self._bury(armed)

    async def _nothing_left(self, armed: Worker) -> None:
        """Until everybody sleeps and the next dose is due, unless the worker dies before that."""
        finishing = asyncio.ensure_future(self.load.finish())
        either: set[asyncio.Future[Any]] = {finishing, armed.ended}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finishing.cancel()
        if armed.alive:
            self.load.next_slot()

    async def _dies(self, armed: Worker) -> bool:
        async with asyncio.timeout(60):
            for _ in range(12):
                if not armed.alive:
                    return True
                await self.load.move()
                self.load.tap(6)
                if await within(0.3, lambda: not armed.alive):
                    return True
        return not armed.alive


async def killed(
    folder: Path, engine: str, url: str | None, seed: int, people: int, kills: int, points: int
) -> Figures:
    """SIGKILL `kills` times at random, and `points` times at every named point."""
    workers = 1 if url is None else 2
    draw = random.Random(seed)
    chats = await settle(folder, people, url)
    began = datetime.now(START.tzinfo)
    async with yard(folder, START, url) as one:
        load = Load(one, chats, draw)
        await load.welcome([SLOW, LOST_REPLIES])
        run = Slaughter(one, load, draw)
        await run.begin(workers)
        for _ in range(kills):
            await run.at_random()
        for point in POINTS * points:
            await run.at(point)
        await load.finish()
        count = await oracle.count(one.log, one.database, load.expected)
        recorded = await oracle.answers(one.database)
    lost_taps, strange_taps = oracle.missing(load.taps, recorded), len(set(recorded) - load.taps)
    bound = run.in_flight + count.unsure
    counts = {
        "workers": workers, "deaths": run.deaths, "at_points": len(POINTS) * points, "doses": count.doses,
        "lost": count.lost, "told_instead": count.told, "copies": count.copies, "bound": bound,
        "in_flight": run.in_flight,
        "most_in_flight": run.most_in_flight, "unsure": count.unsure, "most_of_one_dose": count.most,
        "taps": len(load.taps), "lost_taps": lost_taps,
        "recorded_twice": sum(n > 1 for n in recorded.values()),
        "seconds": round((datetime.now(START.tzinfo) - began).total_seconds()),
    }  # fmt: skip
    wrong = check(
        lost=count.lost > 0,
        told_instead_of_asked=count.told > 0,
        too_many_copies=count.copies > bound,
        one_dose_too_often=count.most > MOST_OF_ONE_DOSE,
        accepted_without_a_dose=count.strange > 0,
        never_settled=count.unsettled > 0,
        database_against_log=count.contradictions > 0,
        taps_lost=lost_taps > 0,
        taps_invented=strange_taps > 0,
        recorded_twice=any(n > 1 for n in recorded.values()),
    )
    wrong += [f"never came to: {point}" for point in run.unreached]
    return Figures("killed (SIGKILL)", engine, seed, counts, wrong)


async def stopped(folder: Path, engine: str, url: str | None, seed: int, people: int, stops: int) -> Figures:
    """SIGTERM in the middle of the crowd: nothing comes twice."""
    draw = random.Random(seed)
    chats = await settle(folder, people, url)
    longest = 0.0
    async with yard(folder, START, url) as one:
        load = Load(one, chats, draw)
        await load.welcome([SLOW])
        run = Slaughter(one, load, draw)
        await run.begin(1 if url is None else 2)
        for _ in range(stops):
            await load.move()
            await asyncio.sleep(draw.uniform(0.0, 0.3))
            load.tap()
            victim = draw.choice(run.workers)
            before = one.watch.monotonic()
            code = await victim.end(signal.SIGTERM)
            longest = max(longest, one.watch.monotonic() - before)
            assert code == 0, one.log_file.read_text()[-2000:]
            await run._bury(victim)
        await load.finish()
        count = await oracle.count(one.log, one.database, load.expected)
        recorded = await oracle.answers(one.database)
    lost_taps = oracle.missing(load.taps, recorded)
    counts = {
        "stops": stops, "doses": count.doses, "lost": count.lost, "told_instead": count.told,
        "copies": count.copies,
        "left_in_flight": run.in_flight, "longest_drain_s": round(longest, 2), "taps": len(load.taps),
        "lost_taps": lost_taps,
    }  # fmt: skip
    wrong = check(
        lost=count.lost > 0,
        told_instead_of_asked=count.told > 0,
        copies=count.copies > 0,
        left_in_flight=run.in_flight > 0,
        drains_too_long=longest > 10,
        taps_lost=lost_taps > 0,
        never_settled=count.unsettled > 0,
    )
    return Figures("stopped (SIGTERM)", engine, seed, counts, wrong)
