"""The demo's house: the stand-in with its page here, the bot in a process beside it, one time for both."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp

from bot import exits
from bot.demo.steering import Remote
from bot.demo.timemachine import DemoTimeMachine
from bot.standin import StandIn, serve
from scheduler.clock import SteerableClock

TOKEN = "1000001:demo-token-for-the-stand-in"  # noqa: S105 - belongs to no bot


class BotProcess:
    """The bot as a child process that is started anew when it ends."""

    def __init__(self, clock: SteerableClock, environment: dict[str, str]) -> None:
        self._clock, self._environment = clock, environment
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._ended = False

    @property
    def pid(self) -> int | None:
        """The process now running."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Start it, and start it again whenever it dies."""
        await self._spawn()
        self._keeping = asyncio.create_task(self._keep(), name="bot-process")

    async def kill(self) -> None:
        """SIGKILL; it comes back by itself."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """Let it finish what it has in hand, then end it."""
        self._ended = True
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), 20)
            except TimeoutError:
                self._process.kill()
        if self._keeping is not None:
            self._keeping.cancel()

    async def failed(self) -> None:
        """Returns when the bot cannot be kept running."""
        if self._keeping is not None:
            await asyncio.shield(self._keeping)

    async def _spawn(self) -> None:
        now: datetime = self._clock.now()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.demo.worker", now.isoformat(), env=self._environment
        )

    async def _keep(self) -> None:
        quick_deaths = 0
        while not self._ended and self._process is not None:
            born = self._clock.monotonic()
            code = await self._process.wait()
            # A killed bot is started anew at once; one that cannot start is not tried for ever.
            quick_deaths = quick_deaths + 1 if code >= 0 and self._clock.monotonic() - born < 2 else 0
            if self._ended or code == exits.REFUSED or quick_deaths > 3:
                return
            await self._spawn()


@asynccontextmanager
async def demo(
    folder: Path, port: int = 0, start: datetime | None = None, *, pacing: bool = True
) -> AsyncIterator[tuple[str, BotProcess]]:
    """The running demo: the URL of its page, and the bot's process. Data goes into `folder`.

    `start` (aware) is where its time begins; by default now.
    """
    clock = SteerableClock(start)
    bot_port = _free_port()
    environment = _environment(folder, bot_port)
    process = BotProcess(clock, environment)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        remote = Remote(session, f"http://127.0.0.1:{bot_port}")
        holder: list[StandIn] = []
        machine = DemoTimeMachine(
            clock,
            remote,
            lambda: bool(holder[0].world.updates.pending),
            lambda: _restart(process, remote, clock),
        )
        standin = StandIn(clock, pacing=pacing, time_machine=machine)
        holder.append(standin)
        serving = await serve(standin, "127.0.0.1", port)
        environment["EVENKEEL_TELEGRAM_API"] = serving.url
        try:
            await process.start()
            await _until_up(remote, process)
            await remote.move_to(clock.now())
            yield serving.url, process
        finally:
            await process.stop()
            await serving.close()


def _environment(folder: Path, port: int) -> dict[str, str]:
    ours = {
        "EVENKEEL_TELEGRAM_TOKEN": TOKEN,
        "EVENKEEL_DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "EVENKEEL_KEY_FILE": str(folder / "demo.key"),
        "EVENKEEL_HTTP_LISTEN": f"127.0.0.1:{port}",
    }
    return {**{k: v for k, v in os.environ.items() if not k.startswith("EVENKEEL_")}, **ours}


async def _restart(process: BotProcess, remote: Remote, clock: SteerableClock) -> None:
    await process.kill()
    await _until_up(remote, process)
    await remote.move_to(clock.now())


async def _until_up(remote: Remote, process: BotProcess) -> None:
    """Wait until the bot answers. Raises RuntimeError when it does not come up."""
    up = asyncio.ensure_future(remote.next_event())
    failed = asyncio.create_task(process.failed())
    await asyncio.wait({up, failed}, return_when=asyncio.FIRST_COMPLETED)
    failed.cancel()
    if not up.done():
        up.cancel()
        raise RuntimeError("the bot did not start; its own words are above")
    up.result()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
