"""Writing made plain: the many ways to type one word end in one spelling."""

import re

import pytest

from bot.escalation.screening import normal
from bot.escalation.screening.normal import fold, repaired, together, tokens, typed_apart

KILL = re.compile("kill")
KNOWN = frozenset({"i", "to", "kill", "killing", "myself", "die", "kms", "want", "all", "feel", "good", "so"})


@pytest.fixture(autouse=True)
def _no_letter_is_known_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter is worked out once in a process; here each test works it out anew."""
    monkeypatch.setattr(normal, "_PLAIN", type(normal._PLAIN)())


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I Want To DIE", "i want to die"),
        ("í wánt to díe", "i want to die"),
        ("É", "e"),
        ("ÉTÉ passé", "ete passe"),
        ("diе", "die"),  # Cyrillic е
        ("ДIЕ", "die"),  # capitals of other alphabets, too
        ("𝐝𝐢𝐞", "die"),
        ("ｄｉｅ", "die"),
        ("k\u200bi\u00adll", "kill"),
        ("d\u0301ie", "die"),
        ("œuvre Œ æ ø", "oeuvre oe ae o"),
        ("ß", "ss"),
        ("ﬁne", "fine"),  # one character, two letters
        ("don’t don‘t donʼt don´t don＇t", "don't don't don't don't don't"),
        ("don`t", "don't"),
        ("don`t é", "don't e"),
        ("“a” „b‟ «c»", '"a" "b" "c"'),
        ("💊", " pills "),
        ("é 💊💊", "e  pills  pills "),
        ("😀", "😀"),
        ("one\ntwo. three!", "one\ntwo. three!"),
        ("é\none", "e\none"),
        ("d\ud800ie", "die"),
        ("", ""),
    ],
)
def test_a_letter_has_one_shape(typed: str, plain: str) -> None:
    assert fold(typed) == plain
    assert fold(typed) == plain  # the second time it is known


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("@killer_bot", " "),
        (" @Killer_Bot\n", "  \n"),
        ("https://example.org/die ", "  "),
        ("www.example.org ", "  "),
        ("WWW.example.org ", "  "),
        ("t.me/killer_bot", " "),
        ("see www.example.org/a?b=c now", "see   now"),
        ("@evenkeel_bot I want to die", "  i want to die"),
        ("and/or m@n @@@ a/b", "and/or m@n @@@ a/b"),
        ("@abcd", "@abcd"),  # no name is as short as this
        ("@want_to_die please", "  please"),
    ],
)
def test_of_somebodys_name_and_no_more_nothing_is_left(text: str, left: str) -> None:
    assert fold(text) == left


@pytest.mark.parametrize(
    ("folded", "found"),
    [
        ("i want to die", ["i", "want", "to", "die"]),
        ("no. i want, really", ["no", ".", "i", "want", ",", "really"]),
        ('"die" (now) [x]', ['"', "die", '"', "(", "now", ")", "[", "x", "]"]),
        ("taken 08:00, 9.30 not 123:45", ["taken", "08:00", ",", "9.30", "not", "123", ":", "45"]),
        ("at 8:300", ["at", "8", ":", "300"]),
        ("k*ll d!e $uicide m@n", ["k*ll", "d!e", "$uicide", "m@n"]),
        ("die! ok", ["die", "!", "ok"]),
        ("so 😀 ☀", ["so", "😀", "☀"]),
        ("don't", ["dont"]),
        ("a\nb", ["a", "\n", "b"]),
    ],
)
def test_a_text_is_cut_into_words_marks_and_pictures(folded: str, found: list[str]) -> None:
    assert tokens(folded) == found


def test_in_some_languages_an_apostrophe_ends_a_word() -> None:
    assert tokens("j'ai envie", elision=True) == ["j", "ai", "envie"]
    assert tokens("j'ai envie", elision=False) == ["jai", "envie"]


@pytest.mark.parametrize("text", ["k i l l", "k.i.l.l", "k-m-s", "d_i_e", "d* i* e", "so k i l l now"])
def test_letters_one_by_one_are_noticed(text: str) -> None:
    assert typed_apart(text)


@pytest.mark.parametrize("text", ["kill", "i do", "a b", "ab cd ef", "k   i   l   l"])
def test_short_words_are_not_letters_one_by_one(text: str) -> None:
    assert not typed_apart(text)


@pytest.mark.parametrize(
    ("apart", "joined"),
    [
        ("k i l l", "kill"),
        ("k.i.l.l m-y-s-e-l-f", "kill myself"),  # a run each, for the space between is no wider
        ("i want to d i e", "i want to die"),
        ("k i l l m y s e l f", "kill myself"),
        ("1 2 3", "123"),
        ("x y z", "xyz"),
        ("so k m s now", "so kms now"),
    ],
)
def test_letters_typed_apart_become_words_again(apart: str, joined: str) -> None:
    assert together(apart, KNOWN) == joined


def test_digits_typed_apart_are_one_number() -> None:
    assert together("2 2 2", frozenset({"2"})) == "222"


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("k1ll", ("kill",)),
        ("k!ll", ("kill",)),
        ("ki11", ("kill",)),  # a 1 is an l as well
        ("ki||", ("kill",)),
        ("d13", ("die",)),
        ("mys3lf", ("myself",)),
        ("g00d", ("good",)),
        ("dieeee", ("die",)),
        ("feeeel", ("feel",)),
        ("goooood", ("good",)),
        ("kkkilllll", ()),
        ("ddiiieee", ("die",)),
        ("k*ll", ("kill",)),
        ("**ll", ("kill",)),
        ("*ie", ("die",)),
        ("k*lling", ("killing",)),
        ("2die", ("to", "die")),
        ("want2die", ("want", "to", "die")),
        ("x1x", ()),
        ("k*lx", ()),
        ("d*", ()),
        ("k.*l", ()),
    ],
)
def test_an_odd_word_is_read_as_the_known_word_behind_it(token: str, words: tuple[str, ...]) -> None:
    assert repaired(token, KNOWN) == words


def test_of_two_words_behind_stars_the_first_in_the_alphabet_is_meant() -> None:
    assert repaired("*ill", frozenset({"will", "kill", "pill", "i"})) == ("kill",)


def test_a_drawn_out_word_is_read_with_one_letter_or_two_before_all_doubles_are_dropped() -> None:
    assert repaired("hooop", frozenset({"hop", "hoop"})) == ("hop",)
    assert repaired("hoooop", frozenset({"hoop"})) == ("hoop",)
    assert repaired("llooove", frozenset({"love", "lloove"})) == ("lloove",)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("killmyself", ("kill", "myself")),
        ("wanttodie", ("want", "to", "die")),
        ("killingmyself", ("killing", "myself")),
        ("killmyselfi", ("kill", "myself", "i")),
        ("killxxx", ()),
        ("skillful", ()),
        ("iwanttokillmyselfsokillmy", ()),  # 25 letters are no word any more
    ],
)
def test_words_written_together_are_cut_apart(token: str, words: tuple[str, ...]) -> None:
    assert repaired(token, KNOWN, re.compile("kill|die")) == words


def test_words_written_together_are_cut_into_as_few_as_possible() -> None:
    known = frozenset({"killm", "ys", "elf", "kill", "myself"})
    assert repaired("killmyself", known, re.compile("kill")) == ("kill", "myself")


def test_a_long_word_is_only_cut_when_it_holds_a_telling_part() -> None:
    assert repaired("feelgood", KNOWN, re.compile("kill|die")) == ()
    assert repaired("feelgood", KNOWN, re.compile("kill|feel")) == ("feel", "good")
    assert repaired("feelgood", KNOWN) == ()


def test_seven_letters_are_the_least_that_is_cut_and_twenty_four_the_most() -> None:
    known = frozenset({"kill", "me", "all", "so", "myself", "to", "alls"})
    assert repaired("killme", known, KILL) == ()
    assert repaired("killall", known, KILL) == ("kill", "all")
    assert repaired("kill" * 6, known, KILL) == ("kill",) * 6
    assert repaired("kill" * 6 + "s", known | {"kills"}, KILL) == ()
    assert repaired("kill2kill2kill2kill2kill", known) == ("kill", "to") * 4 + ("kill",)
    assert repaired("kill2kill2kill2kill2killl", known | {"killl"}) == ()


def test_stars_in_a_very_long_word_are_left_alone() -> None:
    assert repaired("k" * 23 + "*", frozenset({"k" * 24})) == ("k" * 24,)
    assert repaired("k" * 24 + "*", frozenset({"k" * 25})) == ()


def test_a_piece_of_a_glued_word_has_at_most_sixteen_letters() -> None:
    assert repaired("kill" + "a" * 16, frozenset({"kill", "a" * 16}), KILL) == ("kill", "a" * 16)
    assert repaired("kill" + "a" * 17, frozenset({"kill", "a" * 17}), KILL) == ()
