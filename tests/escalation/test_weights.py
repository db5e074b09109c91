"""How words are weighed: each term once, the less the longer the text; very long texts piece by piece."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.escalation.screening.lexicon import LexiconUnusable
from bot.escalation.screening.weights import (
    PIECE_WORDS,
    Weights,
    length_class,
    load_weights,
    pieces,
    share_of_each,
    terms,
)

FILE = """
language = "xx"
heavy_at = [50, 60, 70]
plain_at = [150, 160, 170]
anchors = "die end"

[heavy]
"100" = "tired, no point"
"-50" = "happy"
"101" = "heavi*"
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


def weigh(weights: Weights, words: Sequence[str], signs: Sequence[str]) -> tuple[bool, bool]:
    """Whether it is heavy, and whether it is a plain wish."""
    said = pieces(words, signs)
    return weights.is_heavy(said), weights.is_plain(said)


@pytest.fixture
def weights(tmp_path: Path) -> Weights:
    return weights_of(tmp_path)


def test_each_word_and_each_pair_of_neighbours_is_a_term() -> None:
    assert terms(["no", "point", "now"]) == ["no", "point", "now", "no point", "point now"]
    assert terms(["one"]) == ["one"]
    assert terms([]) == []


def test_a_longer_word_is_known_by_its_beginning_too() -> None:
    assert terms(["sterbe", "sterb"]) == ["sterbe", "sterb", "sterb*", "sterbe sterb"]


def test_words_on_two_sides_of_a_sentences_end_are_no_pair_and_the_end_is_a_neighbour() -> None:
    assert terms(["no", "|", "point"]) == ["no", "|", "point", "no |", "| point"]


def test_the_file_says_how_heavily_each_term_speaks(weights: Weights) -> None:
    assert weights == Weights(
        "xx",
        {"heavi*": 101, "tired": 100, "no point": 100, "happy": -50, "die": 20},
        {"die": 400, "tired": 7, "<empty>": 3, "die now": 3},
        (50, 60, 70),
        (150, 160, 170),
        frozenset({"die", "end"}),
    )  # fmt: skip


@pytest.mark.parametrize(("words", "length"), [(0, 0), (14, 0), (15, 1), (39, 1), (40, 2), (500, 2)])
def test_a_text_is_short_medium_or_long(words: int, length: int) -> None:
    assert length_class(words) == length


@pytest.mark.parametrize(("words", "share"), [(0, 0.5), (1, 0.5), (4, 0.5), (16, 0.25), (100, 0.1)])
def test_a_term_counts_the_less_the_more_words_there_are(words: int, share: float) -> None:
    assert share_of_each(words) == share


@pytest.mark.parametrize(
    ("words", "signs", "heavy", "plain"),
    [
        ("tired", [], True, False),
        ("tired tired tired", [], True, False),
        ("tired and happy", [], False, False),
        ("no point", [], True, False),
        ("point no", [], False, False),
        ("die", [], False, True),
        ("die now tired", [], True, True),
        ("die | tired", [], True, True),  # a mark is no word: two words, half each
        ("", [], False, False),
        ("", ["empty"], False, False),
        ("empty", [], False, False),
        ("heavier", [], True, False),
    ],
)
def test_what_a_text_weighs(weights: Weights, words: str, signs: list[str], heavy: bool, plain: bool) -> None:
    assert weigh(weights, words.split(), signs) == (heavy, plain)


def test_a_sign_weighs_as_a_word_does(tmp_path: Path) -> None:
    weights = weights_of(tmp_path, FILE.replace('"20" = "die"', '"90" = "<empty>"\n"10" = "so"'))
    assert weigh(weights, ["what"], ["empty"]) == (False, False)
    assert weigh(weights, ["so"], ["empty"]) == (True, False)
    assert weigh(weights, ["so"], ["empty", "unheard"]) == (True, False)
    assert weigh(weights, ["so", "empty"], []) == (False, False)


def test_saying_it_again_does_not_make_it_heavier(tmp_path: Path) -> None:
    weights = weights_of(tmp_path, FILE.replace('"100"', '"90"'))
    assert weigh(weights, ["tired"] * 3, []) == (False, False)


