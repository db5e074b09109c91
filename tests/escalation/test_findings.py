"""What becomes of rules and weights in one language, and of several languages together."""

from importlib import import_module
from pathlib import Path

import pytest

from bot.escalation.screening.lexicon import Lexicon
from bot.escalation.screening.tiers import Finding, Tier
from bot.escalation.screening.tongues import Tongues
from bot.escalation.screening.weights import Weights
from tests.escalation.small import OVERDOSE, WISH, table, written

screening = import_module("bot.escalation.screening.screen")

FAINT = {"tier": "faint", "reason": "empty", "patterns": ["so empty"]}
NUMB = {"tier": "faint", "reason": "apathy", "patterns": ["so numb"]}
DARK = {"tier": "gentle", "reason": "dark", "patterns": ["all dark"]}
TWO = {"tier": "gentle", "reason": "overdose", "patterns": ["took two"]}
CUT = {"tier": "gentle", "reason": "self-injury", "patterns": ["cut me"]}
# In texts of up to four words each term counts half.
HEAVY_AT, PLAIN_AT = (44, 44, 44), (100, 100, 100)
HEAVY = {"tired": 88, "weary": 87, "<empty>": 60, "<apathy>": 40, "sad": 100}
PLAIN = {"gone": 200, "gonish": 199, "leave": 200}
TELLING = {"xx": ["gone", "to", "die"], "yy": ["rien", "mort"]}


def weights_of(language: str) -> Weights:
    return Weights(language, HEAVY, PLAIN, HEAVY_AT, PLAIN_AT, frozenset({"gone", "gonish", "die"}))


@pytest.fixture
def lexicons(tmp_path: Path) -> dict[str, Lexicon]:
    """One language in which an apostrophe belongs to the word, and one in which it ends it."""
    rules = (WISH, OVERDOSE, FAINT, NUMB, DARK, TWO, CUT)
    french = table(
        {"tier": "urgent", "reason": "mort", "patterns": ["envie mort"]},
        {"tier": "gentle", "reason": "rien", "patterns": ["l rien"]},
        settings={"language": "yy", "elision": True},
        words={"other": "he il", "not": "not pas"},
    )
    return {
        "xx": written(tmp_path, table(*rules, settings={"glued": ["die"]})),
        "yy": written(tmp_path, french),
    }


@pytest.fixture(autouse=True)
def _two_small_languages(monkeypatch: pytest.MonkeyPatch, lexicons: dict[str, Lexicon]) -> None:
    tongues = {name: screening._Tongue(lexicon, weights_of(name)) for name, lexicon in lexicons.items()}
    monkeypatch.setattr(screening, "_TONGUES", tongues)
    monkeypatch.setattr(screening, "_CHOICE", Tongues(TELLING))


@pytest.mark.parametrize(
    ("text", "tier", "reasons"),
    [
        ("hello", Tier.NONE, ()),
        ("i want to die", Tier.URGENT, ("wish",)),
        ("all dark", Tier.GENTLE, ("dark",)),
        # Words alone, at the edges of what they must weigh.
        ("tired", Tier.GENTLE, ("weighed words",)),
        ("weary", Tier.NONE, ()),
        ("gone", Tier.URGENT, ("weighed words",)),
        ("gonish", Tier.NONE, ()),
        ("leave", Tier.NONE, ()),  # heavy, but nothing that plain wishes hang on
        ("leave sad", Tier.GENTLE, ("weighed words",)),
        # Signs weigh as words do, and are named.
        ("so empty", Tier.NONE, ()),
        ("so empty, so numb", Tier.GENTLE, ("weighed words", "apathy", "empty")),
        # Rules and words together.
        ("all dark, gone", Tier.URGENT, ("weighed words", "dark")),
        ("all dark, tired", Tier.GENTLE, ("dark",)),
        ("i want to die, gone", Tier.URGENT, ("wish",)),
        # What a rule has seen is not overruled by words.
        ("not want to die, gone", Tier.GENTLE, ("denied",)),
        ("he want to die, gone", Tier.GENTLE, ("someone else",)),
        ("took two, gone", Tier.URGENT, ("weighed words", "overdose")),  # but the number still comes first
        ("cut me, gone", Tier.GENTLE, ("self-injury",)),
    ],
)
def test_what_is_found_in_one_language(text: str, tier: Tier, reasons: tuple[str, ...]) -> None:
    assert screening.screen("to " + text) == Finding(tier, reasons, "xx")


