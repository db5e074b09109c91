"""Who had to wait behind another update of the chat, and who had not."""

import asyncio

from bot.conversation.inbound import Inbound, Origin, Words
from bot.telegram.turns import Turns


def said(update_id: int, chat: str = "77") -> Inbound:
    return Inbound(update_id, Origin("telegram", "1", chat, chat), Words("hi"))


async def test_what_waited_behind_an_earlier_update_of_its_chat_is_marked_for_the_crisis_step() -> None:
    heard: dict[int, bool] = {}
    handled: list[int] = []

    async def front(inbound: Inbound) -> None:
        heard[inbound.update_id] = inbound.queued
        await asyncio.sleep(0.01)

    async def handle(inbound: Inbound) -> None:
        handled.append(inbound.update_id)

    turns = Turns(front, handle)
    await asyncio.gather(*map(turns.take, (said(1), said(2), said(3), said(4, chat="78"))))
    await turns.take(said(5))
    assert heard == {1: False, 2: True, 3: True, 4: False, 5: False}
    assert sorted(handled) == [1, 2, 3, 4, 5]


async def test_whoever_ends_the_turns_can_wait_for_what_is_being_looked_at_and_no_longer() -> None:
    looking, over = asyncio.Event(), asyncio.Event()

    async def front(inbound: Inbound) -> None:
        looking.set()
        await over.wait()

    async def never(_: Inbound) -> None:
        await asyncio.Event().wait()

    turns = Turns(front, never)
    await asyncio.wait_for(turns.fronts_end(60), 5)
    in_hand = [asyncio.ensure_future(turns.take(said(number))) for number in (1, 2)]
    await looking.wait()
    await turns.fronts_end(0.01)
    waiting = asyncio.ensure_future(turns.fronts_end(60))
    await asyncio.sleep(0)
    assert not waiting.done()
    over.set()
    await asyncio.wait_for(waiting, 5)
    for turn in in_hand:
        turn.cancel()
    await asyncio.gather(*in_hand, return_exceptions=True)
    assert turns.idle
