"""How words are weighed: each word and pair counts once, long texts piece by piece."""

from pathlib import Path

import pytest

from bot.escalation.screening.lexicon import LexiconUnusable
from bot.escalation.screening.weights import PIECE_WORDS, Weights, load_weights, terms

FILE = """
language = "xx"
heavy_at = 300
plain_at = 500
anchors = "die end"

[heavy]
"100" = "tired, no point"
"-50" = "happy"
"20" = "die"

[plain]
"400" = "die"
"7" = "tired"
"3" = "<empty>, die now"
"""


def weights_of(folder: Path, content: str = FILE) -> Weights:
    file = folder / "xx.toml"
    file.write_text(content, encoding="utf-8")
    return load_weights(file)


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return weights_of(tmp_path)


def test_each_word_and_each_pair_of_neighbours_is_a_term() -> None:
    assert terms(["no", "point", "now"]) == ["no", "point", "now", "no point", "point now"]
    assert terms(["one"]) == ["one"]
    assert terms([]) == []


def test_words_on_two_sides_of_a_sentences_end_are_no_pair() -> None:
    assert terms(["no", "|", "point"]) == ["no", "point"]
    assert terms(["|", "no", "point", "|"]) == ["no", "point", "no point"]


def test_the_file_says_how_heavily_each_term_speaks(weights: Weights) -> None:
    assert weights == Weights(
        "xx",
        {"tired": (100, 7), "no point": (100, 0), "happy": (-50, 0), "die": (20, 400), "<empty>": (0, 3),
         "die now": (0, 3)},
        300,
        500,
        frozenset({"die", "end"}),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "signs", "sums"),
    [
        ("tired", [], (100, 7)),
        ("tired tired tired", [], (100, 7)),  # saying it again does not make it heavier
        ("tired and happy", [], (50, 7)),
        ("no point", [], (100, 0)),
        ("point no", [], (0, 0)),
        ("die now tired", [], (120, 410)),
        ("die | now", [], (20, 400)),
        ("", [], (0, 0)),
        ("", ["empty"], (0, 3)),
        ("tired", ["empty", "unheard"], (100, 10)),
        ("empty", [], (0, 0)),
    ],
)
def test_what_a_text_weighs(weights: Weights, words: str, signs: list[str], sums: tuple[int, int]) -> None:
    assert weights.weigh(words.split(), signs) == sums


class TestLongTexts:
    """Forty words are weighed at a time, each piece half over the next; the heaviest counts."""

    def weigh(self, weights: Weights, *places: tuple[str, int], length: int) -> tuple[int, int]:
        words = ["so"] * length
        for word, place in places:
            words[place] = word
        return weights.weigh(words, [])

    def test_forty_words_are_one_piece_and_forty_one_are_two(self, weights: Weights) -> None:
        assert PIECE_WORDS == 40
        assert self.weigh(weights, ("tired", 0), ("die", 39), length=40) == (120, 407)
        assert self.weigh(weights, ("tired", 0), ("die", 40), length=41) == (100, 400)
        assert self.weigh(weights, ("tired", 0), ("die", 39), length=41) == (120, 407)

    def test_words_far_apart_do_not_add_up(self, weights: Weights) -> None:
        assert self.weigh(weights, ("tired", 10), ("die", 150), length=200) == (100, 400)

    def test_words_near_each_other_are_in_one_piece_wherever_they_stand(self, weights: Weights) -> None:
        for place in range(180):
            assert self.weigh(weights, ("tired", place), ("die", place + 20), length=201) == (120, 407)

    def test_a_piece_has_forty_words(self, weights: Weights) -> None:
        assert self.weigh(weights, ("tired", 20), ("die", 59), length=100) == (120, 407)
        assert self.weigh(weights, ("tired", 20), ("die", 60), length=100) == (100, 400)
        assert self.weigh(weights, ("tired", 19), ("die", 59), length=100) == (100, 400)

    def test_pieces_begin_at_every_twentieth_word(self, weights: Weights) -> None:
        assert self.weigh(weights, ("tired", 10), ("die", 45), length=100) == (100, 400)
        # The end of a text is no piece of its own: what softens it is weighed with it.
        assert self.weigh(weights, ("happy", 30), ("tired", 50), length=60) == (50, 7)

    def test_the_last_words_are_weighed_whatever_the_length(self, weights: Weights) -> None:
        for length in range(41, 130):
            assert self.weigh(weights, ("die", length - 1), length=length) == (20, 400)
            assert self.weigh(weights, ("die", 0), length=length) == (20, 400)

    def test_happy_words_elsewhere_do_not_hide_it(self, weights: Weights) -> None:
        assert self.weigh(weights, ("happy", 0), ("tired", 100), length=101) == (100, 7)

    def test_the_signs_of_the_text_are_in_every_piece(self, weights: Weights) -> None:
        assert weights.weigh(["so"] * 100 + ["tired"], ["empty"]) == (100, 10)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "language =",
        FILE.replace("[heavy]", "[light]"),
        FILE.replace("[plain]", "[open]"),
        FILE.replace('"100"', '"much"'),
        FILE.replace("anchors", "chains"),
        FILE.replace('"die end"', "5"),
        FILE.replace("heavy_at = 300", 'heavy_at = "soon"'),
        FILE.replace("plain_at", "plain"),
        FILE.replace("language", "tongue"),
        FILE.replace('"happy"', "5"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_by_name(tmp_path: Path, content: str) -> None:
    with pytest.raises(LexiconUnusable, match=r"^xx\.toml: "):
        weights_of(tmp_path, content)


def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(LexiconUnusable, match=r"^yy\.toml: "):
        load_weights(tmp_path / "yy.toml")
    (tmp_path / "zz.toml").write_bytes(b'language = "\xff"')
    with pytest.raises(LexiconUnusable, match=r"^zz\.toml: "):
        load_weights(tmp_path / "zz.toml")


def test_words_with_accents_are_read_as_written(tmp_path: Path) -> None:
    assert "über" in weights_of(tmp_path, FILE.replace("happy", "über")).of
