"""python-telegram-bot, the client that the product uses, is content with the stand-in."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot, BotCommandScopeAllGroupChats, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from bot.standin.sample import SAMPLE_PICTURE
from tests.standin.house import TOKEN, YOU, House


async def client(house: House) -> AsyncIterator[Bot]:
    bot = Bot(TOKEN, base_url=f"{house.url}/bot", base_file_url=f"{house.url}/file/bot")
    async with bot:
        yield bot


@pytest.fixture
async def bot(house: House) -> AsyncIterator[Bot]:
    await house.start()
    async for one in client(house):
        yield one


async def test_send_edit_and_delete(bot: Bot) -> None:
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Taken", callback_data="t")]])
    message = await bot.send_message(YOU, "<i>Hello</i>", parse_mode="HTML", reply_markup=buttons)
    assert message.text_html == "<i>Hello</i>"
    edited = await bot.edit_message_text("Bye", chat_id=YOU, message_id=message.message_id)
    assert isinstance(edited, Message)
    assert edited.text == "Bye"
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("Bye", chat_id=YOU, message_id=message.message_id)
    assert await bot.delete_message(YOU, message.message_id)


async def test_every_kind_of_update_is_understood(bot: Bot, house: House) -> None:
    await house.control("say", **{"from": YOU, "text": "/mood fine"})
    for kind in ("voice", "sticker", "photo", "forward"):
        await house.control("say", **{"from": YOU, "kind": kind, "text": "x"})
    await house.control("say", **{"from": YOU, "location": {"latitude": 1, "longitude": 2}})
    await house.control("block", person=YOU, blocked=True)
    updates = await bot.get_updates()
    first, voice, sticker, photo, forward, place, blocked = updates
    assert first.message
    assert first.message.entities[0].type == "bot_command"
    assert voice.message
    assert voice.message.voice
    assert sticker.message
    assert sticker.message.sticker
    assert photo.message
    assert photo.message.photo
    assert forward.message
    assert forward.message.forward_origin
    assert place.message
    assert place.message.location
    assert blocked.my_chat_member
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert await bot.get_updates(offset=updates[-1].update_id + 1) == ()


async def test_files_travel_both_ways(bot: Bot) -> None:
    message = await bot.send_photo(YOU, SAMPLE_PICTURE, caption="Your week")
    file = await bot.get_file(message.photo[-1].file_id)
    assert await file.download_as_bytearray() == SAMPLE_PICTURE
    notes = await bot.send_document(YOU, b"slept well", filename="notes.txt")
    assert notes.document
    assert notes.document.file_name == "notes.txt"


async def test_the_house_can_be_furnished(bot: Bot, house: House) -> None:
    assert (await bot.get_chat(await house.group())).title == "Kind circle"
    assert await bot.set_my_commands([("help", "Help")], scope=BotCommandScopeAllGroupChats())
    assert await bot.set_my_description("A quiet helper")
    assert await bot.set_my_short_description("Quiet")
    assert await bot.set_chat_menu_button()
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.send_chat_action(YOU, "typing")


async def test_refusals_become_its_own_errors(bot: Bot, house: House) -> None:
    group = await house.group()
    moved = (await house.control("migrate", chat=group))["chat"]
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(group, "x")
    assert migrated.value.new_chat_id == moved
    await house.control("block", person=YOU, blocked=True)
    with pytest.raises(Forbidden):
        await bot.send_message(YOU, "x")
    await house.control("faults", rules=[{"kind": "accept_then_drop", "method": "getMe"}])
    with pytest.raises(NetworkError):
        await bot.get_me()


async def test_too_many_messages_become_its_own_error(paced: House) -> None:
    await paced.start()
    async for bot in client(paced):
        for _ in range(5):
            await bot.send_message(YOU, "x")
        with pytest.raises(RetryAfter) as slower:
            await bot.send_message(YOU, "x")
        waiting = slower.value.retry_after
        assert waiting in (1, timedelta(seconds=1))
