"""The bot is killed again and again while reminders go out: none is lost, and few come twice."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, time
from pathlib import Path

import aiohttp
import pytest

from bot.demo.house import TOKEN, BotProcess, demo
from tests.crash.population import populate

PEOPLE, KILLS, IN_FLIGHT = 300, 25, 16
BEFORE = datetime(2026, 3, 5, 7, 59, 0, tzinfo=UTC)


async def _accepted(http: aiohttp.ClientSession, url: str) -> Counter[int]:
    """Reminders that the platform accepted, by chat."""
    async with http.get(f"{url}/control/requests", params={"method": "sendMessage"}) as reply:
        entries = (await reply.json())["requests"]
    return Counter(int(entry["chat"]) for entry in entries if entry["status"] == 200)


async def _control(http: aiohttp.ClientSession, url: str, path: str, body: dict[str, object]) -> None:
    async with http.post(f"{url}/control/{path}", json=body) as reply:
        assert reply.status == 200, await reply.text()


@pytest.mark.process
@pytest.mark.xdist_group("processes")
async def test_nobody_loses_a_reminder_when_the_bot_is_killed_25_times(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    draw = random.Random(seed)
    await populate(tmp_path, TOKEN.partition(":")[0], PEOPLE, time(8), BEFORE)
    async with demo(tmp_path, start=BEFORE, pacing=False) as (url, bot), aiohttp.ClientSession() as http:
        await _control(http, url, "people", {"first_id": 100_000, "count": PEOPLE})
        latency = {"method": "sendMessage", "kind": "latency", "ms": 100, "probability": 1.0}
        await _control(http, url, "faults", {"rules": [latency], "seed": seed})
        moving = asyncio.create_task(_control(http, url, "clock", {"advance_s": 61}))
        await _kill_at_random(http, url, bot, draw)
        await asyncio.wait({moving})
        for _ in range(4):  # unsure sends come once more after 90 s
            await _control(http, url, "clock", {"advance_s": 95})
        accepted = await _accepted(http, url)
    lost = PEOPLE - len(accepted)
    copies = sum(accepted.values()) - len(accepted)
    print(
        f"\nseed {seed}: {PEOPLE} reminders, {KILLS} kills, lost {lost}, copies {copies} "
        f"(bound {KILLS * IN_FLIGHT}), most of one dose {max(accepted.values())}"
    )
    assert lost == 0
    assert copies <= KILLS * IN_FLIGHT
    assert max(accepted.values()) <= 3


async def _kill_at_random(
    http: aiohttp.ClientSession, url: str, bot: BotProcess, draw: random.Random
) -> None:
    """SIGKILL the bot soon after each start, while it sends."""
    for _ in range(KILLS):
        await _until_it_sends(http, url)
        await asyncio.sleep(draw.uniform(0.0, 0.4))  # real time: a process is killed, not a clock moved
        await bot.kill()


async def _until_it_sends(http: aiohttp.ClientSession, url: str) -> None:
    async with http.get(f"{url}/control/requests") as reply:
        seen = (await reply.json())["last"]
    async with asyncio.timeout(30):
        while True:
            async with http.get(f"{url}/control/requests", params={"since": seen}) as reply:
                if (await reply.json())["requests"]:
                    return
            await asyncio.sleep(0.02)
