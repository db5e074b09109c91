"""Five workers, one database: updates come in by webhook, wakes and sends are shared, and nobody notices."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from bot.app import App, compose
from bot.demo.house import TOKEN
from bot.receiving import AlreadyPolled
from bot.roles import Role
from bot.settings import Settings
from bot.standin import StandIn, serve
from bot.vault import open_vault
from bot.web.listening import listen
from scheduler.clock import SteerableClock
from tests import postgres
from tests.stories.life import BOUNDLESS, Life, plain

MORNING = datetime(2026, 3, 5, 12, tzinfo=UTC)  # 7:00 in New York
ROLES = (Role.WEB, Role.WAKE, Role.WAKE, Role.SEND, Role.SEND)


@dataclass
class Workshop:
    """The workers by what they do, and the person's life."""

    life: Life
    clock: SteerableClock
    workers: list[tuple[Role, App]]

    async def hear(self, words: str) -> None:
        """Wait until the bot has said so."""
        await until(lambda: self._has_said(words))

    async def say(self, text: str) -> None:
        """Say something, and wait for the answer."""
        before = await self.life.heard()
        await self.life.say(text, wait=False)
        await until(lambda: self._is_other_than(before))

    async def press(self, label: str) -> None:
        """Press the newest button of that name once it is there, and wait for what it does."""
        await until(lambda: self._button(label))
        before, button = await self.life.heard(), await self._button(label)
        await self.life.call("press", (button or {}) | {"wait": False})
        await until(lambda: self._is_other_than(before))

    async def _has_said(self, words: str) -> bool:
        return any(words in plain(message) for message in await self.life.heard())

    async def _is_other_than(self, before: list[dict[str, Any]]) -> bool:
        return await self.life.heard() != before

    async def _button(self, label: str) -> dict[str, Any] | None:
        for message in reversed(await self.life.heard()):
            if any(button["text"] == label for row in message["buttons"] for button in row):
                place = {"chat": self.life.person, "from": self.life.person}
                return place | {"message_id": message["id"], "button": label}
        return None


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not await condition():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def working(app: App) -> AsyncIterator[None]:
    """The worker runs inside the block."""
    stop = asyncio.Event()
    running = asyncio.create_task(app.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


@pytest.fixture
async def workshop(tmp_path: Path) -> AsyncIterator[Workshop]:
    url, clock = postgres.empty_database(), SteerableClock(MORNING)
    standin = StandIn(clock, pacing=False)
    serving = await serve(standin, "127.0.0.1", 0)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        web_port = await _free_port()
        settings = Settings(
            telegram_token=TOKEN,
            telegram_api=serving.url,
            database_url=url,
            key_file=tmp_path / "evenkeel.key",
            webhook_url=f"http://127.0.0.1:{web_port}",
        )
        workers = []
        for role in ROLES:
            vault = await open_vault(settings.database_url, settings.key_file)
            stack.push_async_callback(vault.close)
            opened = compose(settings, vault, clock, limits=BOUNDLESS, role=role)
            app = await stack.enter_async_context(opened)
            if role is Role.WEB:
                runner = await listen(app.web, "127.0.0.1", web_port)
                stack.push_async_callback(runner.cleanup)
            await stack.enter_async_context(working(app))
            workers.append((role, app))
        life = Life(http, serving.url, clock, tmp_path)
        await life.call("people", {"first_id": life.person})
        yield Workshop(life, clock, workers)
    await serving.close()
    postgres.drop_database(url)


async def _free_port() -> int:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def test_a_day_with_five_workers(workshop: Workshop) -> None:
    shop, life = workshop, workshop.life
    await shop.say("/start")
    await shop.press("Yes, let's begin")
    await shop.say("New York")
    await shop.press("United States")
    await shop.say("Sertraline")
    await shop.say("50 mg")
    await shop.say("8am")
    await shop.press("Yes, remind me")
    shop.clock.advance_to(MORNING + timedelta(hours=1))
    await shop.hear("Time for")
    await shop.press("Taken")
    await shop.hear("Sertraline, 50 mg: taken")
    reminders = [message for message in await life.heard() if "Sertraline, 50 mg: taken" in plain(message)]
    assert len(reminders) == 1
    figures = {role: app.courier.figures["delivered"] for role, app in shop.workers if role is not Role.SEND}
    assert figures[Role.WAKE] == 0, "what a wake says is sent by those who send"
    assert figures[Role.WEB] > 0, "replies leave from the worker that heard"


async def test_those_who_send_hear_at_once_what_the_others_post(workshop: Workshop) -> None:
    async def listeners() -> int:
        async with workshop.workers[0][1].vault.database.reading() as session:
            query = text("select count(*) from pg_stat_activity where query like 'LISTEN %'")
            return int((await (await session.connection()).execute(query)).scalar_one())

    async def all_listen() -> bool:
        return await listeners() == ROLES.count(Role.SEND)

    await until(all_listen)


async def test_many_workers_start_at_once_on_an_empty_database(tmp_path: Path) -> None:
    url = postgres.empty_database()
    vaults = await asyncio.gather(*(open_vault(url, tmp_path / "evenkeel.key") for _ in range(6)))
    assert len({vault.master.derive("buttons") for vault in vaults}) == 1
    for vault in vaults:
        await vault.close()
    postgres.drop_database(url)


@dataclass
class Pair:
    """Two workers that would poll, and somebody who talks to their bot."""

    life: Life
    first: App
    second: App


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    url, clock = postgres.empty_database(), SteerableClock(MORNING)
    serving = await serve(StandIn(clock, pacing=False), "127.0.0.1", 0)
    settings = Settings(
        telegram_token=TOKEN,
        telegram_api=serving.url,
        database_url=url,
        key_file=tmp_path / "evenkeel.key",
    )
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(aiohttp.ClientSession())
        apps = []
        for _ in range(2):
            vault = await open_vault(settings.database_url, settings.key_file)
            stack.push_async_callback(vault.close)
            apps.append(await stack.enter_async_context(compose(settings, vault, clock, limits=BOUNDLESS)))
        life = Life(http, serving.url, clock, tmp_path)
        await life.call("people", {"first_id": life.person})
        yield Pair(life, *apps)
    await serving.close()
    postgres.drop_database(url)


async def test_a_second_worker_that_polls_is_told_why_it_may_not(pair: Pair) -> None:
    async with working(pair.first):
        await until(lambda: _pollers(pair.first))
        with pytest.raises(AlreadyPolled, match="EVENKEEL_WEBHOOK_URL"):
            await pair.second.run(asyncio.Event())


async def test_who_lost_the_lock_to_a_later_one_stops_polling_and_nothing_is_lost(pair: Pair) -> None:
    first = asyncio.create_task(pair.first.run(asyncio.Event()))
    await until(lambda: _pollers(pair.first))
    await _cut_off(pair.first)
    async with working(pair.second):
        await until(lambda: _pollers(pair.second))
        await pair.life.say("/start", wait=False)  # while both ask for it
        with pytest.raises(AlreadyPolled):
            await asyncio.wait_for(first, 20)
        await pair.life.say("/help", wait=False)
        await until(lambda: _has_said(pair.life, 2))
        assert len(await _pollers(pair.second)) == 1


async def _has_said(life: Life, count: int) -> bool:
    return len(await life.heard()) == count


async def _pollers(app: App) -> list[int]:
    """The connections that hold the right to poll, as the server counts them."""
    key = "((classid::bigint << 32) | objid::bigint) = hashtextextended('poll', 0)"
    async with app.vault.database.reading() as session:
        query = text(f"select pid from pg_locks where locktype = 'advisory' and granted and {key}")  # noqa: S608 - our own words
        return list((await (await session.connection()).execute(query)).scalars())


async def _cut_off(app: App) -> None:
    """The server ends the connection by which somebody has that right."""
    for pid in await _pollers(app):
        async with app.vault.database.reading() as session:
            await (await session.connection()).execute(text(f"select pg_terminate_backend({pid}, 5000)"))
