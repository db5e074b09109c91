"""APScheduler with a SQLAlchemyJobStore on SQLite, which keeps its jobs over a restart.

`python -m tests.bench.peers.jobstore <wish>`. The misfire grace is set, or nearly everything would be lost.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.bench.crowd import FIRST_CHAT, TOKEN
from tests.bench.gauge import Gauge, say
from tests.bench.peers import jobstore
from tests.bench.peers.reminder import KEYBOARD, TEXT, quietly

AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Wish:
    """How it is to run. `restarted`: the jobs are in the file already, as far as they are."""

    sink: str
    database: str
    count: int
    restarted: bool = False


class Office:
    """Where the jobs find what they need: a stored job holds nothing but the name of its function."""

    bot: Bot
    gate: asyncio.Semaphore
    sent = 0
    over = 0


async def remind(chat: int) -> None:
    """The job. No more ask at once than there are connections, or the pool of httpx would refuse them."""
    async with jobstore.Office.gate:
        await jobstore.Office.bot.send_message(chat, TEXT, reply_markup=KEYBOARD)


def note(event: JobExecutionEvent) -> None:
    """One job is over."""
    jobstore.Office.over += 1
    jobstore.Office.sent += event.code == EVENT_JOB_EXECUTED


async def main(wish: Wish) -> None:
    """Store the jobs, begin, and say how it went when there are no more of them."""
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})
    scheduler.add_jobstore(SQLAlchemyJobStore(url=f"sqlite:///{wish.database}"))
    scheduler.add_listener(note, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    scheduler.start(paused=True)
    if not wish.restarted:
        now = datetime.now(UTC)
        for number in range(wish.count):
            scheduler.add_job(
                "tests.bench.peers.jobstore:remind", "date", run_date=now, args=[FIRST_CHAT + number]
            )
    request = HTTPXRequest(connection_pool_size=AT_ONCE)
    async with Bot(TOKEN, base_url=f"{wish.sink}/bot", request=request) as bot:
        jobstore.Office.bot, jobstore.Office.gate = bot, asyncio.Semaphore(AT_ONCE)
        left, gauge = len(scheduler.get_jobs()), Gauge()
        scheduler.resume()
        while jobstore.Office.over < left:
            await asyncio.sleep(0.01)
        say(gauge.read(jobstore.Office.sent), found=left)
    scheduler.shutdown(wait=False)


if __name__ == "__main__":
    quietly()
    asyncio.run(main(Wish(**json.loads(sys.argv[1]))))
