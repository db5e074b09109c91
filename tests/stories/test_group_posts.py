"""A group is set up in private and gets its posts, whatever happens to it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.stories.gathering import SAM, Gathering, gathering
from tests.stories.life import House, house, plain

# A Thursday, 19:00 in Berlin.
EVENING = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)
NEAR = (
    "Keeping in touch with people you trust is part of looking after yourself. A short message is enough: "
    "“I have a hard week. You don't have to do anything.”"
)
SLEEP = "Source: NHS, Every Mind Matters: sleep"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, EVENING) as one:
        one.life.unhurried = 2.0
        await one.life.say("/start")
        yield one


@pytest.fixture
async def either(tmp_path: Path, database_url: str | None) -> AsyncIterator[House]:
    """The same on both engines."""
    async with house(tmp_path, EVENING, database_url=database_url) as one:
        one.life.unhurried = 2.0
        await one.life.say("/start")
        yield one


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_it_greets_is_set_up_in_private_and_posts(home: House, kind: str) -> None:
    group = await gathering(home, kind)
    [greeting] = await group.heard()
    assert len(greeting.splitlines()) == 3
    await group.set_up()
    await group.add_post("Sleep", "daily 9:00")
    await home.life.wait(hours=15)
    assert len(await group.about(SLEEP)) == 1
    assert "The same time in the morning" in (await group.heard())[-1]
    await home.life.wait(days=1)
    assert "Awake at night" in (await group.heard())[-1]
    assert len(await group.about("short texts at set times")) == 1


async def test_somebody_who_takes_no_medicine_can_set_a_group_up_without_agreeing_to_anything(
    home: House,
) -> None:
    group = await gathering(home)
    await group.set_up()
    assert "State: posting" in await home.life.last()


async def test_own_words_go_out_letter_for_letter_as_they_were_read_back(home: House) -> None:
    group = await gathering(home)
    await group.set_up()
    await home.life.press("Add a post")
    await home.life.press("My own words")
    await home.life.say("Friday at six.\n\nSee https://example.org, or ask @robin.  /start is private.")
    read_back = (await home.life.heard())[-1]["text"]
    await home.life.press("Use these words")
    await home.life.say("fri 9:00")
    await home.life.press("Yes, post it then")
    await home.life.press("Preview")
    preview = (await home.life.heard())[-1]["text"]
    await home.life.wait(hours=15)
    posted = (await group.shown())[-1]
    assert posted["text"] == preview
    assert preview in read_back
    assert posted.get("entities") is None
    assert plain(posted) == "Friday at six.\n\nSee https://example.org, or ask @robin. /start is private."


async def test_words_that_sound_like_a_crisis_are_no_post(home: House) -> None:
    group = await gathering(home)
    await group.set_up()
    await home.life.press("Add a post")
    await home.life.press("My own words")
    await home.life.say("I want to kill myself")
    assert "Use these words" not in await home.life.buttons()
    assert not await group.about("kill")


async def test_words_that_are_only_near_to_a_crisis_bring_help_and_are_read_back_all_the_same(
    home: House,
) -> None:
    """The screen is wide awake, and a text for a support group speaks of heavy things."""
    group = await gathering(home)
    await group.set_up()
    await home.life.press("Add a post")
    await home.life.press("My own words")
    await home.life.say(NEAR)
    heard = [plain(message) for message in await home.life.heard()]
    assert any("/sos" in text or "ending your life" in text for text in heard[-2:]), heard[-2:]
    assert sum("It will stand there just so" in text for text in heard) == 1
    await home.life.press("Use these words")
    await home.life.say("fri 9:00")
    await home.life.press("Yes, post it then")
    await home.life.wait(hours=15)
    assert await group.about("hard week")


async def test_an_admin_who_lost_that_in_the_middle_of_the_dialog_changes_nothing_more(home: House) -> None:
    group = await gathering(home)
    await group.set_up()
    await home.life.press("Add a post")
    await home.life.press("Sleep")
    await home.life.press("All in turn")
    demoted = {"chat": group.ref, "person": home.life.person, "status": "member"}
    await home.life.call("members", demoted)
    await home.life.say("daily 9:00")
    assert await home.life.last() == "I can show this to the admins of the group only."
    await home.life.wait(days=1)
    assert not await group.about(SLEEP)
    await home.life.say("daily 9:00")
    assert "posting" not in await home.life.last()


async def test_a_link_in_the_hands_of_a_member_opens_nothing(home: House) -> None:
    group = await gathering(home)
    links = [b["url"] for m in await group.shown() for row in m["buttons"] for b in row]
    await home.life.call("say", {"from": SAM, "text": "/start " + links[0].partition("start=")[2]})
    answer = (await home.life.call(f"chats/{SAM}"))["messages"][-1]["text"]
    assert answer == "I can show this to the admins of the group only."


async def test_when_telegram_does_not_say_who_is_admin_nothing_changes_and_that_is_said(home: House) -> None:
    group = await gathering(home)
    await group.set_up()
    rule = {"kind": "status", "code": 500, "method": "getChatMember", "times": 5}
    await home.life.call("faults", {"rules": [rule]})
    await home.life.press("Pause all posts")
    assert (await home.life.last()).startswith("I could not ask whether you are an admin there.")
    await home.life.call("faults", {"clear": True})
    await group.say("/group")
    assert "State: posting" in (await group.heard())[-1]


async def test_an_anonymous_admin_is_shown_the_way_to_the_private_chat(home: House) -> None:
    group = await gathering(home)
    await group.say("/country France", is_anonymous_admin=True)
    assert (await group.heard())[-1].startswith("I cannot see who wrote that.")
    await group.follow("Set me up (admins)")
    assert (await home.life.last()).startswith("Group no. ")


@pytest.mark.parametrize(
    ("city", "start", "times"),
    [
        ("Berlin", datetime(2026, 3, 27, 18, tzinfo=UTC), "2:30"),  # skipped on the 29th
        ("New York", datetime(2026, 10, 30, 18, tzinfo=UTC), "1:30"),  # shown twice on 1 November
        ("Lord Howe", datetime(2026, 4, 3, 18, tzinfo=UTC), "1:45"),  # twice, half an hour apart
    ],
)
async def test_a_channel_gets_one_post_a_day_across_a_change_of_its_clock(
    tmp_path: Path, city: str, start: datetime, times: str
) -> None:
    async with house(tmp_path, start) as home:
        home.life.unhurried = 2.0
        await home.life.say("/start")
        channel = await gathering(home, "channel")
        await channel.set_up(city)
        await channel.add_post("Sleep", f"daily {times}")
        for day in range(1, 5):
            await home.life.wait(days=1)
            assert len(await channel.about("Source: ")) == day


# What happens to a group


async def told_of_topic(home: House) -> list[str]:
    """What the admin was told in private about the lost topic."""
    heard = [plain(message) for message in await home.life.heard()]
    return [text for text in heard if "topic for my posts is gone" in text]


async def test_a_move_that_the_error_tells_first_loses_no_post(either: House) -> None:
    group = await gathering(either)
    await group.set_up()
    await group.add_post("Sleep", "daily 9:00")
    moved = Gathering(either, (await either.life.call("migrate", {"chat": group.ref, "told": False}))["chat"])
    await either.life.wait(hours=15)
    assert len(await moved.about(SLEEP)) == 1
    await either.life.call("migrate", {"chat": group.ref})
    await either.life.wait(days=1)
    assert len(await moved.about(SLEEP)) == 2
    await moved.say("/group")
    assert "Kind: supergroup" in (await moved.heard())[-1]
    assert "Posts: 1" in (await moved.heard())[-1]


async def test_a_move_that_the_service_message_tells_first_loses_no_post(either: House) -> None:
    group = await gathering(either)
    await group.set_up()
    await group.add_post("Sleep", "daily 9:00")
    moved = Gathering(either, (await either.life.call("migrate", {"chat": group.ref}))["chat"])
    await either.life.wait(hours=15)
    assert len(await moved.about(SLEEP)) == 1
    await either.life.press("Back")
    await either.life.press("Back")
    assert "Kind: supergroup" in await either.life.last()


async def test_a_topic_that_is_deleted_gives_way_to_the_group_at_large_and_admins_hear_of_it(
    home: House,
) -> None:
    group = await gathering(home, "supergroup")
    topic = (await home.life.call("topics", {"chat": group.ref, "name": "Rhythm"}))["topic"]
    await group.set_up()
    await group.say("/group", topic=topic)
    assert (await group.shown())[-1]["topic"] == topic
    await group.follow("Set me up (admins)")
    await home.life.press("Post in the topic I came from")
    await group.add_post("Sleep", "daily 9:00")
    await home.life.wait(hours=15)
    assert (await group.shown())[-1]["topic"] == topic
    await home.life.call("topics", {"chat": group.ref, "topic": topic, "state": "deleted"})
    await home.life.wait(days=1)
    assert "topic" not in (await group.shown())[-1]
    assert len(await group.about("Awake at night")) == 1
    await home.life.wait(minutes=1)
    assert home.app is not None
    await home.app.roster.tell_admins()
    await home.life.wait(seconds=1)
    told = [
        plain(message)
        for message in await home.life.heard()
        if "topic for my posts is gone" in plain(message)
    ]
    assert len(told) == 1
    await home.app.roster.tell_admins()
    await home.life.wait(days=1)
    assert "topic" not in (await group.shown())[-1]
    told = [
        plain(message)
        for message in await home.life.heard()
        if "topic for my posts is gone" in plain(message)
    ]
    assert len(told) == 1
    assert not await group.about("topic for my posts")


@pytest.mark.parametrize("status", ["kicked", "left", "restricted"])
async def test_where_it_may_not_write_it_rests_and_goes_on_when_it_may_again(
    home: House, status: str
) -> None:
    group = await gathering(home, "supergroup")
    await group.set_up()
    await group.add_post("Sleep", "daily 9:00")
    await home.life.wait(hours=15)
    await group.bot_is(status)
    asked = (await home.life.call("requests"))["methods"].get("sendMessage", 0)
    await home.life.wait(days=3, hours=3)
    assert (await home.life.call("requests"))["methods"].get("sendMessage", 0) == asked
    await group.bot_is("member")
    assert (await group.heard())[-1] == "I am here again, and go on with what was set up."
    await home.life.wait(days=1)
    assert len(await group.about(SLEEP)) == 2


async def test_a_bot_that_was_removed_while_it_slept_finds_out_by_the_refusal(either: House) -> None:
    group = await gathering(either, "supergroup")
    await group.set_up()
    await group.add_post("Sleep", "daily 9:00")
    next(iter(either.standin.stalls.values())).world.chats[group.ref].bot_status = "kicked"
    await either.life.wait(hours=15)
    await either.life.wait(days=3)
    assert not await group.about(SLEEP)
    refused = (await either.life.call("requests"))["statuses"].get("403", 0)
    assert refused == 1
    await group.bot_is("member")
    await either.life.wait(days=1)
    assert len(await group.about(SLEEP)) == 1


async def test_a_group_that_is_paused_is_quiet_and_goes_on_from_when_it_is_told_to(home: House) -> None:
    group = await gathering(home)
    await group.set_up()
    await group.add_post("Sleep", "daily 9:00")
    await home.life.press("Back")
    await home.life.press("Back")
    await home.life.press("Pause all posts")
    await home.life.wait(hours=15)
    await home.life.press("Go on posting")
    await home.life.wait(hours=1)
    assert not await group.about(SLEEP)
    await home.life.wait(days=1)
    assert len(await group.about(SLEEP)) == 1


async def test_after_an_outage_a_post_comes_within_two_hours_or_not_at_all(home: House) -> None:
    group = await gathering(home)
    await group.set_up()
    await group.add_post("Sleep", "daily 9:00")
    await home.close()
    home.clock.advance(15.5 * 3600)  # 10:30 in Berlin
    await home.open()
    await home.life.wait(minutes=1)
    assert len(await group.about("The same time in the morning")) == 1
    await home.close()
    home.clock.advance(25 * 3600)  # 11:31
    await home.open()
    await home.life.wait(minutes=1)
    assert len(await group.about(SLEEP)) == 1
