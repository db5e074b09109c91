"""A crisis is answered by the bot that was called, also while the database is away."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.escalation.crisis.front import Alert
from bot.roster import spare
from bot.watch import keep_watch, watched
from tests.bots.town import FIRST, SECOND, SECOND_NUMBER, Town
from tests.crisis.test_always_answered import CARD, answered, break_database
from tests.stories.life import plain


@asynccontextmanager
async def watching(here: Town) -> AsyncIterator[dict[str, dict[int, Alert]]]:
    """The bot was stopped, and starts without its database. Yields what it has answered."""
    await here.house.close()
    path, alerts = here.house.database_file(), dict[str, dict[int, Alert]]()
    path.rename(path.with_name("aside.db"))
    path.mkdir()
    settings = here.house.settings.model_copy(update={"http_listen": "127.0.0.1:0"})
    watch = asyncio.create_task(keep_watch(settings, here.house.clock, alerts, asyncio.Event()))
    try:
        yield alerts
    finally:
        shutil.rmtree(path)
        path.with_name("aside.db").rename(path)
        vault = await watch
        assert vault is not None
        await vault.close()


async def test_every_bot_answers_while_the_database_is_broken(here: Town) -> None:
    await here.one.settle_in()
    await here.two.settle_in()
    await break_database(here.house)
    for life in (here.one, here.two):
        before = len(await life.heard())
        await answered(life, "/sos")
        assert len(await life.heard()) == before + 1


async def test_every_bot_answers_when_the_deployment_starts_without_its_database(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.watch.TRY_AGAIN_SECONDS", 0.2)
    for life in (here.one, here.two):
        await life.call("people", {"first_id": 501})
    async with watching(here) as alerts:
        await answered(here.two, "/sos")
        await answered(here.one, "i want to kill myself")
        assert [len(alerts["1000001"]), len(alerts["2000002"])] == [1, 1]
    assert CARD in plain((await here.two.heard())[-1])


async def test_a_card_that_is_on_its_way_when_the_watch_ends_still_comes(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.watch.TRY_AGAIN_SECONDS", 0.2)
    await here.two.call("people", {"first_id": 501})
    slow = {"kind": "latency", "method": "sendMessage", "ms": 1500}
    async with watching(here) as alerts:
        await here.two.call("faults", {"rules": [slow]})
        await here.two.call("say", {"from": here.two.person, "text": "/sos", "wait": False})
        async with asyncio.timeout(5):
            while not alerts.get(SECOND_NUMBER):
                await asyncio.sleep(0.01)
    assert CARD in plain((await here.two.heard())[-1])
    assert [alert.undelivered for alert in alerts[SECOND_NUMBER].values()] == [None]


async def test_a_card_that_takes_too_long_for_the_end_of_the_watch_is_sent_by_the_bot_that_follows(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.watch.TRY_AGAIN_SECONDS", 0.2)
    monkeypatch.setattr("bot.watch.LAST_CRY_SECONDS", 0.1)
    await here.two.call("people", {"first_id": 501})
    hangs = {"kind": "hang", "method": "sendMessage", "seconds": 60, "times": 1}
    async with watching(here) as alerts:
        await here.two.call("faults", {"rules": [hangs]})
        await here.two.call("say", {"from": here.two.person, "text": "/sos", "wait": False})
        async with asyncio.timeout(5):
            while not alerts.get(SECOND_NUMBER):
                await asyncio.sleep(0.01)
    assert alerts[SECOND_NUMBER] == {}


async def test_one_refused_token_does_not_end_the_watch(here: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.watch.TRY_AGAIN_SECONDS", 0.2)
    await here.two.call("people", {"first_id": 501})
    here.house.standin.tokens.discard(FIRST)
    async with watching(here):
        await answered(here.two, "/sos")
    here.house.standin.tokens.add(FIRST)


async def test_the_spare_copy_is_sealed_and_follows_the_table(here: Town) -> None:
    file = spare.spare_file(here.house.settings.key_file)
    assert file.stat().st_mode & 0o077 == 0
    assert b"second-clinic" not in bytes.fromhex(file.read_text())
    assert watched(here.house.settings) == [FIRST, SECOND]
    await here.remove(SECOND_NUMBER)
    assert watched(here.house.settings) == [FIRST]
    assert not file.exists()


async def test_a_spare_copy_that_does_not_open_leaves_the_token_of_the_settings(
    here: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    file = spare.spare_file(here.house.settings.key_file)
    for broken in ("00" * 40, "no hex", ""):
        file.write_text(broken)
        assert watched(here.house.settings) == [FIRST]
    assert "unreadable" in capsys.readouterr().out
