"""However odd a request is, it gets Telegram's kind of answer and breaks nothing."""

from typing import Any

import pytest

from bot.standin.methods import METHODS
from tests.standin.house import TOKEN, YOU, House

ODD: list[Any] = [None, "x", "{", "\ud800", -1, 1e400, [], [[1]], {"type": 1}]
NAMES = [
    "allowed_updates",
    "callback_query_id",
    "caption",
    "caption_entities",
    "commands",
    "document",
    "entities",
    "file_id",
    "language_code",
    "limit",
    "link_preview_options",
    "max_connections",
    "media",
    "menu_button",
    "message_id",
    "message_ids",
    "message_thread_id",
    "name",
    "offset",
    "parse_mode",
    "photo",
    "reaction",
    "reply_markup",
    "reply_parameters",
    "scope",
    "secret_token",
    "show_alert",
    "text",
    "url",
    "user_id",
]


@pytest.mark.parametrize("method", sorted(METHODS))
async def test_odd_parameters_are_answered_with_json(house: House, method: str) -> None:
    await house.start()
    await house.result("sendMessage", chat_id=YOU, text="x")
    usual = {"chat_id": YOU, "message_id": 2, "text": "hello", "timeout": 0}
    for name in NAMES:
        for odd in ODD:
            answer = await house.call(method, **{**usual, name: odd})
            assert answer["ok"] or 400 <= answer["error_code"] < 500, (name, odd, answer)


@pytest.mark.parametrize("odd", ODD)
async def test_an_odd_chat_is_not_found(house: House, odd: Any) -> None:
    assert (await house.call("sendMessage", chat_id=odd, text="x"))["error_code"] == 400


@pytest.mark.parametrize("rows", [1, [1], [[1]], [[None]], [[{"text": []}]]])
async def test_an_odd_keyboard_is_refused(house: House, rows: Any) -> None:
    await house.start()
    refusal = await house.refused(
        "sendMessage", chat_id=YOU, text="x", reply_markup={"inline_keyboard": rows}
    )
    assert refusal.startswith("400 Bad Request")


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe"])
async def test_a_body_that_is_no_object_is_refused(house: House, body: bytes) -> None:
    url, headers = f"{house.url}/bot{TOKEN}/getMe", {"Content-Type": "application/json"}
    async with house.http.post(url, data=body, headers=headers) as answer:
        assert (answer.status, (await answer.json())["ok"]) == (400, False)
