"""A crisis is answered at once, whatever else is broken. Each test prints the time from update to send."""

import asyncio
import shutil
import statistics
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.demo.house import TOKEN
from storage import outbox
from storage.outbox import OutboxState
from tests.crash.population import populate
from tests.stories.life import House, Life, house, plain

EVENING = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
CRIES = ("i want to kill myself", "/sos", "I am going to end my life tonight")
CARD = "I am a program. Nobody reads this live."


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    """A person in New York with one medicine."""
    async with house(tmp_path, EVENING) as one:
        await one.life.settle_in()
        await one.life.add_medicine("Sertraline", "50 mg", "8am", first=True)
        yield one


async def answered(life: Life, cry: str, presser: int | None = None) -> float:
    """Say it, wait for the card; milliseconds from the update to the request on the network."""
    before = (await life.call("requests"))["last"]
    started = life.clock.monotonic()
    await life.call("say", {"from": presser or life.person, "text": cry, "wait": False})
    async with asyncio.timeout(5):
        while True:
            found: list[dict[str, Any]] = (await life.call(f"requests?since={before}&method=sendMessage"))[
                "requests"
            ]
            if any(CARD in entry["params"].get("text", "") for entry in found):
                return (life.clock.monotonic() - started) * 1000
            await asyncio.sleep(0.002)


async def drill(life: Life, what: str) -> None:
    """Three cries; prints and bounds the time."""
    times = [await answered(life, cry) for cry in CRIES]
    print(f"\ncrisis answered, {what}: median {statistics.median(times):.0f} ms, most {max(times):.0f} ms")
    assert statistics.median(times) < 1000


async def test_the_card_comes_with_the_numbers_of_the_persons_country(home: House) -> None:
    await drill(home.life, "all well")
    cards = [plain(message) for message in await home.life.heard() if CARD in plain(message)]
    assert len(cards) == len(CRIES)
    assert all("911" in card and "988" in card for card in cards)


async def test_it_comes_when_the_database_is_replaced_by_a_directory_while_running(home: House) -> None:
    await _break_database(home)
    await drill(home.life, "database replaced by a directory")


async def _break_database(home: House) -> None:
    assert home.vault is not None
    path = home.vault.database.path
    assert path is not None
    await home.vault.database.engine.dispose()
    for file in path.parent.glob(path.name + "*"):
        if not file.name.endswith(".lock"):
            file.rename(file.with_name("aside-" + file.name))
    path.mkdir()


async def test_what_people_wrote_meanwhile_is_handled_once_the_database_is_back(home: House) -> None:
    life = home.life
    assert home.vault is not None
    path = home.vault.database.path
    assert path is not None
    await _break_database(home)
    await answered(life, "i want to kill myself")
    await life.call("say", {"from": life.person, "text": "/today", "wait": False})
    await home.vault.database.engine.dispose()
    path.rmdir()
    for file in path.parent.glob("aside-*"):
        file.rename(file.with_name(file.name.removeprefix("aside-")))
    async with asyncio.timeout(20):
        while not any(plain(message).startswith("No dose is planned") for message in await life.heard()):
            await asyncio.sleep(0.05)
    cards = [message for message in await life.heard() if CARD in plain(message)]
    assert len(cards) == 1


async def test_it_comes_when_the_bot_starts_and_finds_a_directory_for_a_database(home: House) -> None:
    life = home.life
    await home.close()
    path = home.database_file()
    path.rename(path.with_name("aside.db"))
    path.mkdir()
    watching = await home.watch()
    try:
        await drill(life, "started without a database (no country known)")
        newest = [plain(message) for message in await life.heard() if CARD in plain(message)][-1]
        assert "your local emergency number" in newest
    finally:
        shutil.rmtree(path)
        path.with_name("aside.db").rename(path)
        await watching


async def test_it_comes_when_the_courier_has_stopped(home: House) -> None:
    assert home.app is not None
    home.app.courier.round = _nothing  # type: ignore[method-assign]
    await drill(home.life, "courier stopped")


async def _nothing() -> None:
    """A courier that carries nothing any more."""


async def test_it_comes_in_the_middle_of_a_dialog_and_is_not_taken_for_an_answer(home: House) -> None:
    life = home.life
    await life.say("/add")
    await drill(life, "a dialog open")
    await life.say("Bupropion")
    assert "How much of Bupropion" in await life.last()


async def test_it_comes_while_three_hundred_reminders_wait(tmp_path: Path) -> None:
    before = datetime(2026, 3, 5, 7, 59, 58, tzinfo=UTC)
    folder = tmp_path
    await populate(folder, TOKEN.partition(":")[0], 300, time(8), before)
    (folder / "demo.db").rename(folder / "evenkeel.db")
    (folder / "demo.key").rename(folder / "evenkeel.key")
    async with house(folder, before, pacing=True) as one:
        await one.life.call("people", {"first_id": 100_000, "count": 300})
        async with asyncio.timeout(20):
            while not (await one.life.call("requests?method=sendMessage"))["requests"]:
                await asyncio.sleep(0.05)
        await drill(one.life, "300 reminders queued")
        assert one.app is not None
        async with one.app.vault.database.reading() as session:
            waiting = (await outbox.counts(session))[OutboxState.PENDING]
        print(f"reminders still waiting after the drill: {waiting}")
        assert waiting > 0


async def test_a_paused_person_and_a_stranger_are_answered_alike(home: House) -> None:
    await home.life.say("/pause")
    await drill(home.life, "paused")
    times = [await answered(home.life, cry, presser=909) for cry in CRIES]
    print(f"\ncrisis answered, a stranger: median {statistics.median(times):.0f} ms")


async def test_one_update_seen_twice_brings_one_card(home: House) -> None:
    life = home.life
    await answered(life, "i want to kill myself")
    raw = {
        "update_id": 990_001,
        "message": {
            "message_id": 990_001,
            "date": int(life.clock.now().timestamp()),
            "chat": {"id": life.person, "type": "private", "first_name": "Alex"},
            "from": {"id": life.person, "is_bot": False, "first_name": "Alex"},
            "text": "i want to die",
        },
    }
    await life.call("update", {"update": raw})
    await life.call("update", {"update": raw})
    await life.say("/help")
    cards = [message for message in await life.heard() if CARD in plain(message)]
    assert len(cards) == 2


async def test_nothing_of_what_was_written_is_kept(home: House) -> None:
    await home.life.say("i want to kill myself with zebrastripe thoughts")
    await home.close()
    stored = b"".join(file.read_bytes() for file in home.life.folder.iterdir() if file.is_file())
    assert b"zebrastripe" not in stored
