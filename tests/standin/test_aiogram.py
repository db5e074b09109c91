"""aiogram, a client that knows nothing of this project, is content with the stand-in."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    ReactionTypeEmoji,
)

from bot.standin.sample import SAMPLE_PICTURE
from tests.standin.house import TOKEN, YOU, House, until

BUTTONS = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Taken", callback_data="t", style="success")]]
)


async def client(house: House) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(house.url))
    async with Bot(TOKEN, session=session) as bot:
        yield bot


@pytest.fixture
async def bot(house: House) -> AsyncIterator[Bot]:
    await house.start()
    async for one in client(house):
        yield one


async def test_it_knows_itself_and_its_people(bot: Bot, house: House) -> None:
    assert (await bot.get_me()).id == bot.id
    chat = await bot.get_chat(YOU)
    assert (chat.first_name, chat.type) == ("Sam", "private")
    group = await house.group()
    assert (await bot.get_chat_member(group, YOU)).status == "creator"
    assert len(await bot.get_chat_administrators(group)) == 1
    assert await bot.set_my_commands([BotCommand(command="help", description="Help")])
    assert (await bot.get_my_commands())[0].command == "help"


async def test_send_edit_react_and_delete(bot: Bot) -> None:
    message = await bot.send_message(YOU, "<b>Hello</b>", parse_mode="HTML", reply_markup=BUTTONS)
    assert message.html_text == "<b>Hello</b>"
    assert message.reply_markup
    assert message.reply_markup.model_dump() == BUTTONS.model_dump()
    edited = await bot.edit_message_text("Bye", chat_id=YOU, message_id=message.message_id)
    assert not isinstance(edited, bool)
    assert edited.edit_date
    assert await bot.set_message_reaction(YOU, message.message_id, [ReactionTypeEmoji(emoji="👍")])
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("Bye", chat_id=YOU, message_id=message.message_id)
    assert await bot.delete_message(YOU, message.message_id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(YOU, message.message_id)


async def test_photos_and_documents(bot: Bot, house: House) -> None:
    picture = BufferedInputFile(SAMPLE_PICTURE, "week.png")
    message = await bot.send_photo(YOU, picture, caption="Your week")
    assert message.photo
    assert message.photo[-1].width == 64
    other = InputMediaPhoto(media=BufferedInputFile(SAMPLE_PICTURE, "new.png"), caption="Your month")
    edited = await bot.edit_message_media(other, chat_id=YOU, message_id=message.message_id)
    assert not isinstance(edited, bool)
    assert edited.caption == "Your month"
    notes = await bot.send_document(YOU, BufferedInputFile(b"slept well", "notes.txt"))
    assert notes.document
    content = await bot.download(notes.document)
    assert content
    assert content.read() == b"slept well"
    shown = (await house.messages())[-1]["document"]
    assert shown["filename"] == "notes.txt"
    async with house.http.get(house.url + shown["url"]) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert await answer.read() == b"slept well"
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(YOU, BufferedInputFile(b"no picture", "x.png"))


async def test_a_press_is_received_by_long_poll_and_answered(bot: Bot, house: House) -> None:
    message = await bot.send_message(YOU, "?", reply_markup=BUTTONS)
    polling = asyncio.create_task(bot.get_updates(timeout=10))
    await until(lambda: house.standin.world.updates._poller is not None)
    press = {"from": YOU, "message_id": message.message_id, "button": "Taken"}
    pressing = asyncio.create_task(house.control("press", **press))
    update = (await polling)[0]
    assert update.callback_query
    assert update.callback_query.data == "t"
    await bot.answer_callback_query(update.callback_query.id, text="Noted", show_alert=True)
    assert (await pressing)["answer"] == {"text": "Noted", "show_alert": True}
    assert await bot.get_updates(offset=update.update_id + 1, timeout=0) == []


async def test_refusals_become_its_own_errors(bot: Bot, house: House) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(42, "x")
    await house.control("block", person=YOU, blocked=True)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(YOU, "x")
    group = await house.group()
    await house.control("migrate", chat=group)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(group, "x")
    assert moved.value.migrate_to_chat_id < -1_000_000_000_000
    with pytest.raises(TelegramNotFound):
        await bot.get_star_transactions()


async def test_too_many_messages_become_its_own_error(paced: House) -> None:
    await paced.start()
    async for bot in client(paced):
        for _ in range(5):
            await bot.send_message(YOU, "x")
        with pytest.raises(TelegramRetryAfter) as slower:
            await bot.send_message(YOU, "x")
        assert slower.value.retry_after == 1


async def test_two_pollers_become_its_own_error(bot: Bot, house: House) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=10))
    await until(lambda: house.standin.world.updates._poller is not None)
    await bot.get_updates(timeout=0)
    with pytest.raises(TelegramConflictError):
        await older
