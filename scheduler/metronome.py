"""The metronome: a few steady beats, and nothing else that APScheduler could do.

The beats only say "look now". What is due, and when, is in the tables; a beat that comes late loses nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.clock import SystemClock
from scheduler.mishap import traits

LAST_BEAT_SECONDS = 5.0  # how long a beat that has begun may take when we stop
CLOCK_CHECK_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class Metronome:
    """Calls coroutines at a steady pace; the same one never twice at a time."""

    def __init__(self) -> None:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a late beat is not worth a line
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # Late is fine, lost is not: by default a beat late by a second would be dropped.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._broken: asyncio.Future[None] | None = None
        self._striking: set[asyncio.Future[object]] = set()
        self._checking: asyncio.TimerHandle | None = None

    def beat(self, name: str, seconds: float, coroutine: Callable[[], Awaitable[object]]) -> None:
        """Call `coroutine` every `seconds` once started."""
        self._scheduler.add_job(
            self._strike, IntervalTrigger(seconds=seconds, timezone=UTC), args=(name, coroutine), id=name
        )

    def start(self) -> None:
        """Begin to beat, on the running event loop."""
        self._broken = asyncio.get_running_loop().create_future()
        self._scheduler.start()
        self._check_clock()

    async def watch(self) -> None:
        """Wait for ever; raises what the first broken beat raised, so that the process can end."""
        if self._broken is None:
            raise RuntimeError("the metronome has not been started")
        await asyncio.shield(self._broken)

    async def stop(self) -> None:
        """Beat no more. A beat that has begun may end: cut off, it would leave a transaction to be undone."""
        if self._checking is not None:
            self._checking.cancel()
        if self._scheduler.running:
            self._scheduler.pause()
            if self._striking:
                await asyncio.wait(self._striking, timeout=LAST_BEAT_SECONDS)
            self._scheduler.shutdown(wait=False)
        if self._broken is not None and not self._broken.done():
            self._broken.cancel()

    def _check_clock(self) -> None:
        """APScheduler goes by the machine's clock: set back by a day, it would not beat for a day."""
        now = SystemClock().now()
        for job in self._scheduler.get_jobs():
            if job.next_run_time > now + job.trigger.interval + timedelta(seconds=CLOCK_CHECK_SECONDS):
                job.modify(next_run_time=now)
        self._checking = asyncio.get_running_loop().call_later(CLOCK_CHECK_SECONDS, self._check_clock)

    async def _strike(self, name: str, coroutine: Callable[[], Awaitable[object]]) -> None:
        work = asyncio.ensure_future(coroutine())
        self._striking.add(work)
        work.add_done_callback(self._striking.discard)
        try:
            await work
        except asyncio.CancelledError:
            return  # stopped in the middle of a beat; APScheduler would call that an error
        except Exception as error:
            if self._broken is not None and not self._broken.done():
                self._broken.set_exception(error)
            _log.error("beat_broken", beat=name, **traits(error))
