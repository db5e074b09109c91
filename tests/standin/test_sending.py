"""What a bot may send, and in which words Telegram turns the rest down."""

from typing import Any

import aiohttp
import pytest

from tests.standin.house import TOKEN, YOU, House


def data_button(data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Yes", "callback_data": data}]]}


async def test_a_message_has_telegrams_shape_and_is_seen_in_the_chat(house: House) -> None:
    await house.start()
    sent = await house.result("sendMessage", chat_id=YOU, text="Hello")
    assert sent["message_id"] == 2
    assert sent["from"]["is_bot"]
    assert sent["chat"] == {"id": YOU, "first_name": "Sam", "username": "sam_demo", "type": "private"}
    assert sent["date"] == int(house.clock.now().timestamp())
    assert [message["text"] for message in await house.messages()] == ["/start", "Hello"]


async def test_parameters_may_come_as_form_query_or_multipart(house: House) -> None:
    await house.start()
    url = f"{house.url}/bot{TOKEN}/sendMessage"
    async with house.http.post(url, data={"chat_id": "1001", "text": "form & co"}) as answer:
        assert (await answer.json())["ok"]
    async with house.http.get(url, params={"chat_id": "1001", "text": "query"}) as answer:
        assert (await answer.json())["ok"]
    with aiohttp.MultipartWriter("form-data") as parts:
        for name, value in (("chat_id", "1001"), ("text", "multipart")):
            parts.append(value).set_content_disposition("form-data", name=name)
        async with house.http.post(url, data=parts) as answer:
            assert (await answer.json())["ok"]
    assert [message["text"] for message in await house.messages()][1:] == ["form & co", "query", "multipart"]


async def test_text_is_stripped_and_cleaned(house: House) -> None:
    await house.start()
    sent = await house.result("sendMessage", chat_id=YOU, text="  a\0b\u202ec\td \n")
    assert sent["text"] == "abc d"


async def test_entities_move_along_when_the_text_is_cleaned(house: House) -> None:
    await house.start()
    bold = {"type": "bold", "offset": 4, "length": 4}
    sent = await house.result("sendMessage", chat_id=YOU, text="  \0😀bold", entities=[{**bold, "offset": 5}])
    assert sent["text"] == "😀bold"
    assert sent["entities"] == [{"type": "bold", "offset": 2, "length": 4}]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n\0 "}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "x", "chat_id": 99}, "chat not found"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "reply_markup": data_button("x" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": data_button("é" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": data_button("")}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": data_button("a")["inline_keyboard"] * 101}},
            "reply markup is too long",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [data_button("a")["inline_keyboard"][0] * 9]}},
            "reply markup is too long: a row holds at most 8 buttons",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}},
            "text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "x", "reply_markup": "[1]"}, "object expected as reply markup"),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": "x", "parse_mode": "rtf"}, "unsupported parse_mode"),
        ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
        ({"text": "x", "reply_parameters": {"message_id": 77}}, "message to be replied not found"),
    ],
)
async def test_what_cannot_be_sent_is_refused_in_telegrams_words(
    house: House, parameters: dict[str, Any], words: str
) -> None:
    await house.start()
    assert await house.refused("sendMessage", **{"chat_id": YOU, **parameters}) == f"400 Bad Request: {words}"


@pytest.mark.parametrize("data", ["x", "x" * 64, "é" * 32])
async def test_callback_data_of_up_to_64_bytes_is_kept(house: House, data: str) -> None:
    await house.start()
    sent = await house.result("sendMessage", chat_id=YOU, text="x", reply_markup=data_button(data))
    assert sent["reply_markup"] == data_button(data)


async def test_a_text_of_exactly_4096_units_is_sent(house: House) -> None:
    await house.start()
    assert await house.result("sendMessage", chat_id=YOU, text="😀" * 2048)


