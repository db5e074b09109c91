"""Which languages a text is read in, by its words."""

from pathlib import Path

import pytest

from bot.escalation.screening.lexicon import LexiconUnusable
from bot.escalation.screening.tongues import Tongues, load_tongues

# "no" and "me" are at home in two languages, "a" in all three.
TONGUES = Tongues(
    {
        "en": ["the", "and", "you", "not", "want", "me", "a"],
        "es": ["que", "quiero", "no", "me", "muy", "a"],
        "it": ["che", "voglio", "no", "a"],
    }
)
ALL = {"en", "es", "it"}


def names(read: list[tuple[str, bool]]) -> list[str]:
    """The languages alone."""
    return [language for language, _ in read]


@pytest.mark.parametrize("text", ["", "no", "hm", "x y z u", "a"])
def test_few_words_that_tell_little_are_read_in_every_language(text: str) -> None:
    assert {language for language, _ in TONGUES.of(text.split())} == ALL


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("quiero", ["es"]),  # a word of one language alone counts twice, so it decides
        ("a no", ["es", "it", "en"]),
        ("me no", ["es", "en", "it"]),
        ("the and you", ["en"]),
        ("the quiero", ["en", "es"]),
        ("x y z u v", ["en", "es", "it"]),  # nothing tells: all are read, however long
        ("x y z u no", ["es", "it"]),
        ("x y z u x x no", ["es", "it"]),
        ("a me x y z u", ["en", "es", "it"]),  # a word of all three counts too
        ("the and quiero", ["en", "es"]),
        ("the and you not quiero", ["en"]),
        ("the and you quiero que", ["en", "es"]),
        ("the and you not quiero que muy", ["en", "es"]),
        ("the and quiero que me muy", ["es", "en"]),
    ],
)
def test_the_languages_of_a_text_the_likeliest_first(text: str, languages: list[str]) -> None:
    assert names(TONGUES.of(text.split())) == languages


def test_a_word_of_one_language_alone_counts_as_much_as_two_shared_ones() -> None:
    tongues = Tongues({"aa": ["one"], "bb": ["x", "y"], "cc": ["x", "y"]})
    assert names(tongues.of(["one", "x", "y"])) == ["aa", "bb", "cc"]


def test_a_word_said_twice_tells_no_more_than_once() -> None:
    assert names(TONGUES.of(["the", "the", "the", "quiero"])) == ["en", "es"]


@pytest.mark.parametrize(
    ("others", "found"), [(7, [("aa", True), ("bb", True)]), (6, [("aa", True), ("bb", False)]),
                          (5, [("aa", True), ("bb", False)]), (4, [("aa", True)])],
)  # fmt: skip
def test_seven_tenths_of_the_best_are_as_likely_and_half_of_them_worth_a_look(
    others: int, found: list[tuple[str, bool]]
) -> None:
    tongues = Tongues({"aa": [f"a{n}" for n in range(10)], "bb": [f"b{n}" for n in range(10)]})
    assert tongues.of([f"a{n}" for n in range(10)] + [f"b{n}" for n in range(others)]) == found


def test_four_words_are_few_and_five_are_not() -> None:
    tongues = Tongues({"aa": ["both", "one"], "bb": ["both"], "cc": []})
    assert names(tongues.of(["both", "x", "y", "z"])) == ["aa", "bb", "cc"]
    assert names(tongues.of(["both", "x", "y", "z", "u"])) == ["aa", "bb"]


def test_the_words_that_tell_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "tongues.toml"
    file.write_text('aa = "one uno ä"\nbb = "two"\n', encoding="utf-8")
    tongues = load_tongues(file)
    assert names(tongues.of(["one"])) == ["aa"]
    assert names(tongues.of(["ä"])) == ["aa"]
    assert names(tongues.of(["two"])) == ["bb"]


def test_a_file_that_cannot_be_trusted_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "tongues.toml"
    with pytest.raises(LexiconUnusable, match=r"^tongues\.toml: "):
        load_tongues(file)
    for content in (b"aa =", b"aa = 5", b'aa = "\xff"'):
        file.write_bytes(content)
        with pytest.raises(LexiconUnusable, match=r"^tongues\.toml: "):
            load_tongues(file)
