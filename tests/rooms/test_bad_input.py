"""Whatever comes in is answered shortly and clearly: nothing is lost, and no error reaches the logs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.stories.life import House, Life, house, plain

MORNING = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
NO_TROUBLE = ("info", "debug")
EXPECTED = ("update_unreadable",)  # an update that makes no sense is noted, by its error's name only
TEN_KB = 10_000


@pytest.fixture
async def logs() -> AsyncIterator[list[EventDict]]:
    """What is logged; a test that ends with anything worse than a note has failed."""
    with capture_logs() as entries:
        yield entries
    troubles = [entry for entry in entries if entry["log_level"] not in NO_TROUBLE]
    assert [entry for entry in troubles if entry["event"] not in EXPECTED] == []


@pytest.fixture
async def home(tmp_path: Path, logs: list[EventDict]) -> AsyncIterator[House]:
    """Somebody who takes Sertraline at eight; it is seven."""
    async with house(tmp_path, MORNING, pacing=False) as one:
        one.life.unhurried = 4.0
        await one.life.settle_in()
        await one.life.add_medicine("Sertraline", "50 mg", "8am", first=True)
        yield one


async def heard_after(life: Life, update: dict[str, Any]) -> list[str]:
    """What the bot says to a raw update."""
    before = {message["id"] for message in await life.heard()}
    life.clock.advance(4.0)
    await life.call("update", {"update": update})
    await life.wait(seconds=1)
    return [plain(message) for message in await life.heard() if message["id"] not in before]


def message(life: Life, **content: Any) -> dict[str, Any]:
    """A raw private message of the person's."""
    return {
        "message": {
            "message_id": 880_000,
            "date": int(life.clock.now().timestamp()),
            "chat": {"id": life.person, "type": "private", "first_name": "Alex"},
            "from": {"id": life.person, "is_bot": False, "first_name": "Alex"},
            **content,
        }
    }


async def test_strange_names_are_refused_or_kept_harmless(home: House) -> None:
    life = home.life
    for bad in ("...", "\u202e\u202d", "x" * 65, "😀"):
        await life.say("/add")
        await life.say(bad)
        assert (await life.last()).startswith("Please give it a name"), repr(bad)
    await life.say("x" * 4000)
    assert await life.last() == "That is longer than I can keep. Could you say it in fewer words?"
    for odd, shown in (
        ("<b>Bold</b> & Co", "<b>Bold</b> & Co"),
        ("Vita\u202emin\x07 D\n500", "Vitamin D 500"),
        ("https://example.com/x", "https://example.com/x"),
        ("@somebody *_`[x](y)", "@somebody *_`[x](y)"),
        ("Pill 💊 one", "Pill 💊 one"),
    ):
        await life.say("/add")
        await life.say(odd)
        assert f"How much of {shown} do you take" in await life.last()
        newest = (await life.heard())[-1]
        assert not any(e["type"] in ("url", "mention", "text_link") for e in newest.get("entities", []))
    await life.say("/cancel")


async def test_a_text_of_ten_kilobytes_is_answered_in_one_sentence(home: House) -> None:
    said = await heard_after(home.life, message(home.life, text="x" * TEN_KB))
    assert said == ["That is longer than I can keep. Could you say it in fewer words?"]
    said = await heard_after(home.life, message(home.life, text="/" + "x" * TEN_KB))
    assert said == ["I don't know that command. /help shows what I can do, /sos brings help at once."]


async def test_wrong_and_unclear_times_are_asked_again(home: House) -> None:
    life = home.life
    await life.say("/add")
    await life.say("Bupropion")
    await life.say("150 mg")
    for bad in ("25:00", "soon", "8, 9, 10", "8am and", "alle 8", "every 2 hours", "-1", "٨:٣٠x", "0x08"):
        await life.say(bad)
        assert "At what time?" in await life.last(), bad
    await life.say("8")
    assert await life.last() == "Which do you mean by 8?"
    await life.press("Every day at 20:00")
    assert "· Thu 5 Mar, 20:00" in await life.last()


