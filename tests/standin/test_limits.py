"""Telegram's pace: 30 a second in all, one a second to a person, 20 a minute to a group."""

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
