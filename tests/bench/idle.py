"""What a million people cost while nothing is due for them: the idle tick, the start, the memory."""

import asyncio
import os
import socket
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp

from tests.bench.crowd import TOKEN
from tests.bench.databases import ENGINES, SQLITE, Settled, settled
from tests.bench.figures import Figure, at_most, ratios
from tests.bench.gauge import memory_mb
from tests.bench.process import ROOT, measured
from tests.bench.scale import Scale, due_later
from tests.bench.sink.handle import sink

TICKS = 300
NO_SLOWER = at_most(1.2)
MORE_MB = at_most(20)
START_SECONDS, SETTLING_SECONDS = 60.0, 3.0


@dataclass(slots=True)
class _Starts:
    """Seconds until the health page answers, and MB of memory a moment later, of each round."""

    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    async def take(self, crowd: Settled, url: str) -> None:
        """One round of the real command."""
        port = _free_port()
        began = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=crowd.key.parent, env=_environment(crowd, url, port)
        )
        try:
            await _until_ready(port)
            self.seconds.append(time.monotonic() - began)
            await asyncio.sleep(SETTLING_SECONDS)
            self.memory.append(memory_mb(process.pid))
        finally:
            process.terminate()
            await process.wait()


async def measure(scale: Scale) -> list[Figure]:
    """Both engines for the ticks; the start on SQLite, beside a start with nobody."""
    figures: list[Figure] = []
    for engine in ENGINES:
        async with AsyncExitStack() as stack:
            many, few, nobody = [
                await stack.enter_async_context(settled(engine, scale.folder, due_later(people)))
                for people in (scale.idle, scale.few, 0)
            ]
            network = await stack.enter_async_context(sink())
            figures += await _ticks(engine, scale, many, few, network.url)
            if engine == SQLITE:
                figures += await _starts(scale, many, nobody, network.url)
    return figures


async def _ticks(engine: str, scale: Scale, many: Settled, few: Settled, url: str) -> list[Figure]:
    wishes = {"many": many.wish | {"sink": url}, "few": few.wish | {"sink": url}}
    rounds = [await measured("tests.bench.idler", **wishes, ticks=TICKS) for _ in range(scale.rounds)]
    of = f"{scale.idle:,} ÷ {scale.few:,} people, {engine}"
    return [
        Figure(
            f"{name}, {of}",
            [said.more[kind][0] / said.more[kind][1] for said in rounds],
            goal=NO_SLOWER,
            note=_ms([said.more[kind][0] for said in rounds]),
        )
        for name, kind in (("idle wake tick", "wakes"), ("idle courier round", "couriers"))
    ]


async def _starts(scale: Scale, many: Settled, nobody: Settled, url: str) -> list[Figure]:
    with_many, with_nobody = _Starts(), _Starts()
    for _ in range(scale.rounds):
        await with_nobody.take(nobody, url)
        await with_many.take(many, url)
    of = f"with {scale.idle:,} people"
    more = [much - little for much, little in zip(with_many.memory, with_nobody.memory, strict=True)]
    return [
        Figure(
            f"start to ready, {of} ÷ with nobody",
            ratios(with_many.seconds, with_nobody.seconds),
            goal=NO_SLOWER,
            note=f"{min(with_many.seconds):.2f} s",
        ),
        Figure(
            f"memory after the start, {of} − with nobody", more, "MB", MORE_MB, note=_mb(with_many.memory)
        ),
    ]


def _ms(values: list[float]) -> str:
    return f"{min(values):.2f} ms"


def _mb(values: list[float]) -> str:
    return f"{max(values):.0f} MB"


async def _until_ready(port: int) -> None:
    async with aiohttp.ClientSession() as http, asyncio.timeout(START_SECONDS):
        while True:
            try:
                async with http.get(f"http://127.0.0.1:{port}/health") as reply:
                    if reply.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.01)


def _environment(crowd: Settled, url: str, port: int) -> dict[str, str]:
    ours = {
        "EVENKEEL_TELEGRAM_TOKEN": TOKEN,
        "EVENKEEL_TELEGRAM_API": url,
        "EVENKEEL_DATABASE_URL": crowd.url,
        "EVENKEEL_KEY_FILE": str(crowd.key),
        "EVENKEEL_HTTP_LISTEN": f"127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT),
    }
    return {k: v for k, v in os.environ.items() if not k.startswith("EVENKEEL_")} | ours


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
