"""When an update is set aside because of an error of ours: who is told, and how."""

from pathlib import Path

import pytest

from bot.conversation.catalogs import catalog
from bot.conversation.inbound import Event, Inbound, Origin, Press, Words
from bot.conversation.message import Message
from bot.conversation.wording import went_wrong
from tests.transcripts.stage import ALEX, BOT, GROUP, stage

WORDS = went_wrong(catalog("en")).plain


@pytest.mark.parametrize(
    ("private", "event", "said", "noted"),
    [
        (True, Words("/today"), [ALEX], []),
        (True, Press("x", "1", "q"), [ALEX], []),
        (False, Words("/group"), [], []),
        (False, Press("x", "1", "q"), [], [("q", WORDS)]),
    ],
)
async def test_in_a_group_nothing_is_said_aloud_past_the_pace(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    private: bool,
    event: Event,
    said: list[str],
    noted: list[tuple[str, str]],
) -> None:
    sent, notes = list[str](), list[tuple[str, str | None]]()

    async def send(ref: str, _message: Message, _sign: object) -> bool:
        sent.append(ref)
        return True

    async def answer(query: str, text: str | None = None, alert: bool = False) -> None:
        notes.append((query, text))

    async with stage(tmp_path) as played:
        monkeypatch.setattr(played.door, "_direct", played.chat)
        monkeypatch.setattr(type(played.chat), "send", staticmethod(send))
        monkeypatch.setattr(type(played.chat), "answer", staticmethod(answer))
        chat = ALEX if private else GROUP
        origin = Origin("telegram", BOT, chat, ALEX, private=private)
        await played.door.apologise(Inbound(1, origin, event))
    assert (sent, notes) == (said, noted)
