"""Bots come and go while the deployment runs: added, rotated, refused, removed, and back again."""

import asyncio
import json
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import aiohttp
import pytest
from sqlmodel import select

from bot.demo.steering import Direct
from bot.roster import register
from bot.roster.register import NotAdded, NotRemoved
from bot.telegram.outcomes import TokenRefused
from bot.web.listening import listen
from storage.doses import Dose
from storage.people import Person
from storage.vocabulary import DoseState
from tests.bots.town import FIRST, FIRST_NUMBER, ROTATED, SECOND, SECOND_NUMBER, Town
from tests.crisis.test_always_answered import CARD
from tests.stories.life import Life, plain
from tests.stories.three_chats import Circle


async def until_refused(town: Town, number: str = SECOND_NUMBER) -> None:
    async with asyncio.timeout(10):
        while number in town.app.roster.here or not (await town.entry(number)).refused:
            await asyncio.sleep(0.01)


async def doses(town: Town, number: str = SECOND_NUMBER) -> list[Dose]:
    """The doses of a bot's people."""
    query = select(Dose).join(Person).where(Person.account == number)
    async with town.app.vault.database.reading() as session:
        return list(await session.exec(query))


async def test_a_refused_token_stops_its_bot_and_no_other_until_it_has_a_new_one(both: Town) -> None:
    await both.one.settle_in("Berlin", "Germany")
    await both.one.add_medicine("Sertraline", "50 mg", "13:00", first=True)
    await both.two.settle_in("Berlin", "Germany")
    await both.two.add_medicine("Lamotrigine", "100 mg", "13:00", first=True)
    both.house.standin.tokens.discard(SECOND)
    await both.two.call("say", {"from": 501, "text": "/meds", "wait": False})
    await until_refused(both)
    both.house.standin.stalls[int(SECOND_NUMBER)].world.updates.pending.clear()
    health = await both.app.health()
    assert (health.bots, health.stopped) == (1, {SECOND_NUMBER: "refused"})
    await both.one.wait(hours=1)
    assert "Sertraline" in await both.one.last(), "the other goes on"
    assert await both.waiting() == 2, "an answer and a reminder stay where they are"
    both.house.standin.tokens.add(ROTATED)
    entry, new = await both.add(ROTATED)
    assert (new, entry.refused, both.app.roster.absent) == (False, False, {})
    await both.two.wait(seconds=2)
    said = [plain(message) for message in await both.two.heard()]
    assert any("Time for" in text and "Lamotrigine" in text for text in said), "it was still in time"
    assert any("100 mg" in text for text in said), "what was asked meanwhile is answered"


async def test_a_cry_in_hand_when_its_bot_is_lost_is_answered_as_soon_as_the_bot_is_back(here: Town) -> None:
    await here.two.call("people", {"first_id": 501})
    hangs = {"kind": "hang", "method": "sendMessage", "seconds": 60, "times": 1}
    await here.two.call("faults", {"rules": [hangs]})
    await here.two.call("say", {"from": 501, "text": "/sos", "wait": False})
    alerts = here.app.roster._premises.alerts[SECOND_NUMBER]
    async with asyncio.timeout(5):
        while not alerts:
            await asyncio.sleep(0.01)
    here.house.standin.tokens.discard(SECOND)
    await until_refused(here)
    assert alerts == {}
    here.house.standin.tokens.add(ROTATED)
    await here.add(ROTATED)
    async with asyncio.timeout(5):
        while not any(CARD in plain(message) for message in await here.two.heard()):
            await asyncio.sleep(0.01)


