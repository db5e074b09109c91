"""The control API: people write, press, block, join and leave; bad input gets a sentence back."""

from typing import Any

import pytest

from tests.standin.house import CAREGIVER, TOKEN, YOU, House, until

BUTTONS = {
    "inline_keyboard": [
        [{"text": "Taken", "callback_data": "d1:t"}, {"text": "Later", "callback_data": "d1:l"}],
        [{"text": "Help", "url": "https://example.org"}],
    ]
}


async def test_a_new_person_gets_a_private_chat_by_writing(house: House) -> None:
    anna = {"id": 77, "first_name": "Anna", "username": "anna_k", "language_code": "it"}
    answer = await house.control("say", **{"from": anna, "text": "/start go"})
    assert (answer["ok"], answer["message_id"], answer["settled"]) == (True, 1, False)
    message = (await house.updates())[0]["message"]
    assert message["from"] == {**anna, "is_bot": False}
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert {"id": 77, "name": "Anna", "kind": "private"} in await house.see("chats")
    assert await house.result("sendMessage", chat_id=77, text="Ciao")


async def test_the_chats_of_the_demo_are_there(house: House) -> None:
    assert [chat["kind"] for chat in await house.see("chats")] == ["private", "private", "group"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"location": {"latitude": 41.9, "longitude": 12.5}}, "location"),
        ({"kind": "voice"}, "voice"),
        ({"kind": "sticker"}, "sticker"),
        ({"kind": "photo", "text": "look"}, "photo"),
        ({"kind": "forward", "text": "from elsewhere"}, "forward_origin"),
    ],
)
async def test_people_send_more_than_text(house: House, given: dict[str, Any], field: str) -> None:
    await house.control("say", **{"from": YOU, **given})
    assert field in (await house.updates())[0]["message"]


async def test_people_correct_what_they_wrote(house: House) -> None:
    said = await house.control("say", **{"from": YOU, "text": "helo"})
    edit = {"from": YOU, "kind": "edited", "message_id": said["message_id"], "text": "hello"}
    await house.control("say", **edit)
    assert (await house.updates())[1]["edited_message"]["text"] == "hello"
    assert (await house.messages())[0]["edited"]


@pytest.mark.parametrize(("button", "data"), [("Taken", "d1:t"), ("d1:l", "d1:l")])
async def test_a_button_is_pressed_by_its_text_or_its_data(house: House, button: str, data: str) -> None:
    await house.start()
    sent = await house.result("sendMessage", chat_id=YOU, text="?", reply_markup=BUTTONS)
    press = {"from": YOU, "chat": YOU, "message_id": sent["message_id"], "button": button, "wait": False}
    await house.control("press", **press)
    assert (await house.updates())[0]["callback_query"]["data"] == data


async def test_an_absent_or_ambiguous_button_is_refused_with_those_there_are(house: House) -> None:
    await house.start()
    twice = {"inline_keyboard": [[{"text": "A", "callback_data": "1"}, {"text": "A", "callback_data": "2"}]]}
    sent = await house.result("sendMessage", chat_id=YOU, text="?", reply_markup=BUTTONS)
    again = await house.result("sendMessage", chat_id=YOU, text="?", reply_markup=twice)
    for message, button, words in (
        (sent, "Nope", "'Taken', 'Later', 'Help'"),
        (again, "A", "more than one button is called 'A'"),
        (sent, "Help", "opens a link"),
    ):
        press = {"from": YOU, "chat": YOU, "message_id": message["message_id"], "button": button}
        status, answer = await house.try_control("press", **press)
        assert (status, answer["ok"]) == (400, False)
        assert words in answer["error"]


