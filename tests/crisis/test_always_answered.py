"""A crisis is answered at once, whatever else is broken. Each test prints the time from update to send."""

import asyncio
import shutil
import statistics
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.catalogs import LANGUAGE_NAMES, safety
from bot.demo.house import TOKEN
from bot.standin.world import BOT_USERNAME as BOT
from storage import crises, outbox
from storage.outbox import OutboxState
from tests.chaos.population import populate
from tests.stories.life import House, Life, house, plain

EVENING = datetime(2026, 3, 5, 20, 0, tzinfo=UTC)
CRIES = ("i want to kill myself", "/sos", "/worried", "I am going to end my life tonight")
CARD = "I am a program. Nobody reads this live."
GROUP_LINE = "For everyone here: if a life is in danger now"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can never be committed need not be waited for so long when the bot is stopped."""
    monkeypatch.setattr("bot.roster.roster.LAST_WORK_SECONDS", 0.5)


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
    """A cry of every kind; prints and bounds the time."""
    times = [await answered(life, cry) for cry in CRIES]
    print(f"\ncrisis answered, {what}: median {statistics.median(times):.0f} ms, most {max(times):.0f} ms")
    assert statistics.median(times) < 1000


async def test_the_card_comes_with_the_numbers_of_the_persons_country(home: House) -> None:
    await drill(home.life, "all well")
    cards = [plain(message) for message in await home.life.heard() if CARD in plain(message)]
    assert len(cards) == len(CRIES)
    assert all("911" in card and "988" in card for card in cards)


async def test_it_comes_when_the_database_is_replaced_by_a_directory_while_running(home: House) -> None:
    await break_database(home)
    await drill(home.life, "database replaced by a directory")


async def break_database(home: House) -> None:
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
    await break_database(home)
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


def cry_of(life: Life, update_id: int) -> dict[str, Any]:
    """An update as Telegram sends it."""
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": int(life.clock.now().timestamp()),
            "chat": {"id": life.person, "type": "private", "first_name": "Alex"},
            "from": {"id": life.person, "is_bot": False, "first_name": "Alex"},
            "text": "i want to die",
        },
    }


async def cards(life: Life) -> list[str]:
    return [plain(message) for message in await life.heard() if CARD in plain(message)]


async def test_one_update_seen_twice_brings_one_card(home: House) -> None:
    life = home.life
    await answered(life, "i want to kill myself")
    await life.call("update", {"update": cry_of(life, 990_001)})
    await life.call("update", {"update": cry_of(life, 990_001)})
    await life.say("/help")
    assert len(await cards(life)) == 2


async def test_an_update_that_was_recorded_is_not_answered_again_after_a_restart(home: House) -> None:
    life = home.life
    await life.call("update", {"update": cry_of(life, 990_001)})
    await life.say("/help")
    assert len(await cards(life)) == 1
    await home.close()
    await home.open()
    await life.call("update", {"update": cry_of(life, 990_001)})
    await life.say("/help")
    assert len(await cards(life)) == 1
    await life.call("update", {"update": cry_of(life, 990_002)})
    await life.say("/help")
    assert len(await cards(life)) == 2


async def test_after_an_outage_a_backlog_of_cries_brings_three_cards_and_all_are_recorded(
    home: House,
) -> None:
    life = home.life
    await home.close()
    for _ in range(6):
        await life.call("say", {"from": life.person, "text": "i want to kill myself", "wait": False})
    await home.open()
    await life.say("/help")
    assert len(await cards(life)) == 3
    assert home.app is not None
    async with home.app.vault.database.reading() as session:
        assert len(await crises.since(session, 1, EVENING)) == 6


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
async def test_a_stranger_is_answered_in_the_language_of_their_device(home: House, language: str) -> None:
    life = home.life
    await life.call("say", {"from": {"id": 808, "language_code": f"{language}-XX"}, "text": "/sos"})
    [card] = (await life.call("chats/808"))["messages"][1:]
    said = safety(language)("You do not have to get through this alone. Who could be with you now?")
    assert said in plain(card)
    assert (said == "You do not have to get through this alone. Who could be with you now?") == (
        language == "en"
    )


async def test_a_newcomer_with_a_german_device_is_met_in_whole_english_sentences(home: House) -> None:
    life = home.life
    await life.call("say", {"from": {"id": 808, "language_code": "de"}, "text": "/start"})
    [welcome] = (await life.call("chats/808"))["messages"][1:]
    labels = [button["text"] for row in welcome["buttons"] for button in row]
    assert "Yes, let's begin" in labels
    assert "I need help now" in labels or "Language: Deutsch" in labels
    await life.call("say", {"from": 808, "text": "/help"})
    await life.call("say", {"from": 808, "text": "/sos"})
    assert "Ich bin ein Programm." in plain((await life.call("chats/808"))["messages"][-1])


async def test_the_link_under_a_groups_line_opens_with_the_card(home: House) -> None:
    await home.life.say("/start sos")
    assert len(await cards(home.life)) == 1
    assert "911" in (await cards(home.life))[0]


async def test_the_own_plan_is_asked_for_while_the_database_is_gone(home: House) -> None:
    life = home.life
    await life.say("/sos")
    await break_database(home)
    before = (await life.call("requests"))["last"]
    message = (await life.heard())[-1]["id"]
    await life.call(
        "press",
        {"chat": life.person, "from": life.person, "message_id": message, "button": "My safety plan",
         "wait": False},
    )  # fmt: skip
    async with asyncio.timeout(3):
        while not (found := (await life.call(f"requests?since={before}&method=sendMessage"))["requests"]):
            await asyncio.sleep(0.01)
    text = found[0]["params"]["text"]
    assert text.startswith("I cannot open your plan right now.")
    assert "911" in text
    assert "988" in text


# Groups


async def group_of(life: Life, *members: int) -> int:
    return int((await life.call("chats", {"name": "Support", "members": [life.person, *members]}))["id"])


async def said_in(life: Life, group: int) -> list[dict[str, Any]]:
    """What the bot said there after its greeting."""
    shown = (await life.call(f"chats/{group}"))["messages"]
    said = [message for message in shown if message["from"]["first_name"] == "Evenkeel" and message["text"]]
    return [message for message in said if not message["text"].startswith("I am Evenkeel. Here I can post")]


async def test_a_cry_in_a_group_is_answered_there_without_a_name_and_in_private_with_the_numbers(
    home: House,
) -> None:
    life = home.life
    group = await group_of(life)
    await life.call("say", {"from": life.person, "chat": group, "text": f"@{BOT} i want to kill myself"})
    [line] = await said_in(life, group)
    assert plain(line).startswith(GROUP_LINE)
    assert "reply_to" not in line
    assert [b["url"] for row in line["buttons"] for b in row] == [f"https://t.me/{BOT}?start=sos"]
    for secret in ("Alex", "kill", "911", "Sertraline"):
        assert secret not in str(line)
    [card] = await cards(life)
    assert "911 (United States)" in card


async def test_a_groups_cry_is_recorded_to_nobody(home: House) -> None:
    life = home.life
    await life.call("say", {"from": life.person, "chat": await group_of(life), "text": "/sos"})
    await life.say("/help")
    assert home.app is not None
    async with home.app.vault.database.reading() as session:
        assert await crises.since(session, 1, EVENING) == []


async def test_somebody_who_has_not_started_the_bot_gets_the_groups_line(home: House) -> None:
    life = home.life
    group = await group_of(life, 606)
    await life.call("say", {"from": 606, "chat": group, "text": "/sos"})
    assert len(await said_in(life, group)) == 1
    assert (await life.call("chats/606"))["messages"] == []


async def test_an_anonymous_admin_gets_the_groups_line_alone(home: House) -> None:
    life = home.life
    group = await group_of(life)
    await life.call("say", {"from": life.person, "chat": group, "text": "/sos", "is_anonymous_admin": True})
    assert len(await said_in(life, group)) == 1
    assert await cards(life) == []


async def test_a_groups_cry_is_answered_while_the_database_is_gone(home: House) -> None:
    life = home.life
    group = await group_of(life)
    await break_database(home)
    await life.call("say", {"from": life.person, "chat": group, "text": "/sos", "wait": False})
    async with asyncio.timeout(5):
        while not (await said_in(life, group) and await cards(life)):
            await asyncio.sleep(0.01)


async def test_a_groups_command_seen_twice_is_not_pointed_elsewhere(home: House) -> None:
    life = home.life
    group = await group_of(life)
    raw = cry_of(life, 990_001)
    raw["message"] |= {"chat": {"id": group, "type": "group", "title": "Support"}, "text": "/sos"}
    await life.call("update", {"update": raw})
    await home.close()
    await home.open()
    await life.call("update", {"update": raw})
    await life.say("/help")
    assert [plain(line)[: len(GROUP_LINE)] for line in await said_in(life, group)] == [GROUP_LINE]


async def test_nothing_of_what_was_written_is_kept(home: House) -> None:
    await home.life.say("i want to kill myself with zebrastripe thoughts")
    await home.close()
    stored = b"".join(file.read_bytes() for file in home.life.folder.iterdir() if file.is_file())
    assert b"zebrastripe" not in stored
