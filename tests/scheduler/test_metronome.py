"""The metronome beats steadily, never twice at a time, and a broken beat is heard."""

import asyncio
from datetime import datetime, timedelta, tzinfo

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest

import scheduler.clock
from scheduler.metronome import Metronome
from tests.scheduler.posthouse import until


async def test_every_beat_is_struck_again_and_again() -> None:
    struck: list[str] = []

    async def strike(name: str) -> None:
        struck.append(name)

    metronome = Metronome()
    metronome.beat("tick", 0.01, lambda: strike("tick"))
    metronome.beat("sweep", 0.02, lambda: strike("sweep"))
    metronome.start()
    await until(lambda: struck.count("tick") > 2 and struck.count("sweep") > 1)
    await metronome.stop()


async def test_a_beat_that_takes_long_is_not_struck_twice_at_a_time() -> None:
    begun, others, release = 0, 0, asyncio.Event()

    async def long() -> None:
        nonlocal begun
        begun += 1
        await release.wait()

    async def other() -> None:
        nonlocal others
        others += 1

    metronome = Metronome()
    metronome.beat("long", 0.01, long)
    metronome.beat("other", 0.01, other)
    metronome.start()
    await until(lambda: others > 5)
    assert begun == 1
    release.set()
    await until(lambda: begun > 1)
    await metronome.stop()


async def test_it_beats_on_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself APScheduler would wait until the clock shows again what it showed before."""
    back, struck = [timedelta()], [0]

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Shifted":
            machine = datetime.now(tz) - back[0]
            return cls.combine(machine.date(), machine.timetz())

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval, scheduler.clock):
        monkeypatch.setattr(module, "datetime", Shifted)

    async def strike() -> None:
        struck[0] += 1

    metronome = Metronome()
    metronome.beat("tick", 0.01, strike)
    metronome.start()
    await until(lambda: struck[0] > 2)
    back[0] = timedelta(days=1)
    await asyncio.sleep(0.05)  # real time: what was planned before the clock was set
    before = struck[0]
    await until(lambda: struck[0] > before + 2)
    await metronome.stop()


async def test_a_beat_delayed_by_a_blocked_loop_is_late_and_not_lost() -> None:
    """APScheduler's default would drop a beat that is late by a second, with one line in the log."""
    metronome = Metronome()
    metronome.beat("tick", 1, _nothing)
    [job] = metronome._scheduler.get_jobs()
    metronome.start()
    [job] = metronome._scheduler.get_jobs()
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    await metronome.stop()


async def test_a_broken_beat_is_heard_by_who_watches() -> None:
    async def break_down() -> None:
        raise ValueError("a spring")

    metronome = Metronome()
    metronome.beat("tick", 0.01, break_down)
    metronome.start()
    with pytest.raises(ValueError, match="a spring"):
        await metronome.watch()
    await metronome.stop()


async def test_a_stopped_metronome_is_silent() -> None:
    struck = 0

    async def strike() -> None:
        nonlocal struck
        struck += 1

    metronome = Metronome()
    metronome.beat("tick", 0.005, strike)
    metronome.start()
    watching = asyncio.create_task(metronome.watch())
    await until(lambda: struck > 0)
    await metronome.stop()
    with pytest.raises(asyncio.CancelledError):
        await watching
    before = struck
    for _ in range(20):
        await asyncio.sleep(0)
    assert struck == before


async def _nothing() -> None:
    return None


async def test_a_beat_that_has_begun_comes_to_its_end() -> None:
    """Cut off in the middle of a transaction it would leave a connection to be closed by nobody."""
    begun, release, ended = asyncio.Event(), asyncio.Event(), []

    async def work() -> None:
        begun.set()
        await release.wait()
        ended.append(True)

    metronome = Metronome()
    metronome.beat("tick", 0.01, work)
    metronome.start()
    await begun.wait()
    stopping = asyncio.create_task(metronome.stop())
    await asyncio.sleep(0)
    release.set()
    await stopping
    assert ended == [True]