async def test_data_can_be_forged_even_on_a_message_that_is_gone(house: House) -> None:
    await house.start()
    await house.control(
        "press", **{"from": CAREGIVER, "chat": YOU, "message_id": 99, "data": "forged", "wait": False}
    )
    query = (await house.updates())[0]["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("forged", CAREGIVER)
    assert query["message"] == {"chat": query["message"]["chat"], "message_id": 99, "date": 0}


async def test_in_a_group_the_bot_sees_only_what_is_meant_for_it(house: House) -> None:
    group = await house.group()
    asked = await house.result("sendMessage", chat_id=group, text="Hello all")

    async def reaches(**given: Any) -> bool:
        said = await house.control("say", **{"chat": group, "from": YOU, **given})
        return said["update_id"] is not None

    assert not await reaches(text="just talking")
    assert await reaches(text="/help")
    assert await reaches(text="/help@evenkeel_demo_bot")
    assert not await reaches(text="/help@another_bot")
    assert await reaches(text="ask @evenkeel_demo_bot")
    assert await reaches(text="yes", reply_to=asked["message_id"])
    await house.control("members", chat=group, person="bot", status="administrator")
    assert await reaches(text="just talking")


async def test_an_anonymous_admin_has_no_face(house: House) -> None:
    group = await house.group()
    await house.control(
        "say", **{"chat": group, "from": YOU, "text": "/settings", "is_anonymous_admin": True}
    )
    message = (await house.updates())[0]["message"]
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == group


async def test_groups_are_made_and_members_come_and_go(house: House) -> None:
    made = await house.control("chats", name="Walkers", kind="supergroup", members=[YOU, CAREGIVER])
    kinds = [set(update) - {"update_id"} for update in await house.updates()]
    assert kinds == [{"my_chat_member"}, {"message"}]
    assert await house.result("getChatMemberCount", chat_id=made["id"]) == 3
    admins = await house.result("getChatAdministrators", chat_id=made["id"])
    assert [(admin["user"]["id"], admin["status"]) for admin in admins] == [(YOU, "creator")]
    await house.control("members", chat=made["id"], person=CAREGIVER, status="left")
    member = await house.result("getChatMember", chat_id=made["id"], user_id=CAREGIVER)
    assert member["status"] == "left"
    assert (await house.updates())[0]["message"]["left_chat_member"]["id"] == CAREGIVER


async def test_an_admin_bot_hears_of_members_when_it_asks(house: House) -> None:
    group = await house.group()
    await house.updates(allowed_updates=["chat_member"])
    await house.control("members", chat=group, person="bot", status="administrator")
    await house.control("members", chat=group, person=CAREGIVER, status="administrator")
    change = (await house.updates())[0]["chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == (
        "member",
        "administrator",
    )


async def test_a_kicked_bot_cannot_write(house: House) -> None:
    group = await house.group()
    await house.control("members", chat=group, person="bot", status="kicked")
    refusal = await house.refused("sendMessage", chat_id=group, text="x")
    assert refusal == "403 Forbidden: bot was kicked from the group chat"
    await house.control("members", chat=group, person="bot", status="member")
    assert await house.result("leaveChat", chat_id=group)
    refusal = await house.refused("sendMessage", chat_id=group, text="x")
    assert refusal == "403 Forbidden: bot is not a member of the group chat"


async def test_a_group_that_moved_says_where_to(house: House) -> None:
    group = await house.group()
    moved = (await house.control("migrate", chat=group))["chat"]
    old, new = (update["message"] for update in await house.updates())
    assert (old["migrate_to_chat_id"], new["migrate_from_chat_id"]) == (moved, group)
    answer = await house.call("sendMessage", chat_id=group, text="x")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": moved}
    assert await house.result("sendMessage", chat_id=moved, text="x")


async def test_a_move_can_be_kept_from_the_bot_until_it_is_told(house: House) -> None:
    group = await house.group()
    moved = (await house.control("migrate", chat=group, told=False))["chat"]
    assert await house.updates() == []
    refusal = await house.refused("sendMessage", chat_id=group, text="x")
    assert refusal == "400 Bad Request: group chat was upgraded to a supergroup chat"
    assert (await house.control("migrate", chat=group))["chat"] == moved
    assert [update["message"].get("migrate_to_chat_id") for update in await house.updates()] == [moved, None]


async def supergroup(house: House) -> int:
    made = await house.control("chats", name="Forum", kind="supergroup", members=[YOU])
    await house.updates()
    return int(made["id"])


async def test_a_topic_is_written_in_until_it_is_closed_or_deleted(house: House) -> None:
    forum = await supergroup(house)
    topic = (await house.control("topics", chat=forum, name="Rhythm"))["topic"]
    sent = await house.result("sendMessage", chat_id=forum, text="x", message_thread_id=topic)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic, True)
    await house.control("say", **{"chat": forum, "from": YOU, "text": "/group", "topic": topic})
    heard = (await house.updates())[0]["message"]
    assert (heard["message_thread_id"], heard["is_topic_message"]) == (topic, True)
    await house.control("topics", chat=forum, topic=topic, state="closed")
    refusal = await house.refused("sendMessage", chat_id=forum, text="x", message_thread_id=topic)
    assert refusal == "400 Bad Request: TOPIC_CLOSED"
    await house.control("topics", chat=forum, topic=topic, state="deleted")
    refusal = await house.refused("sendMessage", chat_id=forum, text="x", message_thread_id=topic)
    assert refusal == "400 Bad Request: message thread not found"
    assert await house.result("sendMessage", chat_id=forum, text="x")
    assert all("topic" not in message for message in (await house.see(f"chats/{forum}"))["messages"])


