"""The bot is killed the hard way in the middle of things, and nobody has to say anything twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.demo.house import BotProcess, demo
from scheduler.clock import SteerableClock
from tests.stories.life import Life, plain

MORNING = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)  # 07:00 in New York

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("processes")]


@dataclass(slots=True)
class Distant(Life):
    """A life whose bot runs in another process: time is asked for, not looked up."""

    async def say(self, text: str, **more: object) -> None:
        await self.wait(seconds=4)  # as long as typing takes; the platform's limits recover meanwhile
        await Life.say(self, text, **more)

    async def press(self, label: str) -> str | None:
        await self.wait(seconds=4)
        return await Life.press(self, label)

    async def until(self, hour: int, minute: int = 0) -> None:
        """Time passes until an hour UTC of 5 March; 24 and more lie on the next day."""
        now = datetime.fromisoformat((await self.call("clock"))["now"])
        midnight = MORNING.replace(hour=0)
        await self.wait(seconds=hour * 3600 + minute * 60 - (now - midnight).total_seconds())


@pytest.fixture
async def life(tmp_path: Path) -> AsyncIterator[tuple[Distant, BotProcess]]:
    async with demo(tmp_path, start=MORNING) as (url, bot), aiohttp.ClientSession() as http:
        yield Distant(http, url, SteerableClock(MORNING, frozen=True), tmp_path), bot


async def kill(life: Life, bot: BotProcess) -> None:
    """SIGKILL; it is back when this returns."""
    before = bot.pid
    await life.call("kill", {})
    assert bot.pid != before


async def test_a_killed_bot_goes_on_where_it_was(life: tuple[Distant, BotProcess]) -> None:
    alex, bot = life
    await _killed_in_the_middle_of_the_beginning(alex, bot)
    await _killed_while_a_reminder_is_due(alex, bot)
    await _killed_in_a_half_done_check_in(alex, bot)


async def _killed_in_the_middle_of_the_beginning(alex: Distant, bot: BotProcess) -> None:
    await alex.settle_in()
    await alex.say("Sertraline")
    await kill(alex, bot)
    assert "How much of Sertraline" in await alex.last()
    await alex.say("50 mg")
    await alex.press("08:00")
    await kill(alex, bot)
    await alex.press("Done")
    assert (await alex.last()).startswith("Sertraline, 50 mg\nevery day at 08:00")
    await kill(alex, bot)
    await alex.press("Yes, remind me")
    await alex.press("20:00")


async def _killed_while_a_reminder_is_due(alex: Distant, bot: BotProcess) -> None:
    """The reminder is on its way when the process dies: it comes, and at most once more, marked as such."""
    slow = {"method": "sendMessage", "kind": "latency", "ms": 400, "probability": 1.0}
    await alex.until(12, 59)
    await alex.call("faults", {"rules": [slow]})
    moving = aiohttp.ClientTimeout(total=30)
    async with alex.http.post(f"{alex.url}/control/clock", json={"advance_s": 61}, timeout=moving):
        pass
    await kill(alex, bot)
    await alex.call("faults", {"clear": True})
    await alex.wait(minutes=3)
    reminders = [m for m in await alex.heard() if "Time for Thu 5 Mar, 08:00" in plain(m)]
    assert 1 <= len(reminders) <= 2
    assert (await alex.press("Taken") or "").startswith("Recorded at 08:0")
    await kill(alex, bot)
    await alex.say("/today")
    assert "✓ 08:00 Sertraline, 50 mg: taken at 08:0" in await alex.last()
    shown = [plain(m) for m in await alex.heard() if "Thu 5 Mar, 08:00\n" in plain(m)]
    assert all("✓ Sertraline" in words for words in shown)


async def _killed_in_a_half_done_check_in(alex: Distant, bot: BotProcess) -> None:
    await alex.until(25, 1)
    await alex.press("3")
    await alex.press("4")
    await kill(alex, bot)
    assert (await alex.last()).startswith("Check-in · 3 of 5 · Thu 5 Mar")
    for value in ("5", "6", "7"):
        await alex.press(value)
    assert (await alex.last()).startswith("Thank you.")
    await alex.say("/mood")
    assert "Thu 5 Mar: 3.5" in await alex.last()


async def test_what_was_written_while_the_bot_was_dead_is_answered(life: tuple[Distant, BotProcess]) -> None:
    alex, bot = life
    await alex.settle_in()
    await alex.call("say", {"from": alex.person, "text": "Sertraline", "wait": False})
    await kill(alex, bot)
    await alex.wait(seconds=5)
    assert "How much of Sertraline" in await alex.last()
    assert [plain(m) for m in await alex.heard()].count(await alex.last()) == 1
