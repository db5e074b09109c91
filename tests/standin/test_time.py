"""The time machine's contract: the stand-in asks, waits, and tells."""

import asyncio
from datetime import timedelta

import pytest

from tests.standin.house import START, YOU, FakeTimeMachine, House, until


async def test_without_a_time_machine_time_cannot_be_moved(house: House) -> None:
    status, answer = await house.try_control("clock", advance_s=60)
    assert (status, answer["ok"]) == (409, False)
    assert "cannot move time" in answer["error"]
    assert (await house.try_control("kill"))[0] == 409
    assert (await house.see("clock"))["now"] == START.isoformat()


async def test_time_advances_by_seconds(timed: House, time_machine: FakeTimeMachine) -> None:
    answer = await timed.control("clock", advance_s=900)
    assert answer == {"now": (START + timedelta(minutes=15)).isoformat(), "happened": 0, "moved": True}
    assert time_machine.asked == [("advance", 900.0)]


async def test_time_advances_to_what_happens_next(timed: House, time_machine: FakeTimeMachine) -> None:
    assert (await timed.control("clock", to="next"))["moved"] is False
    time_machine.planned = START + timedelta(hours=3)
    answer = await timed.control("clock", to="next")
    assert answer["now"] == time_machine.planned.isoformat()


async def test_time_advances_to_the_next_clock_change(timed: House) -> None:
    for zone, instant in (
        ("America/New_York", "2026-03-08T07:00:00+00:00"),
        ("Europe/Rome", "2026-03-29T01:00:00+00:00"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00+00:00"),
    ):
        assert (await timed.control("clock", to="clock_change", zone=zone))["now"] == instant


async def test_messages_of_the_bot_meanwhile_are_counted(timed: House, time_machine: FakeTimeMachine) -> None:
    await timed.start()
    move = time_machine.advance

    async def advance(seconds: float) -> None:
        await move(seconds)
        await timed.result("sendMessage", chat_id=YOU, text="It is time")

    time_machine.advance = advance  # type: ignore[method-assign]
    assert (await timed.control("clock", advance_s=60))["happened"] == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"advance_s": -1},
        {"advance_s": "soon"},
        {"advance_s": 1e12},
        {"to": "yesterday"},
        {"to": "clock_change"},
        {"to": "clock_change", "zone": "Mars/Base"},
        {"to": "clock_change", "zone": "../etc"},
        {"to": "clock_change", "zone": "UTC"},
    ],
)
async def test_a_wrong_wish_about_time_gets_a_sentence_back(timed: House, body: dict[str, object]) -> None:
    status, answer = await timed.try_control("clock", **body)
    assert status == 400
    assert answer["error"]


async def test_say_waits_until_the_bot_is_idle(timed: House, time_machine: FakeTimeMachine) -> None:
    assert (await timed.control("say", **{"from": YOU, "text": "x"}))["settled"] is True
    time_machine.busy = True
    assert (await timed.control("say", **{"from": YOU, "text": "x"}))["settled"] is False
    time_machine.asked.clear()
    await timed.control("say", **{"from": YOU, "text": "x", "wait": False})
    assert time_machine.asked == []


async def test_say_waits_for_a_polling_bot_to_take_the_update(
    timed: House, time_machine: FakeTimeMachine
) -> None:
    poll = asyncio.create_task(timed.result("getUpdates", timeout=10))
    await until(timed.standin.world.updates.polled_recently)
    saying = asyncio.create_task(timed.control("say", **{"from": YOU, "text": "x"}))
    update = (await poll)[0]
    await timed.result("sendMessage", chat_id=YOU, text="answer")
    assert not saying.done()
    assert time_machine.asked == []
    await timed.result("getUpdates", timeout=0, offset=update["update_id"] + 1)
    assert (await saying)["settled"] is True
    assert [message["text"] for message in await timed.messages()] == ["x", "answer"]


async def test_time_does_not_jump_while_a_press_waits_for_its_answer(timed: House) -> None:
    await timed.start()
    buttons = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await timed.result("sendMessage", chat_id=YOU, text="?", reply_markup=buttons)
    poll = asyncio.create_task(timed.result("getUpdates", timeout=10))
    await until(lambda: timed.standin.world.updates._poller is not None)
    press = {"from": YOU, "message_id": sent["message_id"], "button": "Yes"}
    pressing = asyncio.create_task(timed.control("press", **press))
    update = (await poll)[0]
    jumping = asyncio.create_task(timed.control("clock", advance_s=3600))
    await timed.see("clock")
    await timed.result("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="Noted")
    await timed.result("getUpdates", timeout=0, offset=update["update_id"] + 1)
    assert (await pressing)["answer"] == {"text": "Noted", "show_alert": False}
    assert (await jumping)["moved"]


async def test_the_bot_can_be_killed_unless_it_cannot(timed: House, time_machine: FakeTimeMachine) -> None:
    await timed.control("kill")
    assert time_machine.asked == ["kill"]
    time_machine.killable = False
    assert (await timed.try_control("kill"))[0] == 409