async def test_the_style_of_buttons_is_kept_and_an_unknown_style_refused(house: House) -> None:
    await house.start()
    button = {"text": "Taken", "callback_data": "t", "style": "success"}
    sent = await house.result(
        "sendMessage", chat_id=YOU, text="x", reply_markup={"inline_keyboard": [[button]]}
    )
    assert sent["reply_markup"]["inline_keyboard"] == [[button]]
    strange = {"inline_keyboard": [[{**button, "style": "pink"}]]}
    assert "style" in await house.refused("sendMessage", chat_id=YOU, text="x", reply_markup=strange)


async def test_a_button_that_copies_is_shown_with_its_words_and_one_that_copies_too_much_refused(
    house: House,
) -> None:
    await house.start()
    button = {"text": "Copy", "copy_text": {"text": "x" * 256}}
    await house.result("sendMessage", chat_id=YOU, text="?", reply_markup={"inline_keyboard": [[button]]})
    assert (await house.messages())[-1]["buttons"] == [[{"text": "Copy", "data": None, "copy": "x" * 256}]]
    for copy in ({"text": "x" * 257}, {"text": ""}, {}, "x"):
        keyboard = {"inline_keyboard": [[{"text": "Copy", "copy_text": copy}]]}
        refused = await house.refused("sendMessage", chat_id=YOU, text="?", reply_markup=keyboard)
        assert refused == "400 Bad Request: BUTTON_COPY_TEXT_INVALID"


async def test_nobody_is_written_to_before_they_have_started(house: House) -> None:
    refusal = await house.refused("sendMessage", chat_id=YOU, text="x")
    assert refusal == "403 Forbidden: bot can't initiate conversation with a user"


async def test_blocked_deactivated_and_back_again(house: House) -> None:
    await house.start()
    await house.control("block", person=YOU, blocked=True)
    refusal = await house.refused("sendMessage", chat_id=YOU, text="x")
    assert refusal == "403 Forbidden: bot was blocked by the user"
    status, answer = await house.try_control("say", **{"from": YOU, "text": "hm"})
    assert (status, "blocked the bot" in answer["error"]) == (400, True)
    await house.control("say", **{"from": YOU, "text": "/start"})
    kinds = [next(kind for kind in update if kind != "update_id") for update in await house.updates()]
    assert kinds == ["my_chat_member", "my_chat_member", "message"]
    assert await house.result("sendMessage", chat_id=YOU, text="x")
    await house.control("block", person=YOU, deactivated=True)
    assert await house.refused("sendMessage", chat_id=YOU, text="x") == "403 Forbidden: user is deactivated"


async def test_a_reply_keyboard_is_shown_used_once_and_removed(house: House) -> None:
    await house.start()
    keyboard = {
        "keyboard": [["Rome"], [{"text": "Here", "request_location": True}]],
        "one_time_keyboard": True,
    }
    await house.result("sendMessage", chat_id=YOU, text="Where?", reply_markup=keyboard)
    shown = (await house.see(f"chats/{YOU}"))["keyboard"]
    assert shown["keyboard"] == [[{"text": "Rome"}], [{"text": "Here", "request_location": True}]]
    await house.control("say", **{"from": YOU, "location": {"latitude": 41.9, "longitude": 12.5}})
    assert (await house.see(f"chats/{YOU}"))["keyboard"] is None
    await house.result("sendMessage", chat_id=YOU, text="x", reply_markup={"keyboard": [["Rome"]]})
    await house.result("sendMessage", chat_id=YOU, text="x", reply_markup={"remove_keyboard": True})
    assert (await house.see(f"chats/{YOU}"))["keyboard"] is None


async def test_only_the_agreed_token_is_accepted_when_there_is_one(house: House) -> None:
    async with house.http.get(f"{house.url}/botnonsense/getMe") as answer:
        assert answer.status == 401
        assert await answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(house: House) -> None:
    assert await house.refused("sendTelepathy") == "404 Not Found"
    assert await house.result("GETME")


async def test_answers_carry_the_date_of_the_stand_ins_clock(house: House) -> None:
    async with house.http.get(f"{house.url}/bot{TOKEN}/getMe") as answer:
        assert answer.headers["Date"] == "Sun, 01 Mar 2026 09:00:00 GMT"
