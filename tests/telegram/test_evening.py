"""An evening with the stand-in for Telegram: what one sends, the other shows."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.conversation.inbound import Event, Inbound, Left, Place, Press, Unreadable, Words
from bot.conversation.message import Action, Choice, Document, Message, Picture
from bot.conversation.sheet import to_sheet
from bot.conversation.text import Text, bold
from bot.standin import StandIn, deeds, serve
from bot.telegram.account import Account
from bot.telegram.profile import Profile, register, username_of
from bot.telegram.receiver import Receiver
from bot.telegram.sender import TelegramSender
from bot.telegram.turns import Turns
from scheduler.clock import SteerableClock
from scheduler.lanes import Lane
from scheduler.outcomes import Delivered, Unreachable
from scheduler.parcel import Parcel
from storage.outbox import Address, OutboxKind

TOKEN, YOU = "4000:evening", 1001


@pytest.fixture
def standin() -> StandIn:
    return StandIn(SteerableClock(), pacing=False)


@pytest.fixture
async def account(standin: StandIn) -> AsyncIterator[Account]:
    serving = await serve(standin, "127.0.0.1", 0)
    async with Account(TOKEN, base_url=f"{serving.url}/bot") as account:
        yield account
    await serving.close()


def parcel(message: Message, kind: OutboxKind = OutboxKind.SEND, target: str | None = None) -> Parcel:
    body = to_sheet(message, lambda action: f"{action.room}.{action.verb}")
    return Parcel(1, 1, kind, Address("telegram", "4000", str(YOU)), Lane.DOSE, None, body, target, False)


async def test_a_reminder_is_shown_answered_and_edited(standin: StandIn, account: Account) -> None:
    sender = TelegramSender(account)
    heard: asyncio.Queue[Inbound] = asyncio.Queue()

    async def front(_: Inbound) -> None:
        return None

    receiver = Receiver(account, Turns(front, heard.put), breath=0.01)
    receiving = asyncio.create_task(receiver.run())

    async def event() -> Event:
        return (await asyncio.wait_for(heard.get(), 3)).event

    deeds.say(standin.world, {"from": YOU, "text": "/start"})
    assert await event() == Words("/start")

    choices = ((Choice("Taken", Action("doses", "taken"), "success"),),)
    outcome = await sender.deliver(parcel(Message(Text("💊 Time for your ") + bold("08:00"), choices)))
    assert isinstance(outcome, Delivered)
    assert outcome.message_ref
    shown = standin.world.chats[YOU].messages[int(outcome.message_ref)]
    assert shown["text"] == "💊 Time for your 08:00"
    assert shown["entities"] == [{"type": "bold", "offset": 17, "length": 5}]

    deeds.press(standin.world, {"from": YOU, "message_id": shown["message_id"], "button": "Taken"})
    pressed = await event()
    assert isinstance(pressed, Press)
    assert (pressed.token, pressed.message) == ("doses.taken", outcome.message_ref)
    await sender.answer(pressed.query, "Recorded")
    done = parcel(Message(Text("Taken at 08:03")), OutboxKind.EDIT, outcome.message_ref)
    assert await sender.deliver(done) == Delivered(outcome.message_ref)
    assert await sender.deliver(done) == Delivered(None)
    assert "reply_markup" not in standin.world.chats[YOU].messages[int(outcome.message_ref)]

    deeds.say(standin.world, {"from": YOU, "location": {"latitude": 45, "longitude": 9}})
    assert await event() == Place(45.0, 9.0)
    deeds.say(standin.world, {"from": YOU, "kind": "voice"})
    assert await event() == Unreadable("voice")
    deeds.block(standin.world, standin.world.people[YOU], blocked=True)
    assert await event() == Left()
    assert await sender.deliver(parcel(Message(Text("x")))) == Unreachable()

    receiver.stop()
    await asyncio.wait_for(receiving, 3)
    assert not standin.world.updates.pending


async def test_pictures_and_documents_arrive(standin: StandIn, account: Account) -> None:
    deeds.say(standin.world, {"from": YOU, "text": "/start"})
    days = [{"day": "2026-03-01", "state": "taken"}]
    picture = Picture("streak", {"title": "1 of 1", "days": days, "legend": {"taken": "taken"}})
    sender = TelegramSender(account)
    for message, part in (
        (Message(Text("Streak"), picture=picture), "photo"),
        (Message(Text("Yours"), document=Document("data.json", "{}")), "document"),
    ):
        outcome = await sender.deliver(parcel(message))
        assert isinstance(outcome, Delivered)
        shown = standin.world.chats[YOU].messages[int(outcome.message_ref or 0)]
        assert shown[part]
        assert shown["caption"] == message.text.plain
        changed = parcel(
            Message(Text("Later"), picture=message.picture, document=message.document),
            OutboxKind.EDIT,
            outcome.message_ref,
        )
        assert isinstance(await sender.deliver(changed), Delivered)
        assert standin.world.chats[YOU].messages[int(outcome.message_ref or 0)]["caption"] == "Later"


async def test_the_profile_is_taken(standin: StandIn, account: Account) -> None:
    face = Profile(
        [("today", "What is due")], [("help", "Help")], [("help", "Help")], "A companion.", "Companion"
    )
    await register(account, [face])
    assert await username_of(account)
    assert standin.world.descriptions[""] == "A companion."
