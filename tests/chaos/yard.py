"""The yard: the stand-in here, workers in processes of their own, and one watch that all go by."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.demo.house import TOKEN
from bot.demo.steering import Remote
from bot.standin import StandIn, serve
from bot.standin.requestlog import RequestLog
from storage.database import Database
from tests.chaos.watch import Watch
from tests.drill.stage import ROOT, free_port

ACCOUNT = TOKEN.partition(":")[0]
START_SECONDS = 60.0
EVERYTHING = 10**7


@dataclass(slots=True)
class Worker:
    """One process. `status` is set when it has ended: the negative number of the signal that ended it."""

    pid: int
    port: int
    ended: asyncio.Future[int]
    token: str = ""

    @property
    def alive(self) -> bool:
        return not self.ended.done()

    def tell(self, number: int) -> None:
        """Send it, unless the process has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def end(self, number: int = signal.SIGKILL) -> int:
        """End it, and wait until it is gone; how it ended."""
        self.tell(number)
        return await asyncio.wait_for(asyncio.shield(self.ended), 30)


@dataclass(slots=True)
class Yard:
    """What a run can do. Without `url` of a server the data is a file in `folder`."""

    folder: Path
    standin: StandIn
    api: str
    http: aiohttp.ClientSession
    watch: Watch
    database: Database
    nursery: asyncio.subprocess.Process
    _births: "asyncio.Queue[int]" = field(default_factory=asyncio.Queue)
    _living: dict[int, "asyncio.Future[int]"] = field(default_factory=dict)
    _workers: list[Worker] = field(default_factory=list)

    @property
    def log(self) -> RequestLog:
        """Every request of the bot so far."""
        return self.standin.log

    async def start(self, port: int | None = None, **order: Any) -> Worker:
        """A worker at work. With `point` (and `nth`, `signal`) it will end itself there."""
        worker = await self.spawn(port, **order)
        await self.up(worker)
        return worker

    async def spawn(self, port: int | None = None, **order: Any) -> Worker:
        """A worker that is only just starting."""
        port = port or free_port()
        settings = {
            "telegram_token": TOKEN,
            "telegram_api": self.api,
            "database_url": self.url,
            "key_file": str(self.folder / "demo.key"),
            "http_listen": f"127.0.0.1:{port}",
            "webhook_url": None if self.database.is_sqlite else f"http://127.0.0.1:{port}",
        }
        order |= {"settings": settings, "watch": str(self._watch_file), "log": str(self.log_file)}
        assert self.nursery.stdin is not None
        self.nursery.stdin.write(json.dumps(order).encode() + b"\n")
        pid = await asyncio.wait_for(self._births.get(), START_SECONDS)
        self._workers.append(Worker(pid, port, self._living[pid]))
        return self._workers[-1]

    @property
    def at_work(self) -> set[str]:
        """The tokens of those who live: what they have leased is under way, however slow the machine is."""
        return {worker.token for worker in self._workers if worker.alive}

    async def up(self, worker: Worker) -> None:
        """Wait until it answers, or has ended itself."""
        async with asyncio.timeout(START_SECONDS):
            while worker.alive:
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    worker.token = (await self.figures(worker))["token"]
                    return
                await asyncio.sleep(0.01)
        assert worker.ended.result() < 0, self.log_file.read_text()[-4000:]

    async def figures(self, worker: Worker) -> dict[str, Any]:
        """Those of its courier."""
        async with self.http.get(f"http://127.0.0.1:{worker.port}/chaos/figures") as reply:
            found: dict[str, Any] = await reply.json()
            return found

    async def post(self, worker: Worker, path: str, body: dict[str, Any]) -> None:
        async with self.http.post(f"http://127.0.0.1:{worker.port}{path}", json=body) as reply:
            reply.raise_for_status()

    def remote(self, worker: Worker) -> Remote:
        """For asking whether it is quiet."""
        return Remote(self.http, f"http://127.0.0.1:{worker.port}")

    @property
    def url(self) -> str:
        """That of the database."""
        return self.database.url.render_as_string(hide_password=False)

    @property
    def log_file(self) -> Path:
        """What the workers had to say. Beside the folder, so that a full disk does not silence them."""
        return self.folder.with_name(self.folder.name + ".log")

    @property
    def _watch_file(self) -> Path:
        return self.folder.with_name(self.folder.name + ".watch")

    async def listen(self) -> None:
        """Hear of births and ends."""
        assert self.nursery.stdout is not None
        async for line in self.nursery.stdout:
            told = json.loads(line)
            if "born" in told:
                self._living[told["born"]] = asyncio.get_running_loop().create_future()
                self._births.put_nowait(told["born"])
            elif "ended" in told:
                self._living[told["ended"]].set_result(told["status"])


@asynccontextmanager
async def yard(folder: Path, start: datetime, database_url: str | None = None) -> AsyncIterator[Yard]:
    """A yard without a worker yet, in which it is `start` (aware)."""
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - nothing else runs yet
    watch = Watch(folder.with_name(folder.name + ".watch"), start)
    standin = StandIn(watch, pacing=False, log=RequestLog(EVERYTHING))
    serving = await serve(standin, "127.0.0.1", 0)
    nursery = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.chaos.worker",
        cwd=ROOT, env=_environment(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    database = Database(database_url or f"sqlite:///{folder / 'demo.db'}")
    async with aiohttp.ClientSession() as http:
        one = Yard(folder, standin, serving.url, http, watch, database, nursery)
        listening = asyncio.create_task(one.listen())
        try:
            yield one
        finally:
            assert nursery.stdin is not None
            nursery.stdin.close()
            await asyncio.wait_for(nursery.wait(), 20)
            listening.cancel()
            await database.close()
            await serving.close()


async def within(seconds: float, true: Callable[[], bool]) -> bool:
    """Wait for something that happens elsewhere; False when it did not in time."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not true():
        if loop.time() > deadline:
            return False
        await asyncio.sleep(0.005)
    return True


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("EVENKEEL_")}
