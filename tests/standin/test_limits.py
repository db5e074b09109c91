"""Telegram's pace: 30 a second in all, one a second to a person, 20 a minute to a group."""

import pytest

from bot.standin.errors import RefusedError
from tests.standin.house import YOU, House


async def test_a_person_gets_a_short_burst_and_then_one_a_second(paced: House) -> None:
    await paced.start()
    for _ in range(5):
        await paced.result("sendMessage", chat_id=YOU, text="x")
    answer = await paced.call("sendMessage", chat_id=YOU, text="x")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
    assert answer["description"] == "Too Many Requests: retry after 1"
    paced.clock.advance(1)
    await paced.result("sendMessage", chat_id=YOU, text="x")
    assert (await paced.call("sendMessage", chat_id=YOU, text="x"))["error_code"] == 429


async def test_a_group_gets_twenty_in_any_minute(paced: House) -> None:
    group = await paced.group()
    for _ in range(20):
        await paced.result("sendMessage", chat_id=group, text="x")
        paced.clock.advance(1)
    answer = await paced.call("sendMessage", chat_id=group, text="x")
    assert answer["parameters"] == {"retry_after": 40}
    paced.clock.advance(40)
    await paced.result("sendMessage", chat_id=group, text="x")


async def test_all_chats_together_get_thirty_a_second(paced: House) -> None:
    await paced.control("people", first_id=5000, count=31)
    for person in range(5000, 5030):
        await paced.result("sendMessage", chat_id=person, text="x")
    answer = await paced.call("sendMessage", chat_id=5030, text="x")
    assert answer["parameters"] == {"retry_after": 1}
    paced.clock.advance(1)
    await paced.result("sendMessage", chat_id=5030, text="x")


async def test_a_refused_message_does_not_use_up_the_limit(paced: House) -> None:
    await paced.start()
    for _ in range(10):
        await paced.refused("sendMessage", chat_id=YOU, text="")
    for _ in range(5):
        await paced.result("sendMessage", chat_id=YOU, text="x")


async def test_edits_and_answers_are_not_held_back(paced: House) -> None:
    await paced.start()
    message = await paced.result("sendMessage", chat_id=YOU, text="x")
    for turn in range(20):
        await paced.result("editMessageText", chat_id=YOU, message_id=message["message_id"], text=f"{turn}")


async def test_without_pacing_nothing_is_held_back(house: House) -> None:
    await house.start()
    for _ in range(50):
        await house.result("sendMessage", chat_id=YOU, text="x")


async def sent_to_many(paced: House, count: int, first: int, **more: object) -> list[str]:
    """What becomes of one message each to as many people, at one moment; in how many ways."""
    await paced.control("people", first_id=first, count=count)
    answers = [
        await paced.call("sendMessage", chat_id=person, text="x", **more)
        for person in range(first, first + count)
    ]
    return sorted({"sent" if answer["ok"] else answer["description"] for answer in answers})


async def test_with_stars_more_than_thirty_go_if_they_may_cost_something(paced: House) -> None:
    await paced.control("stars", stars=100)
    assert await sent_to_many(paced, 100, 5000, allow_paid_broadcast=True) == ["sent"]
    assert await paced.see("stars") == {"stars": 93.0, "paid": 70}
    assert await sent_to_many(paced, 1, 6000) == ["Too Many Requests: retry after 1"]


async def test_thirty_a_second_cost_nothing_even_if_they_may(paced: House) -> None:
    assert await sent_to_many(paced, 30, 5000, allow_paid_broadcast=True) == ["sent"]
    assert await paced.see("stars") == {"stars": 0.0, "paid": 0}


async def test_not_even_stars_buy_more_than_a_thousand_a_second(paced: House) -> None:
    await paced.control("stars", stars=1000)
    limits = paced.standin.world.limits
    for person in range(1000):
        limits.spend(person, private=True, may_cost=True)
    with pytest.raises(RefusedError, match="retry after 1"):
        limits.spend(1000, private=True, may_cost=True)
    assert limits.paid == 970


async def test_without_stars_what_costs_something_is_refused(paced: House) -> None:
    await paced.control("stars", stars=1)
    found = await sent_to_many(paced, 50, 5000, allow_paid_broadcast=True)
    assert found == ["Bad Request: BALANCE_TOO_LOW", "sent"]
    assert await paced.see("stars") == {"stars": 0.0, "paid": 10}


async def test_stars_lift_no_limit_of_a_chat(paced: House) -> None:
    await paced.control("stars", stars=100)
    await paced.start()
    for _ in range(5):
        await paced.result("sendMessage", chat_id=YOU, text="x", allow_paid_broadcast=True)
    answer = await paced.call("sendMessage", chat_id=YOU, text="x", allow_paid_broadcast=True)
    assert answer["error_code"] == 429
