"""The inbox: a crowd is stored and acknowledged, so that a cry for help behind it is seen."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.telegram.account import Account
from bot.telegram.inbox import LOOK_SECONDS, Inbox, without_words
from bot.telegram.receiver import Receiver
from bot.telegram.turns import Turns
from bot.telegram.webhook import Webhook
from bot.vault import open_vault
from scheduler.clock import SteerableClock
from storage import inbox
from storage.database import Database
from storage.inbox import InboxUpdate
from storage.sealing import MasterKey
from tests import made
from tests.telegram.mailbag import House, Updates, until
from tests.telegram.wire import Wire

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
CRIES = {150: "/sos", 151: "/worried"}


@pytest.fixture
def updates(wire: Wire) -> Updates:
    updates = Updates()
    wire.answer = updates.answer
    return updates


@dataclass
class Post:
    """Where updates come in, and what they meet there."""

    account: Account
    database: Database
    master: MasterKey
    clock: SteerableClock
    house: House = field(default_factory=House)

    @property
    def turns(self) -> Turns:
        return Turns(self.house.front, self.house.handle, first_pause=0.02)

    def inbox(self, turns: Turns) -> Inbox:
        return Inbox(self.database, self.master, self.clock, self.account.number, turns, CRIES.get)

    @asynccontextmanager
    async def polling(self, look_seconds: float = LOOK_SECONDS) -> AsyncIterator[None]:
        """Until the block ends; then the process dies without a word."""
        turns = self.turns
        receiver = Receiver(
            self.account,
            turns,
            self.inbox(turns),
            breath=0.03,
            first_pause=0.02,
            look_seconds=look_seconds,
        )
        async with _dying(receiver.run()):
            yield

    @asynccontextmanager
    async def webhook(self) -> AsyncIterator[Webhook]:
        """Likewise."""
        turns = self.turns
        webhook = Webhook(self.account, turns, "https://bot.example.org", "secret", self.inbox(turns))
        async with _dying(webhook.run()):
            yield webhook

    async def lying(self) -> list[dict[str, Any]]:
        async with self.database.reading() as session:
            bodies = await inbox.kept(session, self.master, self.account.number, NOON)
        return [json.loads(body) for body in bodies]

    async def lay(self, number: int, update: dict[str, Any]) -> None:
        async with self.database.transaction() as session:
            await inbox.put(session, self.master, self.account.number, {number: json.dumps(update)}, NOON)

    async def empties(self) -> None:
        async with asyncio.timeout(3):
            while await self.lying():
                await asyncio.sleep(0.01)


@asynccontextmanager
async def _dying(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def post(account: Account, tmp_path: Path) -> AsyncIterator[Post]:
    vault = await open_vault(made.at(tmp_path / "evenkeel.db"), tmp_path / "key")
    yield Post(account, vault.database, vault.master, SteerableClock(NOON, frozen=True))
    await vault.close()


def crowd(updates: Updates, house: House, count: int) -> None:
    """Each from another chat; what they want cannot be done for now."""
    for number in range(1, count + 1):
        updates.say(number, chat=1_000 + number)
        house.hold[str(1_000 + number)] = asyncio.Event()


async def test_a_cry_behind_a_crowd_is_seen_while_the_crowd_is_in_hand(post: Post, updates: Updates) -> None:
    crowd(updates, post.house, 260)
    async with post.polling():
        await until(lambda: len(post.house.fronted) == 260)
        assert post.house.committed == []
        assert updates.confirmed >= 160, "what is kept was acknowledged"


async def test_what_was_kept_is_handled_after_a_crash_in_its_order_and_once(
    post: Post, updates: Updates
) -> None:
    crowd(updates, post.house, 120)
    updates.say(121, chat=1_001)
    async with post.polling():
        await until(lambda: updates.confirmed >= 60)
    second = post.house = House()
    async with post.polling():
        await until(lambda: len(second.committed) == 121)
        await until(lambda: not updates.queue)
    assert sorted(second.committed) == [*range(1, 122)]
    assert second.committed.index(1) < second.committed.index(121)


async def test_what_a_worker_kept_that_may_no_longer_poll_is_taken_up_by_the_one_that_polls(
    post: Post, updates: Updates
) -> None:
    async with post.polling(look_seconds=0.02):
        updates.say(4, chat=1_004)
        await until(lambda: post.house.committed == [4])
        await post.lay(3, brought(3))
        await asyncio.sleep(0.1)
        assert post.house.committed == [4], "the other may still have it in hand"
        post.clock.advance_to(NOON + timedelta(seconds=61))
        await until(lambda: post.house.committed == [4, 3])
        await post.empties()


async def test_nothing_lies_in_the_inbox_once_it_was_handled(post: Post, updates: Updates) -> None:
    crowd(updates, post.house, 100)
    async with post.polling():
        await until(lambda: updates.confirmed >= 60)
        assert len(await post.lying()) >= 60
        for hold in post.house.hold.values():
            hold.set()
        await until(lambda: len(post.house.committed) == 100)
        await post.empties()


async def test_no_update_is_stored_before_it_was_screened(post: Post, updates: Updates) -> None:
    hold = post.house.front_hold = asyncio.Event()
    crowd(updates, post.house, 100)
    async with post.polling():
        await asyncio.sleep(0.2)
        assert await post.lying() == []
        hold.set()
        await until(lambda: updates.confirmed >= 60)


async def test_a_few_updates_are_not_stored(post: Post, updates: Updates) -> None:
    crowd(updates, post.house, 20)
    async with post.polling():
        await until(lambda: len(post.house.fronted) == 20)
        await asyncio.sleep(0.1)
        assert await post.lying() == []
        assert updates.confirmed == 0


async def test_what_telegram_shows_again_after_a_crash_is_acknowledged_without_a_second_turn(
    post: Post, updates: Updates
) -> None:
    update = {"update_id": 7, "message": {"message_id": 7, "date": 1, "chat": {"id": 77, "type": "private"}}}
    await post.lay(7, update)
    updates.say(7)
    async with post.polling():
        await until(lambda: updates.confirmed == 1)
        assert post.house.committed == [7]


async def test_while_nothing_can_be_stored_it_stays_at_telegram(
    tmp_path: Path, post: Post, updates: Updates
) -> None:
    post.database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'none.db'}")
    crowd(updates, post.house, 100)
    async with post.polling():
        await until(lambda: len(post.house.fronted) == 100)
        await asyncio.sleep(0.1)
        assert updates.confirmed == 0
    await post.database.close()


async def test_what_somebody_wrote_in_a_crisis_is_not_stored(post: Post, updates: Updates) -> None:
    crowd(updates, post.house, 149)
    post.house.hold["77"] = asyncio.Event()
    updates.say(150, "i want to die", chat=77)
    async with post.polling():
        await until(lambda: updates.confirmed >= 100)
        async with asyncio.timeout(3):
            while not (mine := [one for one in await post.lying() if one["update_id"] == 150]):
                updates.say(1_000 + len(updates.queue), chat=77)
                await asyncio.sleep(0.02)
    assert mine[0]["message"]["text"] == "/sos"
    assert mine[0]["message"]["chat"]["id"] == 77


def test_a_cry_keeps_who_and_where_and_nothing_else() -> None:
    message = {"message_id": 1, "date": 2, "chat": {"id": 3}, "from": {"id": 4}, "caption": "x", "photo": []}
    call = {"message_id": 1, "date": 2, "chat": {"id": 3}, "from": {"id": 4}, "text": "/sos"}
    for part in ("message", "edited_message"):
        assert without_words({"update_id": 5, part: message}, "/sos") == {"update_id": 5, "message": call}
    press = {"update_id": 5, "callback_query": {"id": "1", "data": "sealed"}}
    assert without_words(press, "/sos") == press


async def test_the_file_shows_nothing_of_what_lies_in_the_inbox(post: Post) -> None:
    async with post.database.transaction() as session:
        await inbox.put(session, post.master, post.account.number, {1: '{"text": "my canary"}'}, NOON)
        rows = list(await session.exec(select(InboxUpdate)))
    assert rows
    assert b"canary" not in b"".join(row.body_sealed for row in rows)


async def test_what_cannot_be_opened_stops_nobody(post: Post) -> None:
    async with post.database.transaction() as session:
        await inbox.put(session, post.master, post.account.number, {1: "{}", 2: '{"update_id": 2}'}, NOON)
        (await session.exec(select(InboxUpdate).where(InboxUpdate.update_id == 1))).one().body_sealed = (
            b"?" * 40
        )
    assert await post.lying() == [{"update_id": 2}]


async def test_a_bot_that_was_removed_leaves_nothing_in_the_inbox(post: Post) -> None:
    async with post.database.transaction() as session:
        await inbox.put(session, post.master, post.account.number, {1: "{}"}, NOON)
        await inbox.put(session, post.master, "2000002", {1: "{}"}, NOON)
        await inbox.forget(session, "2000002")
        assert [row.account for row in await session.exec(select(InboxUpdate))] == [post.account.number]


def brought(number: int) -> dict[str, Any]:
    chat = {"id": 1_000 + number, "type": "private"}
    message = {
        "message_id": number,
        "date": 1,
        "chat": chat,
        "from": {"id": chat["id"], "is_bot": False, "first_name": "Ada"},
        "text": "hi",
    }
    return {"update_id": number, "message": message}


async def test_a_crowd_that_is_brought_gets_200_as_soon_as_it_is_kept(post: Post, wire: Wire) -> None:
    post.house.hold = {str(1_000 + number): asyncio.Event() for number in range(1, 101)}
    async with post.webhook() as webhook:
        async with asyncio.timeout(3):
            said = await asyncio.gather(*(webhook._safe(brought(number)) for number in range(1, 101)))
        assert said == [True] * 100
        assert post.house.committed == []


async def test_what_a_dead_worker_kept_is_taken_up_by_another_after_a_minute(post: Post, wire: Wire) -> None:
    await post.lay(3, brought(3))
    async with post.webhook():
        await asyncio.sleep(0.1)
        assert post.house.committed == [], "another worker may have it in hand"
    post.clock.advance_to(NOON + timedelta(seconds=61))
    async with post.webhook():
        await until(lambda: post.house.committed == [3])
        await post.empties()