def test_a_title_is_not_made_urgent_by_its_words() -> None:
    assert screening.screen('to song "want to die" gone') == Finding(Tier.NONE, (), "xx")


@pytest.mark.parametrize(
    ("text", "tier", "language"),
    [
        ("rien mort envie mort", Tier.URGENT, "yy"),
        ("envie mort", Tier.URGENT, "yy"),
        ("want to die", Tier.URGENT, "xx"),
        ("want to die rien envie mort", Tier.URGENT, "xx"),  # the first that is urgent is enough
        ("rien envie mort want to die", Tier.URGENT, "xx"),
        ("to rien all dark", Tier.GENTLE, "xx"),
        ("rien mort x y z", Tier.NONE, "yy"),
        ("x y", Tier.NONE, "xx"),
        ("", Tier.NONE, "xx"),
        ("to all dark, envie mort", Tier.URGENT, "yy"),  # a gentle finding still looks for a stronger one
        ("to all dark, l rien", Tier.GENTLE, "xx"),  # an equal one does not take its place
    ],
)
def test_what_several_languages_say_together(text: str, tier: Tier, language: str) -> None:
    finding = screening.screen(text)
    assert (finding.tier, finding.language) == (tier, language)


@pytest.mark.parametrize(
    ("text", "sure"), [("to die", True), ("envie mort", True), ("mort to die rien", False), ("hm", False)]
)
def test_the_language_is_sure_when_the_words_speak_for_one_alone(text: str, sure: bool) -> None:
    assert screening.screen(text).sure is sure


def test_what_was_understood_as_anothers_is_not_misread_in_a_second_language() -> None:
    assert screening.screen("all dark to die. rien envie mort").reasons == ("mort",)
    assert screening.screen("he want to die. rien envie mort").reasons == ("someone else",)


def test_an_apostrophe_ends_a_word_where_the_language_has_it_so() -> None:
    assert screening.screen("l'envie mort").language == "yy"
    assert screening.screen("pas d'envie mort").reasons == ("mort",)
    assert screening.screen("l'rien").reasons == ("rien",)
    assert screening.screen("lrien").tier is Tier.NONE
    assert screening.screen("wan't to die").reasons == ("wish",)


def test_both_ways_to_cut_at_an_apostrophe_tell_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "_CHOICE", Tongues({"xx": ["dont", "nobody"], "yy": ["l", "no"]}))
    text = "{} uu vv ww xx yy zz envie mort want to die"
    assert screening.screen(text.format("don't")).language == "xx"
    assert screening.screen(text.format("l'a")).language == "yy"


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("want to d i e", ("wish",)),
        ("w a n t  t o  d i e", ("wish",)),
        ("want to d1e", ("wish",)),
        ("want to dieee", ("wish",)),
        ("WANT TO DIE", ("wish",)),
        ("wánt to díe", ("wish",)),
        ("l'e n v i e mort", ("mort",)),
        ("x y z l'envie m o r t", ("mort",)),
        ("wan't to d i e", ("wish",)),
        ("want to d i e and l1e", ("wish",)),
        ("w4nt to d i e", ("wish",)),
    ],
)
def test_a_hidden_cry_is_found(text: str, reasons: tuple[str, ...]) -> None:
    assert screening.screen(text).reasons == reasons


def test_letters_typed_apart_tell_the_language_by_the_words_they_make(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(screening, "_CHOICE", Tongues({"xx": ["want"], "yy": ["e", "n", "i", "mort"]}))
    assert screening.screen("w a n t t o d i e").reasons == ("wish",)
    assert screening.screen("e n v i e m o r t").reasons == ("mort",)


def test_the_finding_holds_no_word_of_the_text() -> None:
    finding = screening.screen("to want to die, my secret")
    assert finding == Finding(Tier.URGENT, ("wish",), "xx")


def test_a_language_is_read_with_a_lexicon_and_weights_of_its_own() -> None:
    """One of the six; reading them all would take seconds."""
    tongue = screening._tongue("it")
    assert (tongue.lexicon.language, tongue.weights.language) == ("it", "it")
    assert tongue.weights.anchors
