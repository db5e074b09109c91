"""Two bots in one deployment: the same person at both is two people, and neither bot tells the other."""

import json
from typing import Any

from sqlmodel import select

from bot.conversation.tokens import peek
from storage.crises import CrisisEvent
from storage.people import Person
from tests.bots.town import FIRST_NUMBER, SECOND_NUMBER, Town
from tests.stories.life import Life, plain

CARD = "I am a program. Nobody reads this live."


async def settle_in_both(both: Town) -> None:
    """The same chat at both bots, with another medicine and another country at each."""
    await both.one.settle_in("Berlin", "Germany")
    await both.one.add_medicine("Sertraline", "50 mg", "13:00", first=True)
    await both.two.settle_in("Vienna", "Austria")
    await both.two.add_medicine("Lamotrigine", "100 mg", "13:00", first=True)


async def all_said(life: Life) -> str:
    """Everything that a bot said in its chat."""
    return "\n".join(plain(message) for message in await life.heard())


async def buttons(life: Life) -> list[tuple[int, str]]:
    """Every button in a chat: its message, and what it sends."""
    return [
        (message["id"], button["data"])
        for message in await life.heard()
        for row in message["buttons"]
        for button in row
        if button.get("data")
    ]


async def exported(life: Life) -> dict[str, Any]:
    """The person's own data, as a bot hands it over."""
    await life.say("/export")
    document = (await life.heard())[-1]["document"]
    async with life.http.get(life.url + document["url"]) as reply:
        found: dict[str, Any] = json.loads(await reply.text())
        return found


async def test_the_same_person_at_two_bots_is_two_people(both: Town) -> None:
    await settle_in_both(both)
    async with both.app.vault.database.reading() as session:
        people = list(await session.exec(select(Person)))
    assert sorted((person.account, person.ref, person.country) for person in people) == [
        (FIRST_NUMBER, "501", "DE"),
        (SECOND_NUMBER, "501", "AT"),
    ]
    await both.one.wait(hours=1)
    assert "Sertraline" in await both.one.last()
    assert "Lamotrigine" in await both.two.last()
    await both.one.press("Taken")
    assert "taken at" in await both.one.last()
    assert "taken" not in await both.two.last()
    assert "Lamotrigine" not in await all_said(both.one)
    assert "Sertraline" not in await all_said(both.two)
    assert "Lamotrigine" not in json.dumps(await exported(both.one))
    await _and_erasing_oneself_at_one_leaves_the_other(both)


async def _and_erasing_oneself_at_one_leaves_the_other(both: Town) -> None:
    await both.one.say("/delete")
    await both.one.press("Delete everything")
    await both.one.press("Yes, erase it for good")
    assert "Everything is erased" in await both.one.last()
    await both.two.say("/meds")
    assert "Lamotrigine" in await all_said(both.two)
    assert [medicine["versions"][0]["name"] for medicine in (await exported(both.two))["medicines"]] == [
        "Lamotrigine"
    ]


async def test_every_button_of_one_bot_does_nothing_at_the_other(both: Town) -> None:
    await settle_in_both(both)
    await both.two.wait(hours=1)
    await both.two.say("/settings")
    # The buttons of the crisis path are public: they belong to nobody and bring a card wherever they are.
    foreign = [data for _, data in await buttons(both.two) if peek(data) is not None]
    assert len(foreign) > 20
    [shown, *_] = [message["id"] for message in await both.one.heard()]
    await both.one.wait(seconds=1)
    before = await both.everything()
    assert before["dose"]
    toasts = {await both.one.press_forged(shown, data) for data in foreign}
    await both.one.wait(seconds=1)
    assert await both.everything() == before
    [neutral] = toasts
    assert "no longer in use" in (neutral or "")


async def test_an_update_that_one_bot_has_seen_is_new_to_the_other(here: Town) -> None:
    for life in (here.one, here.two):
        await life.call("people", {"first_id": 501})
    for number, life in enumerate((here.one, here.two, here.one)):
        person = {"id": 501, "is_bot": False, "first_name": "Alex"}
        chat = {"id": 501, "type": "private", "first_name": "Alex"}
        message = {"message_id": 900, "date": 1, "chat": chat, "from": person, "text": "/start"}
        await life.call("update", {"update": {"update_id": 42, "message": message}})
        await life.wait(seconds=1)
        assert len(await here.one.heard()) == 1, "the repeat at the same bot has no effect"
        assert len(await here.two.heard()) == min(number, 1)


async def test_a_card_comes_from_the_bot_that_was_called(here: Town) -> None:
    await settle_in_both(here)
    await here.two.say("/sos")
    await here.two.wait(seconds=1)
    assert CARD in await all_said(here.two)
    assert "142" in await all_said(here.two), "the numbers are those of Austria"
    assert CARD not in await all_said(here.one)
    async with here.app.vault.database.reading() as session:
        query = select(Person.account).join(CrisisEvent)
        assert list(await session.exec(query)) == [SECOND_NUMBER]


async def test_each_bot_introduces_itself_and_links_to_itself(here: Town) -> None:
    await here.two.wait(seconds=1)
    for life, name in ((here.one, "evenkeel_demo_bot"), (here.two, f"evenkeel_{SECOND_NUMBER}_bot")):
        assert (await life.call("bot"))["commands"]
        group = await life.call("chats", {"name": "Kind circle", "members": [life.person]})
        await life.call("say", {"from": life.person, "chat": group["id"], "text": "/sos"})
        lines = (await life.call(f"chats/{group['id']}"))["messages"]
        assert f"t.me/{name}?start=" in json.dumps(lines)
