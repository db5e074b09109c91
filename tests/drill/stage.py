"""The stage of a fault drill: the stand-in here, the bot in a process of its own, HTTP between them."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.conversation.catalogs import safety
from bot.demo.house import TOKEN
from bot.escalation.wording import what_i_am
from bot.standin import StandIn, serve
from scheduler.clock import SystemClock
from tests.drill.stopwatch import Stopwatch
from tests.drill.variants import Cry

ROOT = Path(__file__).parents[2]
FIRST = 100_000
PATIENCE = 20.0  # seconds until an answer counts as missing
AT_ONCE = 4
START_SECONDS = 60.0


def answers(text: str, cry: Cry) -> bool:
    """True for the answer that this cry asks for, in its language."""
    _ = safety(cry.language)
    guide = _("If you are worried about someone:") in text
    return what_i_am(_) in text and guide == cry.guide


@dataclass(slots=True)
class Stage:
    """What a drill can do. `settings` are those of the bot, to be added to before it starts.

    `answers` are milliseconds by cry, None for a cry that was not answered.
    """

    standin: StandIn
    stopwatch: Stopwatch
    http: aiohttp.ClientSession
    url: str
    folder: Path
    database_url: str | None = None
    settings: dict[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = None
    answers: list[float | None] = field(default_factory=list)

    async def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """The stand-in's control API."""
        method = "GET" if body is None else "POST"
        async with self.http.request(method, f"{self.url}/control/{path}", json=body) as response:
            found = await response.json()
            assert response.status == 200, found
            return found

    async def say(self, chat: int, text: str) -> int:
        """Somebody writes; the number of the update comes back."""
        return int((await self.call("say", {"from": chat, "text": text, "wait": False}))["update_id"])

    async def press(self, chat: int, label: str) -> None:
        """Somebody presses a button of the newest message, as soon as it is there."""
        async with asyncio.timeout(PATIENCE):
            while label not in await self._labels(chat):
                await asyncio.sleep(0.01)
        message = (await self.call(f"chats/{chat}"))["messages"][-1]["id"]
        press = {"chat": chat, "from": chat, "message_id": message, "button": label, "wait": False}
        await self.call("press", press)

    async def _labels(self, chat: int) -> list[str]:
        newest = (await self.call(f"chats/{chat}"))["messages"][-1]
        return [button["text"] for row in newest["buttons"] for button in row]

    async def say_and_hear(self, chat: int, text: str) -> None:
        """Somebody writes and waits for the answer."""
        before = len(self.stopwatch.heard.get(chat, ()))
        await self.say(chat, text)
        await until(lambda: len(self.stopwatch.heard.get(chat, ())) > before)

    async def cry_out(self, cries: Sequence[tuple[int, Cry]], a_second: float | None = None) -> None:
        """Everybody (chat, cry) cries, a few side by side; `a_second` spreads them out in time."""
        side_by_side = asyncio.Semaphore(AT_ONCE)
        loop = asyncio.get_running_loop()
        began = loop.time()

        async def one(number: int, chat: int, cry: Cry) -> float | None:
            if a_second:
                await asyncio.sleep(began + number / a_second - loop.time())
            async with side_by_side:
                return await self._answer(chat, cry)

        work = (one(number, chat, cry) for number, (chat, cry) in enumerate(cries))
        self.answers += await asyncio.gather(*work)

    async def _answer(self, chat: int, cry: Cry) -> float | None:
        """Milliseconds from the update in the bot's hands to its card at our door."""
        before = len(self.stopwatch.heard.get(chat, ()))
        update_id = await self.say(chat, cry.text)

        def cards() -> list[float]:
            since = self.stopwatch.heard.get(chat, [])[before:]
            return [heard.at for heard in since if answers(heard.text, cry)]

        try:
            await until(lambda: bool(cards()), PATIENCE)
        except TimeoutError:
            return None
        return (cards()[0] - self.stopwatch.handed[update_id]) * 1000

    @property
    def uncommitted(self) -> int:
        """Updates that the bot has not acknowledged."""
        return len(self.standin.world.updates.pending)

    async def start_bot(self, *words: str) -> None:
        """Start the bot and wait until it is at work. Its log goes into the folder with its data."""
        port = free_port()
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.drill.worker", *words,
                cwd=ROOT, env=self._environment(port), stderr=log,
            )  # fmt: skip
        async with asyncio.timeout(START_SECONDS):
            while not await self._is_up(port):
                assert self.process.returncode is None, (self.folder / "bot.log").read_text()
                await asyncio.sleep(0.05)

    async def _is_up(self, port: int) -> bool:
        try:
            async with self.http.get(f"http://127.0.0.1:{port}/health"):
                return self.standin.world.updates.polled_recently()
        except aiohttp.ClientConnectionError:
            return False

    async def stop_bot(self) -> None:
        """End the bot, however it is."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    def _environment(self, port: int) -> dict[str, str]:
        ours = {
            "EVENKEEL_TELEGRAM_TOKEN": TOKEN,
            "EVENKEEL_TELEGRAM_API": self.url,
            "EVENKEEL_DATABASE_URL": self.database_url or f"sqlite:///{self.folder / 'demo.db'}",
            "EVENKEEL_KEY_FILE": str(self.folder / "demo.key"),
            "EVENKEEL_HTTP_LISTEN": f"127.0.0.1:{port}",
        }
        self.settings |= ours
        return {k: v for k, v in os.environ.items() if not k.startswith("EVENKEEL_")} | self.settings


@asynccontextmanager
async def stage(
    folder: Path, *, pacing: bool = False, database_url: str | None = None
) -> AsyncIterator[Stage]:
    """A stage whose bot keeps its data in `folder`, or on a server; the bot is not started yet."""
    standin, stopwatch = StandIn(SystemClock(), pacing=pacing), Stopwatch()
    stopwatch.put_on(standin)
    serving = await serve(standin, "127.0.0.1", 0)
    async with aiohttp.ClientSession() as http:
        one = Stage(standin, stopwatch, http, serving.url, folder, database_url)
        try:
            yield one
        finally:
            await one.stop_bot()
            await serving.close()


async def until(true: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Wait for something that happens elsewhere. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.002)


async def side_by_side(work: Sequence[Awaitable[None]], at_once: int = AT_ONCE) -> None:
    """Do all of it, some at a time."""
    gate = asyncio.Semaphore(at_once)

    async def one(task: Awaitable[None]) -> None:
        async with gate:
            await task

    await asyncio.gather(*map(one, work))


def free_port() -> int:
    """A port on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