async def test_a_send_that_is_refused_stops_its_bot_as_well(here: Town) -> None:
    await here.two.settle_in()
    fault = {"method": "sendMessage", "kind": "status", "code": 401, "probability": 1.0}
    await here.two.call("faults", {"rules": [fault]})
    await here.two.call("say", {"from": 501, "text": "/meds", "wait": False})
    await until_refused(here)
    assert here.app.roster.here == [FIRST_NUMBER]
    await here.two.call("faults", {"clear": True})
    here.house.clock.advance(61)
    await here.app.roster.beat()
    assert SECOND_NUMBER in here.app.roster.here, "it is tried once more after a minute"
    async with asyncio.timeout(10):
        while (await here.entry()).refused:
            await here.app.roster.beat()


async def test_the_last_bot_that_is_refused_ends_the_process(here: Town) -> None:
    here.house.standin.tokens.clear()
    for life in (here.one, here.two):
        await life.call("people", {"first_id": 501})
        await life.call("say", {"from": 501, "text": "hello", "wait": False})
    running = here.house._running
    assert running is not None
    with pytest.raises(TokenRefused):
        await asyncio.wait_for(running, 20)
    here.house._running = None


async def test_a_removed_bot_is_silent_and_its_people_are_neither_blamed_nor_lost(both: Town) -> None:
    await both.two.settle_in("Berlin", "Germany")
    await both.two.add_medicine("Lamotrigine", "100 mg", "13:00", first=True)
    await both.two.wait(minutes=30)
    before = len(await both.two.heard())
    await both.remove()
    assert both.app.roster.here == [FIRST_NUMBER]
    assert (await both.entry()).since is None
    await both.one.wait(days=2)
    assert await both.waiting() == 0
    assert len(await both.two.heard()) == before
    assert {dose.state for dose in await doses(both)} == {DoseState.UNKNOWN}
    await both.add()
    await both.two.wait(minutes=1)
    [catching_up, *_] = [plain(message) for message in (await both.two.heard())[before:]]
    assert "could not reach you" in catching_up
    await both.two.wait(minutes=30)
    assert "Time for" in await both.two.last()


async def test_what_waits_for_a_removed_bot_ends_and_is_not_sent_when_it_is_back(here: Town) -> None:
    await here.two.settle_in("Berlin", "Germany")
    await here.two.add_medicine("Lamotrigine", "100 mg", "13:00", first=True)
    fault = {"method": "sendMessage", "kind": "retry_after", "seconds": 600, "probability": 1.0}
    await here.two.call("faults", {"rules": [fault]})
    await here.two.call("say", {"from": 501, "text": "/meds", "wait": False})
    async with asyncio.timeout(10):
        while not await here.waiting():
            await asyncio.sleep(0.01)
    await here.two.call("faults", {"clear": True})
    await here.remove()
    assert await here.waiting() == 0
    before = len(await here.two.heard())
    await here.add()
    await here.two.wait(minutes=15)
    assert len(await here.two.heard()) == before


async def test_a_week_in_which_the_bot_was_removed_is_not_counted_for_a_caregiver(both: Town) -> None:
    """Whoever blocked the bot is behind it again, too, until the first message comes back."""
    circle = await Circle.around(both.two)
    await both.two.settle_in("Berlin", "Germany")
    await both.two.add_medicine("Lamotrigine", "100 mg", "13:00", first=True)
    await circle.bind(circle.lena)
    await both.two.press("the count of the week")
    await both.two.press("Switch it on")
    await both.two.wait_until(datetime(2026, 3, 14, 12, 0, tzinfo=UTC))
    await both.remove()
    await both.one.wait(hours=29)
    await both.add()
    await both.two.wait_until(datetime(2026, 3, 15, 18, 0, tzinfo=UTC))  # an hour after it would be told
    assert await counts(circle.lena) == 0
    await both.two.wait_until(datetime(2026, 3, 29, 18, 0, tzinfo=UTC))
    assert await counts(circle.lena) == 1, "the next whole week is"


async def counts(caregiver: Life) -> int:
    """How many weeks somebody was told of."""
    return sum("in the last seven days" in text for text in map(plain, await caregiver.heard()))


