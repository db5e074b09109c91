"""What one member of a group alone sees: who may send it, how it is named, and who is shown it."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BotCommand, EphemeralMessageParameters, ReplyParameters

from tests.standin.house import CAREGIVER, TOKEN, YOU, House

FOR_YOU = {"receiver_user_id": YOU}
NOT_ADMIN = "400 Bad Request: BOT_NOT_ADMIN"


async def in_group(house: House, status: str = "member", kind: str = "supergroup") -> int:
    """A group of two people and the bot."""
    made = await house.control("chats", name="Kind circle", kind=kind, members=[YOU, CAREGIVER])
    if kind != "channel":
        await house.control("members", chat=made["id"], person="bot", status=status)
    await house.updates()
    return int(made["id"])


async def whispers(house: House, group: int, text: str = "/sos", **more: Any) -> dict[str, Any]:
    """A member writes what nobody else sees; what the bot is shown comes back."""
    said = {"from": YOU, "chat": group, "text": text, "ephemeral": True, "wait": False, **more}
    await house.control("say", **said)
    [update] = await house.updates()
    return dict(update["message"])


async def seen(house: House, group: int, reader: int | None = None) -> list[str]:
    query = f"?reader={reader}" if reader is not None else ""
    shown = (await house.see(f"chats/{group}{query}"))["messages"]
    return [message["text"] for message in shown if message["text"]]


async def test_an_ephemeral_command_has_an_id_of_its_own_and_nobody_else_sees_it(house: House) -> None:
    group = await in_group(house)
    command = await whispers(house, group)
    assert command["message_id"] == 0
    assert command["ephemeral_message_id"] > 0
    assert (command["from"]["id"], command["receiver_user"]["id"]) == (YOU, house.standin.world.bot["id"])
    assert "message_thread_id" not in command
    assert await seen(house, group, YOU) == ["/sos"]
    assert await seen(house, group, CAREGIVER) == await seen(house, group) == []


async def test_in_a_topic_it_answers_the_message_which_began_that(house: House) -> None:
    group = await in_group(house)
    topic = (await house.control("topics", chat=group, name="Nights"))["topic"]
    command = await whispers(house, group, topic=topic)
    assert "message_thread_id" not in command
    assert command["reply_to_message"]["message_thread_id"] == topic


async def test_only_a_command_in_a_group_is_ephemeral(house: House) -> None:
    group = await in_group(house)
    for chat, text in ((group, "hello"), (YOU, "/sos"), (await in_group(house, kind="channel"), "/sos")):
        given = {"from": YOU, "chat": chat, "text": text, "ephemeral": True}
        assert (await house.try_control("say", **given))[0] == 400


async def test_without_rights_a_bot_whispers_for_fifteen_seconds_as_an_answer(house: House) -> None:
    group = await in_group(house)
    command = await whispers(house, group)
    answer = {"reply_parameters": {"ephemeral_message_id": command["ephemeral_message_id"]}}
    asked = {"chat_id": group, "text": "For you", "ephemeral_message_parameters": FOR_YOU}
    sent = await house.result("sendMessage", **asked, **answer)
    assert (sent["message_id"], sent["receiver_user"]["id"]) == (0, YOU)
    assert sent["ephemeral_message_id"] > command["ephemeral_message_id"]
    assert await seen(house, group, YOU) == ["/sos", "For you"]
    assert await seen(house, group, CAREGIVER) == []
    assert await house.refused("sendMessage", **asked) == NOT_ADMIN
    house.clock.advance(16)
    assert "message to be replied not found" in await house.refused("sendMessage", **asked, **answer)


async def test_a_press_may_be_answered_so_to_whoever_pressed(house: House) -> None:
    group = await in_group(house)
    button = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await house.result("sendMessage", chat_id=group, text="?", reply_markup=button)
    press = {"from": YOU, "chat": group, "message_id": sent["message_id"], "button": "Yes", "wait": False}
    await house.control("press", **press)
    [update] = await house.updates()
    query = update["callback_query"]["id"]
    mine = {"receiver_user_id": YOU, "callback_query_id": query}
    theirs = {"receiver_user_id": CAREGIVER, "callback_query_id": query}
    asked = {"chat_id": group, "text": "For you"}
    assert await house.refused("sendMessage", **asked, ephemeral_message_parameters=theirs)
    assert await house.result("sendMessage", **asked, ephemeral_message_parameters=mine)
    house.clock.advance(16)
    assert "query is too old" in await house.refused(
        "sendMessage", **asked, ephemeral_message_parameters=mine
    )


async def test_an_admin_whispers_at_any_time_to_those_who_are_there(house: House) -> None:
    group = await in_group(house, "administrator")
    asked = {"chat_id": group, "text": "For you", "ephemeral_message_parameters": FOR_YOU}
    assert (await house.result("sendMessage", **asked))["message_id"] == 0
    await house.control("members", chat=group, person=YOU, status="left")
    assert "USER_NOT_PARTICIPANT" in await house.refused("sendMessage", **asked)


@pytest.mark.parametrize("kind", ["private", "channel"])
async def test_there_is_nothing_ephemeral_outside_of_groups(house: House, kind: str) -> None:
    await house.start()
    chat = YOU if kind == "private" else await in_group(house, kind=kind)
    asked = {"chat_id": chat, "text": "For you", "ephemeral_message_parameters": FOR_YOU}
    assert await house.refused("sendMessage", **asked) == NOT_ADMIN


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"reply_parameters": {"message_id": 0}}, "message to be replied not found"),
        ({"reply_parameters": {"ephemeral_message_id": 1}}, "must be ephemeral"),
        ({"reply_parameters": 7}, "can't parse reply parameters"),
        ({"ephemeral_message_parameters": [YOU]}, "can't parse ephemeral message parameters"),
        (
            {"ephemeral_message_parameters": FOR_YOU, "reply_parameters": {"ephemeral_message_id": 1}},
            "message to be replied not found",
        ),
    ],
)
async def test_odd_wishes_are_refused(house: House, given: dict[str, Any], why: str) -> None:
    group = await in_group(house, "administrator")
    assert why in await house.refused("sendMessage", chat_id=group, text="x", **given)


async def test_an_ephemeral_message_counts_in_the_pace_of_the_group(paced: House) -> None:
    group = await in_group(paced, "administrator")
    for _ in range(20):
        asked = {"chat_id": group, "text": "x", "ephemeral_message_parameters": FOR_YOU}
        await paced.result("sendMessage", **asked)
    assert (await paced.refused("sendMessage", chat_id=group, text="x")).startswith("429")


async def test_an_older_server_says_it_to_everybody_and_forgets_the_mark(house: House) -> None:
    group = await in_group(house)
    house.standin.world.knows_ephemeral = False
    asked = {"chat_id": group, "text": "For you", "ephemeral_message_parameters": FOR_YOU}
    assert (await house.result("sendMessage", **asked))["message_id"] > 0
    assert await seen(house, group) == ["For you"]
    command = {"command": "sos", "description": "Help", "is_ephemeral": True}
    await house.result("setMyCommands", commands=[command])
    assert await house.result("getMyCommands") == [{"command": "sos", "description": "Help"}]


async def test_aiogram_understands_what_is_ephemeral(house: House) -> None:
    group = await in_group(house)
    session = AiohttpSession(api=TelegramAPIServer.from_base(house.url))
    async with Bot(TOKEN, session=session) as bot:
        marked = [BotCommand(command="sos", description="Help", is_ephemeral=True)]
        assert await bot.set_my_commands(marked)
        assert (await bot.get_my_commands())[0].is_ephemeral
        said = {"from": YOU, "chat": group, "text": "/sos", "ephemeral": True, "wait": False}
        await house.control("say", **said)
        [update] = await bot.get_updates(timeout=0)
        assert update.message is not None
        answered = update.message.ephemeral_message_id
        assert (update.message.message_id, answered is not None) == (0, True)
        wish = EphemeralMessageParameters(receiver_user_id=YOU)
        sent = await bot.send_message(
            group,
            "For you",
            ephemeral_message_parameters=wish,
            reply_parameters=ReplyParameters(ephemeral_message_id=answered),
        )
        assert sent.receiver_user is not None
        assert (sent.message_id, sent.receiver_user.id) == (0, YOU)
        with pytest.raises(TelegramBadRequest, match="BOT_NOT_ADMIN"):
            await bot.send_message(group, "For you", ephemeral_message_parameters=wish)