async def test_a_silenced_bot_hears_of_it_and_cannot_write(house: House) -> None:
    forum = await supergroup(house)
    await house.control("members", chat=forum, person="bot", status="restricted")
    member = (await house.updates())[0]["my_chat_member"]["new_chat_member"]
    assert (member["status"], member["is_member"], member["can_send_messages"]) == ("restricted", True, False)
    refusal = await house.refused("sendMessage", chat_id=forum, text="x")
    assert refusal == "400 Bad Request: not enough rights to send text messages to the chat"
    assert await house.result("getChatMember", chat_id=forum, user_id=YOU)
    await house.control("members", chat=forum, person="bot", status="kicked")
    for method, more in (("getChatMember", {"user_id": YOU}), ("getChatAdministrators", {})):
        refusal = await house.refused(method, chat_id=forum, **more)
        assert refusal == "403 Forbidden: bot is not a member of the supergroup chat"


async def test_a_channel_post_has_no_author(house: House) -> None:
    made = await house.control("chats", name="News", kind="channel", members=[YOU])
    await house.updates()
    await house.control("say", **{"chat": made["id"], "from": YOU, "text": "hello"})
    post = (await house.updates())[0]["channel_post"]
    assert "from" not in post
    assert await house.result("sendMessage", chat_id=made["id"], text="x")


async def test_the_request_log_runs_on_and_can_be_narrowed(house: House) -> None:
    await house.start()
    await house.result("sendMessage", chat_id=YOU, text="x")
    log = await house.see("requests?method=sendmessage")
    entry = log["requests"][-1]
    assert (entry["method"], entry["chat"], entry["status"]) == ("sendMessage", YOU, 200)
    assert entry["params"] == {"chat_id": YOU, "text": "x"}
    assert (await house.see(f"requests?since={log['last']}"))["requests"] == []
    assert log["methods"]["sendMessage"] == 1


