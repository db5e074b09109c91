"""Rights are known, or somebody has to ask; and links to the private chat are ours alone."""

import pytest

from bot.conversation.message import Action
from bot.conversation.rights import Rights, Unasked
from bot.conversation.tokens import Signer, owner_of_group

SIGNER = Signer(b"k" * 32)
OPEN = Action("groups", "open", "12.34567")


def test_what_was_not_asked_has_to_be() -> None:
    with pytest.raises(Unasked) as unasked:
        Rights().runs("-5")
    assert unasked.value.chat == "-5"


@pytest.mark.parametrize("runs", [True, False, None])
def test_what_the_platform_said_holds_for_that_group_alone(runs: bool | None) -> None:
    rights = Rights().told("-5", runs)
    assert rights.runs("-5") is runs
    with pytest.raises(Unasked):
        rights.runs("-6")


def test_a_link_means_what_it_was_made_for_at_that_bot_alone() -> None:
    word = SIGNER.word(OPEN, "1")
    assert len(word) <= 64
    assert set(word) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert SIGNER.read_word(word, "1") == OPEN
    assert SIGNER.read_word(word, "2") is None
    assert Signer(b"x" * 32).read_word(word, "1") is None


@pytest.mark.parametrize("word", ["", "go_", "go_x", "sos", "hello", "go_" + "A" * 61, "go_é"])
def test_other_words_mean_nothing(word: str) -> None:
    assert SIGNER.read_word(word, "1") is None


def test_the_longest_link_fits() -> None:
    """Ids of groups and topics that nobody will ever see."""
    assert len(SIGNER.word(Action("groups", "open", "9999999999.9999999999"), "1")) <= 64


def test_a_button_of_a_group_is_that_groups() -> None:
    token = SIGNER.sign(OPEN, owner_of_group("1", 12))
    assert SIGNER.read(token, owner_of_group("1", 12)) == OPEN
    for other in (owner_of_group("1", 13), owner_of_group("2", 12), "1:12"):
        assert SIGNER.read(token, other) is None
