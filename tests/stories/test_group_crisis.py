"""A crisis in a group: who hears of it, who does not, and what members were told before."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot import post
from bot.conversation.inbound import Origin
from bot.conversation.message import Message
from bot.conversation.text import compose
from bot.conversation.tokens import Signer
from bot.demo.house import TOKEN
from bot.escalation.crisis.alert import Alert, Source
from bot.escalation.screening.tiers import Tier
from bot.leftovers import leftovers
from storage import outbox
from storage.groups import Group
from storage.outbox import OutboxState
from tests.stories.gathering import ROBIN, SAM, Gathering, gathering
from tests.stories.life import House, house, plain

# A Thursday, 19:00 in Berlin.
EVENING = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)
CRY = "@evenkeel_demo_bot i want to kill myself"
ALOUD = "i want to kill myself"
LINE = "For everyone here: if a life is in danger now"
TOLD = "Somebody in the group may need help; the numbers are shown there."


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, EVENING) as one:
        one.life.unhurried = 2.0
        await one.life.say("/start")
        yield one


async def heard_by(home: House, person: int) -> list[str]:
    """What somebody reads in their private chat."""
    return [plain(message) for message in (await home.life.call(f"chats/{person}"))["messages"]]


async def start(home: House, person: int) -> None:
    await home.life.call("say", {"from": person, "text": "/start"})


async def stored(home: House) -> Group:
    """The group as it is kept."""
    assert home.app is not None
    async with home.app.vault.database.reading() as session:
        return (await session.exec(select(Group))).one()


async def choose(home: House, group: Gathering, what: str) -> None:
    """An admin switches something on, up to the notice."""
    await group.set_up()
    await home.life.press("When words sound like a crisis")
    await home.life.press(what)
    await home.life.press("Post the notice")
    await home.life.wait(seconds=5)


async def test_admins_are_told_by_choice_after_a_notice_afresh_once_and_never_of_themselves(
    home: House,
) -> None:
    group = await gathering(home)
    await start(home, SAM)
    await start(home, ROBIN)
    await group.say(CRY, by=SAM)
    assert TOLD not in str(await heard_by(home, home.life.person))
    await home.life.wait(minutes=11)
    await choose(home, group, "Tell the admins")
    [notice] = await group.about("A notice to everybody here")
    assert "I also tell the admins in private" in notice
    kept = await stored(home)
    assert kept.tells_moderators
    assert kept.noticed_at is not None

    await home.life.call("members", {"chat": group.ref, "person": ROBIN, "status": "administrator"})
    for _cry in range(3):
        await group.say(CRY, by=SAM)
        await home.life.wait(minutes=1)
    [word] = [text for text in await heard_by(home, home.life.person) if TOLD in text]
    assert word == f"Group no. {kept.key}\n\n{TOLD}"
    assert str(await heard_by(home, ROBIN)).count(TOLD) == 1
    assert str(await heard_by(home, SAM)).count("If your life is in danger now") == 4
    assert TOLD not in str(await heard_by(home, SAM))
    assert len(await group.about(LINE)) == 2

    await home.life.call("members", {"chat": group.ref, "person": ROBIN, "status": "member"})
    await home.life.wait(minutes=10)
    await group.say(CRY)
    await home.life.wait(minutes=1)
    assert str(await heard_by(home, ROBIN)).count(TOLD) == 1
    assert str(await heard_by(home, home.life.person)).count(TOLD) == 1
    assert len(await group.about(LINE)) == 3


async def test_nothing_holds_before_the_notice_stands_there_and_nothing_if_it_never_does(home: House) -> None:
    group = await gathering(home)
    rule = {"kind": "retry_after", "seconds": 30, "method": "sendMessage", "chat": group.ref, "times": 1}
    await group.set_up()
    await home.life.press("When words sound like a crisis")
    await home.life.press("Tell the admins")
    await home.life.call("faults", {"rules": [rule]})
    await home.life.press("Post the notice")
    kept = await stored(home)
    assert (kept.tells_moderators, kept.noticed_at) == (False, None)
    await home.life.wait(minutes=2)
    assert await group.about("A notice to everybody here")
    assert (await stored(home)).tells_moderators
    await home.life.press("Read every message")
    next(iter(home.standin.stalls.values())).world.chats[group.ref].bot_status = "restricted"
    await home.life.press("Post the notice")
    await home.life.wait(hours=1)
    kept = await stored(home)
    assert (kept.hears_all, kept.tells_moderators) == (False, True)


async def test_what_members_say_to_one_another_is_heard_by_choice_alone_and_after_a_notice(
    home: House,
) -> None:
    group = await gathering(home)
    await group.bot_is("administrator")  # Telegram shows it everything now
    await start(home, SAM)
    await group.say(ALOUD, by=SAM)
    assert not await group.about(LINE)
    assert "life is in danger" not in str(await heard_by(home, SAM))
    await choose(home, group, "Read every message")
    [notice] = await group.about("A notice to everybody here")
    assert "I read every message" in notice
    await home.close()
    await home.open()
    await home.life.wait(minutes=1)
    await group.say(ALOUD, by=SAM)
    assert len(await group.about(LINE)) == 1
    assert "life is in danger" in (await heard_by(home, SAM))[-1]
    await home.life.press("Back")
    await home.life.press("When words sound like a crisis")
    await home.life.press("Read only what is written to me")
    await home.life.wait(minutes=11)
    assert "I read only what is written to me again" in (await group.heard())[-1]
    await group.say(ALOUD, by=SAM)
    assert len(await group.about(LINE)) == 1


async def test_a_post_waits_for_the_end_of_quiet_hours_and_a_cry_is_answered_where_it_was_written(
    home: House,
) -> None:
    group = await gathering(home, "supergroup")
    topic = (await home.life.call("topics", {"chat": group.ref, "name": "Nights"}))["topic"]
    await group.set_up()
    await home.life.press("Quiet hours")
    await home.life.say("20:00 21:30")
    await home.life.press("Turn content warnings on")
    await home.life.press("Add a post")
    await home.life.press("My own words")
    await home.life.say("Friday at six.")
    await home.life.press("Use these words")
    await home.life.say("daily 20:15")
    await home.life.press("Yes, post it then")
    assert "Thu 5 Mar, 21:30" in await home.life.last()
    await home.life.wait(minutes=80)  # 20:20
    assert not await group.about("Friday at six.")
    await group.say(CRY, by=SAM, topic=topic)
    assert (await group.shown())[-1]["topic"] == topic
    assert (await group.heard())[-1].startswith(LINE)
    await home.life.wait(minutes=75)
    [post] = [message for message in await group.shown() if "Friday at six." in message["text"]]
    assert post["text"].startswith("This text is from the admins here and may be heavy.")
    assert [entity["type"] for entity in post["entities"]] == ["spoiler"]


async def test_a_card_and_a_line_that_telegram_did_not_take_are_carried_on_by_the_outbox(home: House) -> None:
    group = await gathering(home, "supergroup")
    topic = (await home.life.call("topics", {"chat": group.ref, "name": "Nights"}))["topic"]
    await start(home, SAM)
    broken = {"kind": "status", "method": "sendMessage", "code": 502, "times": 3}
    await home.life.call("faults", {"rules": [broken | {"chat": SAM}, broken | {"chat": group.ref}]})
    await group.say(CRY, by=SAM, topic=topic)
    async with asyncio.timeout(10):
        while not (await group.about(LINE) and "life is in danger" in (await heard_by(home, SAM))[-1]):
            await home.life.wait(seconds=1)
    [line] = [message for message in await group.shown() if LINE in plain(message)]
    assert line["topic"] == topic
    await home.life.wait(minutes=1)
    assert str(await heard_by(home, SAM)).count("life is in danger") == 1


async def test_of_the_lines_that_wait_for_one_topic_the_group_reads_one(home: House) -> None:
    group = await gathering(home, "supergroup")
    app, origin = home.app, Origin("telegram", TOKEN.partition(":")[0], str(group.ref), "")
    assert app is not None
    master, now = app.vault.master, home.life.clock.now()
    for topic in ("5", "5", None):
        alert = Alert(Source.TEXT, Tier.URGENT, unsaid=Message(compose(LINE), topic=topic))
        async with app.vault.database.transaction() as session:
            left = await leftovers(session, master, origin, alert, now)
            rows = await post.rows_of(left, Signer(b"k" * 32))
            for row in rows:
                row.not_before = now + timedelta(hours=9)  # so that they wait together
            await outbox.post(session, rows)
    async with app.vault.database.reading() as session:
        waiting = (await outbox.counts(session))[OutboxState.PENDING]
    assert waiting == 2
