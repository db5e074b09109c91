"""`evenkeel bots` as a process of its own, beside a deployment that is running, as another one."""

import asyncio
import os
import pty
import select
import socket
import subprocess
import sys
import termios
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot.standin import StandIn, serve
from scheduler.clock import SystemClock

FIRST, SECOND = "1000001:canary-first-AAAAAAAAAAAAAAAA", "2000002:canary-second-BBBBBBBBBBBBBB"
PATIENCE = 30.0
ROTATED = "2000002:canary-rotated-CCCCCCCCCCCC"

pytestmark = pytest.mark.process


@dataclass
class Operator:
    """Somebody at a shell, in a folder with a deployment's settings."""

    folder: Path
    standin: StandIn
    environment: dict[str, str]
    heard: list[str]

    async def evenkeel(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of it, with something on its standard input."""
        assert "canary" not in "".join(words), "a token is no argument"
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.heard += [done.stdout, done.stderr]
        assert "Traceback" not in done.stderr, done.stderr
        return done

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The deployment runs inside the block."""
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=self.folder,
            env=self.environment,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield
        finally:
            bot.terminate()
            _, log = await bot.communicate()
            self.heard.append(log.decode())
        assert bot.returncode == 0

    async def until_there_are(self, bots: int) -> None:
        """Wait until the health page shows as many."""
        url = f"http://{self.environment['EVENKEEL_HTTP_LISTEN']}/health"
        async with asyncio.timeout(30), aiohttp.ClientSession() as http:
            while await _shown(http, url) != bots:
                await asyncio.sleep(0.05)


async def _shown(http: aiohttp.ClientSession, url: str) -> int | None:
    try:
        async with http.get(url) as reply:
            found: int = (await reply.json())["bots"]
            return found
    except aiohttp.ClientConnectionError:
        return None


@pytest.fixture
async def operator(tmp_path: Path) -> AsyncIterator[Operator]:
    standin = StandIn(SystemClock(), pacing=False, tokens=[FIRST, SECOND])
    serving = await serve(standin, "127.0.0.1", 0)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EVENKEEL_")}
    ours = {
        "EVENKEEL_TELEGRAM_API": serving.url,
        "EVENKEEL_HTTP_LISTEN": f"127.0.0.1:{_free_port()}",
        "EVENKEEL_TELEGRAM_TOKEN": FIRST,
    }
    found = Operator(tmp_path, standin, kept | ours, [])
    yield found
    await serving.close()
    everything = "".join(found.heard)
    assert "canary" not in everything, "no token is ever shown"


async def test_a_running_deployment_takes_up_a_bot_and_lets_it_go(operator: Operator) -> None:
    async with operator.running():
        added = await operator.evenkeel("bots", "add", typed=SECOND + "\n")
        assert added.returncode == 0
        assert "within a few seconds" in added.stdout
        await operator.until_there_are(2)
        listed = (await operator.evenkeel("bots", "list")).stdout.splitlines()
        assert [line.split()[:3] for line in listed[1:]] == [
            ["1000001", "@evenkeel_demo_bot", "0"],
            ["2000002", "@evenkeel_2000002_bot", "0"],
        ]
        kept = await operator.evenkeel("bots", "remove", "2000002", typed="n\n")
        assert kept.returncode == 1
        assert "Nothing more is sent or heard" in kept.stdout
        gone = await operator.evenkeel("bots", "remove", "2000002", "--yes")
        assert gone.returncode == 0
        await operator.until_there_are(1)


async def test_a_deployment_needs_no_token_in_its_settings(operator: Operator, tmp_path: Path) -> None:
    del operator.environment["EVENKEEL_TELEGRAM_TOKEN"]
    file = tmp_path / "token"
    file.write_text(SECOND + "\n")
    assert (await operator.evenkeel("bots", "add", "--token-file", str(file))).returncode == 0
    async with operator.running():
        await operator.until_there_are(1)
    operator.standin.tokens.discard(SECOND)
    operator.standin.tokens.add(ROTATED)
    file.write_text(ROTATED)
    again = await operator.evenkeel("bots", "add", "--token-file", str(file))
    assert "has its new token" in again.stdout
    erased = await operator.evenkeel("bots", "remove", "2000002", "--yes", "--erase")
    assert "0 people were erased" in erased.stdout


async def test_what_is_no_token_or_is_refused_is_said_without_it(operator: Operator) -> None:
    for typed, words in (
        ("canary\n", "no bot token"),
        ("3000003:canary-unknown-DDDDDDDDDD\n", "refuses the bot token"),
    ):
        refused = await operator.evenkeel("bots", "add", typed=typed)
        assert (refused.returncode, words in refused.stderr) == (2, True), refused


async def test_the_prompt_does_not_show_what_is_typed(operator: Operator) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "bots", "add"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=operator.folder, env=operator.environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    shown = await asyncio.to_thread(_type, ours, SECOND)
    os.close(theirs)
    assert await process.wait() == 0
    os.close(ours)
    operator.heard.append(shown)
    assert "The token from BotFather" in shown
    assert "is added" in shown


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _type(terminal: int, token: str) -> str:
    """Answer the prompt; everything that the terminal showed."""
    # Whatever is typed before the prompt has switched the echo off is thrown away.
    deadline = time.monotonic() + PATIENCE
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        assert time.monotonic() < deadline, "what is typed would be shown"
        time.sleep(0.01)
    time.sleep(0.05)
    os.write(terminal, token.encode() + b"\n")
    shown = b""
    while b"start does" not in shown:
        assert select.select([terminal], [], [], PATIENCE)[0], shown
        shown += os.read(terminal, 1024)
    return shown.decode()
