"""Edits, deletions, reactions, pins and answers to presses."""

from typing import Any

import pytest

from tests.standin.house import YOU, House

BUTTONS = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def sent(house: House) -> dict[str, Any]:
    """A message of the bot, with a button."""
    await house.start()
    message = await house.result("sendMessage", chat_id=YOU, text="Well?", reply_markup=BUTTONS)
    return {"chat_id": YOU, "message_id": message["message_id"]}


async def test_an_edit_shows_in_place_and_takes_the_buttons_away(house: House, sent: dict[str, Any]) -> None:
    edited = await house.result("editMessageText", **sent, text="Noted")
    assert "edit_date" in edited
    shown = (await house.messages())[-1]
    assert (shown["text"], shown["edited"], shown["buttons"]) == ("Noted", True, [])


async def test_the_same_again_is_not_modified(house: House, sent: dict[str, Any]) -> None:
    assert await house.refused("editMessageText", **sent, text="Well?", reply_markup=BUTTONS) == NOT_MODIFIED
    assert await house.refused("editMessageReplyMarkup", **sent, reply_markup=BUTTONS) == NOT_MODIFIED
    assert await house.result("editMessageReplyMarkup", **sent)
    assert await house.refused("editMessageReplyMarkup", **sent) == NOT_MODIFIED


async def test_what_cannot_be_edited_is_refused(house: House, sent: dict[str, Any]) -> None:
    missing, theirs = {**sent, "message_id": 99}, {**sent, "message_id": 1}
    assert (
        await house.refused("editMessageText", **missing, text="x")
        == "400 Bad Request: message to edit not found"
    )
    assert (
        await house.refused("editMessageText", **theirs, text="x")
        == "400 Bad Request: message can't be edited"
    )
    refusal = await house.refused("editMessageCaption", **sent, caption="x")
    assert refusal == "400 Bad Request: there is no caption in the message to edit"
    keyboard = {"keyboard": [["a"]]}
    fixed = await house.result("sendMessage", chat_id=YOU, text="x", reply_markup=keyboard)
    refusal = await house.refused("editMessageText", chat_id=YOU, message_id=fixed["message_id"], text="y")
    assert refusal == "400 Bad Request: message can't be edited"


async def test_old_messages_can_be_edited_but_not_deleted(house: House, sent: dict[str, Any]) -> None:
    house.clock.advance(48 * 3600 + 1)
    assert await house.result("editMessageText", **sent, text="later")
    refusal = await house.refused("deleteMessage", **sent)
    assert refusal == "400 Bad Request: message can't be deleted for everyone"


async def test_a_deleted_message_is_gone(house: House, sent: dict[str, Any]) -> None:
    assert await house.result("deleteMessage", **sent) is True
    assert [message["text"] for message in await house.messages()] == ["/start"]
    assert await house.refused("deleteMessage", **sent) == "400 Bad Request: message to delete not found"
    assert await house.result("deleteMessages", chat_id=YOU, message_ids=[1, 99]) is True
    assert await house.messages() == []


async def test_an_answer_to_a_press_is_told_to_the_one_who_pressed(
    house: House, sent: dict[str, Any]
) -> None:
    pressed = await house.control("press", **{"from": YOU, **sent, "button": "Yes", "wait": False})
    query = (await house.updates())[0]["callback_query"]
    assert (query["data"], query["message"]["text"], query["from"]["id"]) == ("y", "Well?", YOU)
    assert pressed["answer"] is None
    assert await house.result("answerCallbackQuery", callback_query_id=query["id"], text="Noted") is True


async def test_a_query_is_too_old_after_fifteen_seconds(house: House, sent: dict[str, Any]) -> None:
    await house.control("press", **{"from": YOU, **sent, "button": "y", "wait": False})
    query = (await house.updates())[0]["callback_query"]["id"]
    house.clock.advance(15)
    assert await house.result("answerCallbackQuery", callback_query_id=query)
    house.clock.advance(1)
    assert await house.refused("answerCallbackQuery", callback_query_id=query) == TOO_OLD
    assert await house.refused("answerCallbackQuery", callback_query_id="1") == TOO_OLD


async def test_an_update_keeps_the_message_as_it_was_when_pressed(house: House, sent: dict[str, Any]) -> None:
    await house.control("press", **{"from": YOU, **sent, "button": "y", "wait": False})
    await house.result("editMessageText", **sent, text="changed")
    assert (await house.updates())[0]["callback_query"]["message"]["text"] == "Well?"


async def test_reactions_and_pins_are_shown(house: House, sent: dict[str, Any]) -> None:
    reaction = [{"type": "emoji", "emoji": "👍"}]
    assert await house.result("setMessageReaction", chat_id=YOU, message_id=1, reaction=reaction)
    assert (await house.messages())[0]["reaction"] == "👍"
    assert await house.result("pinChatMessage", **sent)
    assert (await house.see(f"chats/{YOU}"))["pinned"] == [sent["message_id"]]
    assert await house.result("unpinChatMessage", **sent)
    refusal = await house.refused("unpinChatMessage", **sent)
    assert refusal == "400 Bad Request: message to unpin not found"