async def test_erasing_the_people_of_a_removed_bot_leaves_those_of_the_others(both: Town) -> None:
    await both.one.settle_in()
    await both.two.settle_in()
    await both.remove()
    assert await register.erase(both.house.settings, SECOND_NUMBER, both.house.clock.now(), patience=0) == 1
    async with both.app.vault.database.reading() as session:
        assert list(await session.exec(select(Person.account))) == [FIRST_NUMBER]
    assert [each.account for each in await register.entries(both.house.settings)] == [FIRST_NUMBER]
    with pytest.raises(NotRemoved, match="no bot"):
        await register.entry(both.house.settings, SECOND_NUMBER, erase=True)


async def test_the_bot_of_the_settings_is_neither_added_nor_removed(here: Town) -> None:
    with pytest.raises(NotAdded, match="EVENKEEL_TELEGRAM_TOKEN"):
        await here.add(FIRST)
    with pytest.raises(NotRemoved, match="EVENKEEL_TELEGRAM_TOKEN"):
        await register.entry(here.house.settings, FIRST_NUMBER, erase=False)


async def test_a_token_that_telegram_refuses_or_cannot_be_asked_about_changes_nothing(here: Town) -> None:
    with pytest.raises(TokenRefused):
        await here.add("3000003:never-heard-of-DDDDDDDDDD")
    nowhere = here.house.settings.model_copy(update={"telegram_api": "http://127.0.0.1:9"})
    with pytest.raises(NotAdded, match="did not answer"):
        await register.add(nowhere, SECOND, here.house.clock.now())
    assert [each.account for each in await register.entries(here.house.settings)] == [
        FIRST_NUMBER,
        SECOND_NUMBER,
    ]


async def test_without_a_database_everybody_who_is_here_stays(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr("storage.bots.every", broken)
    await here.app.roster.beat()
    assert here.app.roster.here == [FIRST_NUMBER, SECOND_NUMBER]


async def test_each_bot_has_a_webhook_of_its_own(here: Town) -> None:
    await here.house.close()
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    url = f"http://127.0.0.1:{port}"
    here.house.settings = here.house.settings.model_copy(update={"webhook_url": url})
    async with AsyncExitStack() as stack:
        await here.house.open()
        assert here.house.app is not None
        runner = await listen(here.house.app.web, "127.0.0.1", port)
        stack.push_async_callback(runner.cleanup)
        await here.two.settle_in()
        assert len(await here.two.heard()) > 2
        secrets = {
            number: stall.world.webhook.target.secret
            for number, stall in here.house.standin.stalls.items()
            if stall.world.webhook.target is not None
        }
        assert len(set(secrets.values())) == 2
        async with aiohttp.ClientSession() as http:

            async def posted(number: str, secret: str | None) -> int:
                headers = {"X-Telegram-Bot-Api-Secret-Token": secret or ""}
                body = json.dumps({"update_id": 1}).encode()
                async with http.post(f"{url}/telegram/{number}", data=body, headers=headers) as reply:
                    return reply.status

            assert await posted(SECOND_NUMBER, secrets[int(FIRST_NUMBER)]) == 403
            assert await posted(SECOND_NUMBER, secrets[int(SECOND_NUMBER)]) == 200
            await here.remove()
            assert await posted(SECOND_NUMBER, secrets[int(SECOND_NUMBER)]) == 404
            assert await posted(FIRST_NUMBER, secrets[int(FIRST_NUMBER)]) == 200
        await here.house.close()


async def test_the_first_bot_that_was_added_is_drilled_where_the_settings_name_none(here: Town) -> None:
    await here.house.close()
    update = {"telegram_token": None, "operator_chat": "501"}
    here.house.settings = here.house.settings.model_copy(update=update)
    await here.house.open()
    assert here.app.roster.here == [SECOND_NUMBER]
    assert here.app.rehearsal is not None
    assert here.app.roster.first is not None
    assert here.app.rehearsal is here.app.roster.first.rehearsal
    assert isinstance(here.house.machine_bot.bot, Direct)