class TestLength:
    """Each length has its own bar, and each term counts less in a longer text."""

    @pytest.mark.parametrize(
        ("length", "least"),
        [(4, 100), (9, 150), (14, 188), (15, 233), (36, 360), (39, 375), (49, 490), (160, 886)],
    )
    def test_how_much_makes_a_text_of_so_many_words_heavy(
        self, tmp_path: Path, length: int, least: int
    ) -> None:
        for weight in (least - 1, least):
            weights = weights_of(tmp_path, FILE.replace('"100"', f'"{weight}"'))
            assert weigh(weights, ["tired", *["so"] * (length - 1)], [])[0] is (weight == least)

    def test_the_end_of_a_sentence_is_no_word(self, weights: Weights) -> None:
        assert weigh(weights, ["tired", "|", "so", "so", "so", "|"], [])[0]
        assert not weigh(weights, ["tired", "so", "so", "so", "so"], [])[0]

    @pytest.mark.parametrize(("length", "least"), [(4, 300), (14, 562), (15, 620), (39, 1000), (40, 1076)])
    def test_and_a_plain_wish(self, tmp_path: Path, length: int, least: int) -> None:
        for weight in (least - 1, least):
            weights = weights_of(tmp_path, FILE.replace('"400"', f'"{weight}"'))
            assert weigh(weights, ["die", *["so"] * (length - 1)], [])[1] is (weight == least)


class TestVeryLongTexts:
    """160 words are weighed at a time, each piece half over the next; one heavy piece is enough."""

    @pytest.fixture
    def weights(self, tmp_path: Path) -> Weights:
        """One of the two words is too little for 160, both are enough."""
        return weights_of(
            tmp_path,
            FILE.replace('"100" = "tired, no point"', '"500" = "tired, worn"')
            .replace('"-50"', '"-500"')
            .replace('"400" = "die"', '"1100" = "die, dying"'),
        )

    def weigh(self, weights: Weights, *places: tuple[str, int], length: int) -> tuple[bool, bool]:
        words = ["so"] * length
        for word, place in places:
            words[place] = word
        return weigh(weights, words, [])

    def test_so_many_words_are_one_piece_and_one_more_is_two(self, weights: Weights) -> None:
        assert PIECE_WORDS == 160
        assert self.weigh(weights, ("tired", 0), ("worn", 159), length=160) == (True, False)
        assert self.weigh(weights, ("tired", 0), ("worn", 160), length=161) == (False, False)
        assert self.weigh(weights, ("tired", 0), ("worn", 159), length=161) == (True, False)

    def test_words_far_apart_do_not_add_up(self, weights: Weights) -> None:
        assert self.weigh(weights, ("tired", 10), ("worn", 300), length=400) == (False, False)
        assert self.weigh(weights, ("die", 10), ("dying", 300), length=400) == (False, False)

    def test_words_near_each_other_are_in_one_piece_wherever_they_stand(self, weights: Weights) -> None:
        for place in range(0, 720, 7):
            assert self.weigh(weights, ("tired", place), ("worn", place + 80), length=801) == (True, False)
            assert self.weigh(weights, ("die", place), ("dying", place + 80), length=801) == (False, True)

    def test_pieces_begin_at_every_eightieth_word(self, weights: Weights) -> None:
        assert self.weigh(weights, ("tired", 80), ("worn", 239), length=400) == (True, False)
        assert self.weigh(weights, ("tired", 80), ("worn", 240), length=400) == (False, False)
        assert self.weigh(weights, ("tired", 79), ("worn", 239), length=400) == (False, False)

    def test_the_end_of_a_text_is_no_piece_of_its_own(self, weights: Weights) -> None:
        """What softens it is weighed with it."""
        softened = (("happy", 100), ("tired", 200), ("worn", 201))
        assert self.weigh(weights, *softened, length=240) == (False, False)

    def test_the_last_words_are_weighed_whatever_the_length(self, weights: Weights) -> None:
        for length in range(161, 500, 13):
            assert self.weigh(weights, ("tired", length - 2), ("worn", length - 1), length=length)[0]
            assert self.weigh(weights, ("tired", 0), ("worn", 1), length=length)[0]

    def test_happy_words_elsewhere_do_not_hide_it(self, weights: Weights) -> None:
        assert self.weigh(weights, ("happy", 0), ("tired", 400), ("worn", 401), length=402)[0]

    def test_the_signs_of_the_text_are_in_every_piece(self, tmp_path: Path) -> None:
        weights = weights_of(tmp_path, FILE.replace('"20" = "die"', '"800" = "<empty>"'))
        assert not weigh(weights, ["so"] * 400 + ["tired"], [])[0]
        assert weigh(weights, ["so"] * 400 + ["tired"], ["empty"])[0]


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
        FILE.replace("[50, 60, 70]", '"soon"'),
        FILE.replace("[50, 60, 70]", "50"),
        FILE.replace("[50, 60, 70]", "[50, 60]"),
        FILE.replace("[50, 60, 70]", "[50, 60, 70, 80]"),
        FILE.replace("[150, 160, 170]", '"soon"'),
        FILE.replace("[150, 160, 170]", "[150, 160]"),
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


def test_a_length_without_a_bar_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconUnusable, match="there must be 3 bars"):
        weights_of(tmp_path, FILE.replace("[50, 60, 70]", "[50, 60]"))


def test_words_with_accents_are_read_as_written(tmp_path: Path) -> None:
    assert "über" in weights_of(tmp_path, FILE.replace("happy", "über")).heavy