async def test_voice_stickers_edits_and_forwards_do_not_answer_an_open_question(home: House) -> None:
    life = home.life
    await life.say("/add")
    typed = {"chat": life.person, "from": life.person}
    for kind, answer in (("voice", "I can only read text"), ("sticker", "I can only read text")):
        life.clock.advance(4)
        await life.call("say", {**typed, "kind": kind})
        assert (await life.last()).startswith(answer)
    life.clock.advance(4)
    await life.call("say", {**typed, "kind": "forward", "text": "Aspirin"})
    assert (await life.last()).startswith("I don't take forwarded messages")
    mine = [m for m in await life.messages() if m["from"]["id"] == life.person and m["text"] == "/add"][-1]
    life.clock.advance(4)
    await life.call("say", {**typed, "kind": "edited", "message_id": mine["id"], "text": "Aspirin"})
    assert (await life.last()).startswith("I saw that you edited a message.")
    await life.say("Bupropion")
    assert "How much of Bupropion" in await life.last()


async def test_broken_characters_reach_no_one(home: House) -> None:
    life = home.life
    for text in ("\x00", "a\x00b", "\ud800", "hello \udfff", "\U000e0001", "\u2066\u2067\u2068"):
        said = await heard_after(life, message(life, text=text))
        assert len(said) == 1, repr(text)
        assert said[0].startswith("I'm a simple program"), repr(text)


async def test_forged_buttons_of_every_kind_are_refused_kindly(home: House) -> None:
    life = home.life
    await life.wait_until(datetime(2026, 3, 5, 13, 1, tzinfo=UTC))
    card = (await life.heard())[-1]
    real = card["buttons"][0][0]["data"]
    forged = (
        "x", "\x00", "sos:", "sos:XXX", "sos:countries:99", "d", "doses\ttaken\t1", real[:-1], real + "=",
        real[1:],
        real.swapcase(), "A" * 64, "é" * 32, "\ud800", "MQ==", "1" * 64, "==", "-_-_", real[:12] + real[8:],
    )  # fmt: skip
    for data in forged:
        assert await life.press_forged(card["id"], data) == "That button is no longer in use.", repr(data)
    assert "○ Sertraline" in plain((await life.heard())[-1])
    assert await life.press_forged(999_999, real) is not None, "a message we do not know any more"


async def test_unknown_updates_are_passed_over_in_silence(home: House) -> None:
    life = home.life
    channel = {"id": -1001, "type": "channel", "title": "News"}
    for update in (
        {"channel_post": {"message_id": 1, "date": 1, "chat": channel, "text": "hello"}},
        {"poll": {"id": "1"}},
        {"brand_new_kind": {"anything": [1, 2, 3]}},
        {},
        {"message": None},
        {"message": {"message_id": 1}},
        {"callback_query": {"id": "1"}},
        message(life, new_chat_title="x"),
    ):
        assert await heard_after(life, update) == [], update
    await life.say("/help")
    assert (await life.last()).startswith("What I can do")


async def test_updates_that_come_twice_or_out_of_order_have_one_effect(home: House) -> None:
    life = home.life
    await life.say("/add")
    name = message(life, text="Bupropion") | {"update_id": 770_002}
    early = message(life, text="150 mg") | {"update_id": 770_001}
    assert len(await heard_after(life, name)) == 1
    assert await heard_after(life, name) == []
    said = await heard_after(life, early)
    assert len(said) == 1
    assert "At what time?" in said[0]
    assert await heard_after(life, early) == []


async def test_commands_in_a_group_are_answered_with_the_way_to_the_private_chat(home: House) -> None:
    life = home.life
    group = (await life.call("chats", {"name": "Support", "members": [life.person]}))["id"]
    for command in ("/today", "/meds@evenkeel_bot", "/start", "/nonsense"):
        life.clock.advance(8)
        await life.call("say", {"from": life.person, "chat": group, "text": command})
    shown = (await life.call(f"chats/{group}"))["messages"]
    said = {plain(m) for m in shown if m["from"]["is_bot"] and m["text"]}
    said = {words for words in said if not words.startswith("I am Evenkeel.")}  # its greeting
    assert said <= {
        "Commands like that are for a private chat with me. Here I do nothing with them. "
        "For everybody here there are /next and /resources."
    }
    assert said
    assert "Sertraline" not in str(shown)


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "//",
        "/ today",
        "/TODAY",
        "/today@evenkeel_bot now",
        "/today\x00",
        "/today " + "x" * 3000,
        "/тодай",
    ],
)
async def test_commands_are_understood_or_answered(home: House, text: str) -> None:
    said = await heard_after(home.life, message(home.life, text=text))
    assert len(said) == 1
    assert said[0].startswith(("Today, Thu 5 Mar", "I don't know that command."))
