"""Whole messages that call for help, and those that only sound a little like it, in every language."""

import tomllib
from pathlib import Path

import pytest

from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.conversation.inbound import Inbound, Origin, Words
from bot.escalation.crisis.alert import Source
from bot.escalation.crisis.calls import call_in
from bot.escalation.crisis.cry import Cry, read
from bot.escalation.rules import CrisisPress, Step

CALLS = tomllib.loads(Path("bot/escalation/crisis/calls.toml").read_text(encoding="utf-8"))
PHRASES = Path(__file__).with_name("phrases")

TABLE = tomllib.loads(Path("tests/tables/calls.toml").read_text(encoding="utf-8"))
HEARD = [(text, language) for language, texts in TABLE["heard"].items() for text in texts]
NOT_HEARD = [text for texts in TABLE["not_heard"].values() for text in texts]


@pytest.mark.parametrize(("text", "language"), [*HEARD, ("sos " * 40, "shared")])
def test_a_call_for_help_brings_the_card_in_its_language(text: str, language: str) -> None:
    found = read(Inbound(1, Origin("telegram", "bot", "501", "501"), Words(text)), frozenset({"help", "add"}))
    assert found == Cry(
        Source.TEXT, press=CrisisPress(Step.CARD, language="" if language == "shared" else language)
    )


@pytest.mark.parametrize("text", NOT_HEARD)
def test_what_only_sounds_a_little_like_it_is_no_call(text: str) -> None:
    found = read(Inbound(1, Origin("telegram", "bot", "501", "501"), Words(text)), frozenset({"help", "add"}))
    assert found is None


@pytest.mark.parametrize("kind", ["held", "making"])
def test_no_harmless_line_of_our_sets_is_taken_for_a_call(kind: str) -> None:
    """Only their number is told: nobody who makes the screen reads the held sets."""
    lines = [
        line
        for file in sorted((PHRASES / kind).glob("*_benign*.txt"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    assert len(lines) > 5_000
    assert sum(call_in(line) is not None for line in lines) == 0


def test_every_language_calls_and_no_word_that_is_left_out_is_a_call_by_itself() -> None:
    assert set(CALLS) == set(LANGUAGE_NAMES)
    for language, table in CALLS.items():
        assert {call_in(call) for call in table["calls"]} <= {language, ""}
        assert {call_in(word) for word in table["small"] + table["bare"]} == {None}


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_a_call_is_heard_with_any_small_word_beside_it(language: str) -> None:
    table = CALLS[language]
    for small in table["small"]:
        for call in table["calls"] + table["bare"]:
            for text in (f"{small} {call}", f"{call}, {small}!", f"SOS {call}"):
                assert call_in(text) in (language, ""), text