async def test_a_reset_forgets_the_world_but_ids_run_on(house: House) -> None:
    await house.start()
    first = await house.control("say", **{"from": 77, "text": "x"})
    await house.control("reset")
    assert len(await house.see("chats")) == 3
    assert await house.messages() == []
    again = await house.control("say", **{"from": YOU, "text": "x"})
    assert again["update_id"] > first["update_id"]
    assert again["message_id"] > 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("say", {}),
        ("say", {"from": "me", "text": "x"}),
        ("say", {"from": -5, "text": "x"}),
        ("say", {"from": YOU}),
        ("say", {"from": YOU, "text": 5}),
        ("say", {"from": YOU, "text": "x", "chat": 12345}),
        ("say", {"from": YOU, "text": "x", "chat": CAREGIVER}),
        ("say", {"from": YOU, "text": "x", "kind": "song"}),
        ("say", {"from": YOU, "location": {"latitude": 91, "longitude": 0}}),
        ("say", {"from": YOU, "location": "Rome"}),
        ("say", {"from": YOU, "text": "x", "kind": "edited", "message_id": 9}),
        ("say", {"from": YOU, "text": "x", "reply_to": [1]}),
        ("press", {"from": YOU, "message_id": 9, "button": "x"}),
        ("press", {"from": YOU, "message_id": {"a": 1}, "data": "x"}),
        ("chats", {"kind": "party", "name": "x"}),
        ("chats", {"kind": "group"}),
        ("members", {"chat": YOU, "person": YOU, "status": "member"}),
        ("members", {"chat": 5, "person": YOU, "status": "member"}),
        ("block", {"person": YOU, "blocked": "yes"}),
        ("block", {}),
        ("migrate", {"chat": YOU}),
        ("topics", {"chat": YOU}),
        ("say", {"from": YOU, "text": "x", "topic": 5}),
        ("update", {"update": 5}),
        ("people", {"count": 0}),
        ("faults", {}),
    ],
)
async def test_bad_input_gets_a_sentence_back(house: House, path: str, body: dict[str, Any]) -> None:
    status, answer = await house.try_control(path, **body)
    assert status == 400
    assert answer["ok"] is False
    assert answer["error"]
    assert "Traceback" not in answer["error"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
async def test_a_body_that_is_no_object_is_refused(house: House, body: bytes) -> None:
    async with house.http.post(f"{house.url}/control/say", data=body) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("path", ["/", "/page/main.js", "/control/chats"])
async def test_a_strange_host_is_refused(house: House, path: str) -> None:
    for host, status in (("evil.example", 403), ("localhost", 200), ("127.0.0.1:1", 200), ("[::1]:80", 200)):
        async with house.http.get(house.url + path, headers={"Host": host}) as answer:
            assert (host, answer.status) == (host, status)


async def test_a_post_from_another_sites_page_is_refused(house: House) -> None:
    for origin, status in (("https://evil.example", 403), ("null", 403), (house.url, 200)):
        async with house.http.post(
            f"{house.url}/control/reset", json={}, headers={"Origin": origin}
        ) as answer:
            assert (origin, answer.status) == (origin, status)


async def test_files_can_be_sent_shown_and_downloaded(house: House) -> None:
    await house.control("say", **{"from": YOU, "kind": "photo", "text": "look"})
    photo = (await house.updates())[0]["message"]["photo"][-1]
    file = await house.result("getFile", file_id=photo["file_id"])
    async with house.http.get(f"{house.url}/file/bot{TOKEN}/{file['file_path']}") as answer:
        assert (await answer.read()).startswith(b"\x89PNG")
    shown = (await house.messages())[0]
    async with house.http.get(house.url + shown["photo"]) as answer:
        assert answer.content_type == "image/png"
    assert await house.result("sendPhoto", chat_id=YOU, photo=photo["file_id"], caption="again")
    refusal = await house.refused("sendPhoto", chat_id=YOU, photo="nonsense")
    assert refusal == "400 Bad Request: wrong file identifier/HTTP URL specified"


async def test_commands_are_kept_per_scope_and_language(house: House) -> None:
    help_ = [{"command": "help", "description": "How this works"}]
    aiuto = [{"command": "help", "description": "Come funziona"}]
    await house.result("setMyCommands", commands=help_)
    await house.result("setMyCommands", commands=aiuto, language_code="it")
    groups = {"type": "all_group_chats"}
    await house.result("setMyCommands", commands=[], scope=groups)
    assert await house.result("getMyCommands") == help_
    assert await house.result("getMyCommands", language_code="it") == aiuto
    assert (await house.see("bot"))["commands"] == help_
    assert (await house.see("bot?kind=group"))["commands"] == []
    await house.result("deleteMyCommands", language_code="it")
    assert await house.result("getMyCommands", language_code="it") == []
    bad = [{"command": "No!", "description": "x"}]
    assert await house.refused("setMyCommands", commands=bad) == "400 Bad Request: BOT_COMMAND_INVALID"


async def test_an_open_page_hears_of_changes(house: House) -> None:
    async with house.http.get(f"{house.url}/control/events") as stream:
        assert (await stream.content.readline()) == b": hello\n"
        await house.start()
        lines = [await stream.content.readline() for _ in range(2)]
        assert any(b'"chat": 1001' in line for line in lines)
    await until(lambda: True)
