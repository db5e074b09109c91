"""Receiving: no update is acknowledged before its effects are committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.conversation.inbound import Inbound, Words
from bot.telegram.account import Account
from bot.telegram.outcomes import TokenRefused
from bot.telegram.receiver import Receiver, SecondPoller
from bot.telegram.turns import Turns
from tests.telegram.mailbag import House, Updates, until
from tests.telegram.wire import Reply, Wire, error

CONFLICT = error(409, "Conflict: terminated by other getUpdates request")


@pytest.fixture
def updates(wire: Wire) -> Updates:
    updates = Updates()
    wire.answer = updates.answer
    return updates


@pytest.fixture
def house() -> House:
    return House()


def new_receiver(account: Account, house: House) -> Receiver:
    turns = Turns(house.front, house.handle, first_pause=0.02)
    return Receiver(account, turns, breath=0.03, first_pause=0.02, conflict_pause=0.02, last_work_seconds=0.2)


@asynccontextmanager
async def receiving(account: Account, house: House) -> AsyncIterator[Receiver]:
    receiver = new_receiver(account, house)
    task = asyncio.create_task(receiver.run())
    try:
        yield receiver
        receiver.stop()
        await asyncio.wait_for(task, 3)
    finally:
        task.cancel()


def outage(_: Inbound) -> BaseException:
    return OSError("the database is away")


async def test_updates_are_handled_and_then_acknowledged(
    account: Account, house: House, updates: Updates
) -> None:
    async with receiving(account, house) as receiver:
        updates.say(10)
        updates.say(11)
        await until(lambda: updates.confirmed == 2)
        assert receiver.idle()
    assert house.committed == house.fronted == [10, 11]


async def test_only_the_kinds_we_need_are_asked_for(
    account: Account, house: House, updates: Updates, wire: Wire
) -> None:
    async with receiving(account, house):
        await until(lambda: bool(wire.requests))
    assert wire.requests[0].parameters == {
        "limit": 100,
        "timeout": 25,
        "allowed_updates": ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"],
    }


async def test_nothing_is_acknowledged_before_the_commit(
    account: Account, house: House, updates: Updates
) -> None:
    house.hold["77"] = asyncio.Event()
    async with receiving(account, house) as receiver:
        updates.say(10)
        await until(lambda: len(updates.offsets) > 4)
        assert not receiver.idle()
        assert set(updates.offsets) == {None}
        house.hold["77"].set()
        await until(lambda: updates.confirmed == 1)
    assert house.fronted == [10]


async def test_killed_before_the_commit_it_receives_the_update_again(
    account: Account, house: House, updates: Updates
) -> None:
    house.hold["77"] = asyncio.Event()
    updates.say(10)
    killed = asyncio.create_task(new_receiver(account, house).run())
    await until(lambda: house.fronted == [10])
    killed.cancel()
    await asyncio.wait({killed})
    assert updates.confirmed == 0
    house.hold["77"].set()
    async with receiving(account, house):
        await until(lambda: updates.confirmed == 1)
    assert house.committed == [10]


async def test_an_update_that_telegram_repeats_has_one_turn(
    account: Account, house: House, updates: Updates
) -> None:
    async with receiving(account, house):
        for _ in range(3):
            updates.say(10)
        await until(lambda: updates.confirmed >= 3)
    assert house.fronted == house.committed == [10]


async def test_a_chat_is_served_in_order_and_does_not_hold_up_the_others(
    account: Account, house: House, updates: Updates
) -> None:
    house.hold["1"] = asyncio.Event()
    for number in range(10, 16):
        updates.say(number, chat=1 + number % 2)
    async with receiving(account, house):
        await until(lambda: house.committed == [11, 13, 15])
        assert updates.confirmed == 0
        house.hold["1"].set()
        await until(lambda: updates.confirmed == 6)
    assert house.committed == [11, 13, 15, 10, 12, 14]


async def test_the_offset_waits_for_the_lowest_uncommitted_update(
    account: Account, house: House, updates: Updates
) -> None:
    house.hold["2"] = asyncio.Event()
    updates.say(10, chat=1)
    updates.say(11, chat=2)
    updates.say(12, chat=1)
    async with receiving(account, house):
        await until(lambda: 11 in updates.offsets)
        assert house.committed == [10, 12]
        house.hold["2"].set()
        await until(lambda: updates.confirmed == 3)
    assert house.committed == [10, 12, 11]


async def test_a_crisis_is_seen_while_the_database_is_away(
    account: Account, house: House, updates: Updates
) -> None:
    house.broken = outage
    async with receiving(account, house):
        updates.say(10)
        await until(lambda: house.fronted == [10])
        updates.say(11, "I want to die")
        updates.say(12, chat=5)
        await until(lambda: house.fronted == [10, 11, 12])
        assert updates.confirmed == 0
        house.broken = lambda _: None
        await until(lambda: updates.confirmed == 3)
    assert house.fronted == [10, 11, 12]
    assert sorted(house.committed) == [10, 11, 12]


async def test_an_update_that_can_never_be_handled_does_not_block_the_others(
    account: Account, house: House, updates: Updates
) -> None:
    house.broken = lambda inbound: ValueError("x") if inbound.update_id == 10 else None
    async with receiving(account, house):
        updates.say(10)
        updates.say(11)
        await until(lambda: updates.confirmed == 2)
    assert house.committed == [11]


async def test_a_crisis_step_that_fails_does_not_stop_the_rest(
    account: Account, house: House, updates: Updates
) -> None:
    async def broken(_: Inbound) -> None:
        raise RuntimeError

    receiver = Receiver(account, Turns(broken, house.handle), breath=0.03)
    task = asyncio.create_task(receiver.run())
    updates.say(10)
    await until(lambda: updates.confirmed == 1)
    receiver.stop()
    await task
    assert house.committed == [10]


async def test_after_a_quiet_week_the_numbers_may_start_anew(
    account: Account, house: House, updates: Updates
) -> None:
    async with receiving(account, house):
        updates.say(900)
        await until(lambda: updates.confirmed == 1)
        updates.say(20)
        updates.offsets.clear()
        updates.queue = [u for u in updates.queue if u["update_id"] == 20]
        await until(lambda: house.committed == [900, 20] and 21 in updates.offsets)


async def test_stopping_ends_a_long_poll_at_once_and_confirms(
    account: Account, house: House, updates: Updates
) -> None:
    loop = asyncio.get_running_loop()
    async with receiving(account, house):
        updates.say(10)
        await until(lambda: house.committed == [10])
        began = loop.time()
    assert loop.time() - began < 1
    assert updates.confirmed == 1


async def test_stopping_while_the_database_is_away_leaves_the_update_at_telegram(
    account: Account, house: House, updates: Updates
) -> None:
    house.broken = outage
    async with receiving(account, house):
        updates.say(10)
        await until(lambda: house.fronted == [10])
    assert updates.confirmed == 0
    assert [update["update_id"] for update in updates.queue] == [10]


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(fault="reset"),
        Reply(200, b"<html>"),
        Reply(200, b'{"ok":true,"result":7}'),
        Reply(200, b'{"ok":false}'),
        error(502, "Bad Gateway"),
        error(429, "Too Many Requests"),
    ],
    ids=str,
)
async def test_trouble_on_the_way_is_sat_out(
    trouble: Reply, account: Account, house: House, updates: Updates
) -> None:
    updates.trouble = [trouble]
    updates.say(10)
    async with receiving(account, house):
        await until(lambda: updates.confirmed == 1)
    assert house.committed == [10]


async def test_broken_updates_in_a_batch_are_left_aside(
    account: Account, house: House, updates: Updates
) -> None:
    updates.queue = [{"update_id": 10}, {"update_id": 11, "message": {"text": 5}}]
    updates.say(12)
    async with receiving(account, house):
        await until(lambda: updates.confirmed == 3)
    assert sorted(house.committed) == [10, 11, 12]


async def test_a_second_poller_is_borne_for_a_moment_only(
    account: Account, house: House, updates: Updates
) -> None:
    updates.trouble = [CONFLICT, CONFLICT]
    updates.say(10)
    async with receiving(account, house):
        await until(lambda: updates.confirmed == 1)
    updates.trouble = [CONFLICT, CONFLICT, CONFLICT]
    with pytest.raises(SecondPoller, match="one deployment"):
        await new_receiver(account, house).run()


async def test_a_revoked_token_ends_receiving(account: Account, house: House, updates: Updates) -> None:
    updates.trouble = [error(401, "Unauthorized")]
    with pytest.raises(TokenRefused):
        await new_receiver(account, house).run()


async def test_a_person_who_floods_is_served_in_order(
    account: Account, house: House, updates: Updates
) -> None:
    for number in range(250):
        updates.say(number + 1)
    async with receiving(account, house):
        await until(lambda: updates.confirmed == 250)
    assert house.committed == list(range(1, 251))


async def test_what_was_said_arrives_as_words(account: Account, updates: Updates) -> None:
    heard: list[Inbound] = []

    async def note(inbound: Inbound) -> None:
        heard.append(inbound)

    receiver = Receiver(account, Turns(note, note), breath=0.03)
    task = asyncio.create_task(receiver.run())
    updates.say(10, "good morning")
    await until(lambda: len(heard) == 2)
    receiver.stop()
    await task
    assert heard[0].event == Words("good morning")
    assert heard[0].origin.account == "4000"
