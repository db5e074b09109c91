"""python-telegram-bot's JobQueue: a job for each reminder, as its documentation shows it.

`python -m tests.bench.peers.jobqueue <wish>`.
"""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, JobExecutionEvent
from telegram.ext import Application, ApplicationBuilder, ContextTypes, PicklePersistence

from bot.telegram.request import AiohttpRequest
from tests.bench.crowd import FIRST_CHAT, TOKEN
from tests.bench.gauge import Gauge, say, stand_still
from tests.bench.peers.reminder import KEYBOARD, TEXT, quietly

CONNECTIONS = 64
JUST_BEFORE_SECONDS = 0.05
PATIENCE = 60.0  # httpx takes for ever over thousands of requests that wait for a connection
FIRST_SECONDS, SECONDS_A_JOB = 0.5, 0.0008  # time to put the jobs into the queue before they are due

App = Application[Any, Any, Any, Any, Any, Any]
Callback = Callable[[ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Wish:
    """How it is to run.

    `grace`: the misfire grace set to None, so that no job is ever too late; else the default of one second.
    `aiohttp`: over our request class, CONNECTIONS side by side; else httpx as it comes. `stalled`: seconds
    for which the loop stands still from just before they are due. `persistence`: a file of
    PicklePersistence. `restarted`: put nothing into the queue, and see what is there.
    """

    sink: str
    count: int
    grace: bool = False
    aiohttp: bool = False
    stalled: float = 0.0
    persistence: str = ""
    restarted: bool = False

    def application(self) -> App:
        """The application, not yet started."""
        builder = ApplicationBuilder().token(TOKEN).base_url(f"{self.sink}/bot")
        if self.aiohttp:
            builder = builder.request(AiohttpRequest(CONNECTIONS)).get_updates_request(AiohttpRequest(1))
        if self.persistence:
            builder = builder.persistence(PicklePersistence(self.persistence))
        return builder.build()

    def callback(self) -> Callback:
        """What a job does. Over our own connections no more of them ask at once than there are."""
        gate = asyncio.Semaphore(CONNECTIONS if self.aiohttp else self.count + 1)

        async def remind(context: ContextTypes.DEFAULT_TYPE) -> None:
            assert context.job is not None
            assert context.job.chat_id is not None
            async with gate:
                await context.bot.send_message(context.job.chat_id, TEXT, reply_markup=KEYBOARD)

        return remind


class _Tally:
    """What became of the jobs."""

    def __init__(self, count: int) -> None:
        self._left, self.sent, self.done = count, 0, asyncio.Event()

    def note(self, event: JobExecutionEvent) -> None:
        """One job is over: done, failed or too late."""
        self._left -= 1
        self.sent += event.code == EVENT_JOB_EXECUTED
        if not self._left:
            self.done.set()


async def main(wish: Wish) -> None:
    """Put the reminders into the queue, wait until all are over, and say how it went."""
    application = wish.application()
    async with application:
        await application.start()
        queue, tally = application.job_queue, _Tally(wish.count)
        assert queue is not None
        queue.scheduler.add_listener(tally.note, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        if wish.restarted:
            say(Gauge().read(len(queue.jobs())))
        else:
            await _remind_all(wish, application, tally)
        await application.stop()


async def _remind_all(wish: Wish, application: App, tally: _Tally) -> None:
    queue, callback = application.job_queue, wish.callback()
    assert queue is not None
    ahead = FIRST_SECONDS + SECONDS_A_JOB * wish.count
    due, due_at = datetime.now(UTC) + timedelta(seconds=ahead), time.monotonic() + ahead
    kwargs = {"misfire_grace_time": None} if wish.grace else {}
    for number in range(wish.count):
        queue.run_once(callback, due, chat_id=FIRST_CHAT + number, job_kwargs=kwargs)
    assert time.monotonic() < due_at, "the jobs were due before all of them were in the queue"
    await asyncio.sleep(due_at - time.monotonic() - JUST_BEFORE_SECONDS)
    gauge = Gauge()
    gauge.begin(due_at)  # the loop may stand from that instant on
    await asyncio.sleep(0)  # the first beat of its heart
    _give_up_after(PATIENCE, gauge, tally)
    stand_still(wish.stalled)
    await tally.done.wait()
    say(gauge.read(tally.sent))


def _give_up_after(seconds: float, gauge: Gauge, tally: _Tally) -> None:
    """From a thread, because the loop may have no time left for anything."""

    def give_up() -> None:
        say(gauge.read(tally.sent))
        os._exit(0)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    quietly()
    asyncio.run(main(Wish(**json.loads(sys.argv[1]))))
