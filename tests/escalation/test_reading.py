"""How a text is read: what is found in it, whose it is and of when, and what is left of it to weigh."""

from pathlib import Path

import pytest

from bot.escalation.screening.lexicon import Lexicon
from bot.escalation.screening.reading import Found
from bot.escalation.screening.tiers import Tier
from tests.escalation.small import OVERDOSE, WISH, read, table, written

FAINT = {"tier": "faint", "reason": "empty", "patterns": ["so empty"]}
DARK = {"tier": "gentle", "reason": "dark", "patterns": ["all dark"]}
NO_POINT = {"tier": "urgent", "reason": "no point", "patterns": ["not worth it"]}
THEIRS = {"tier": "gentle", "reason": "their wish", "who": "other", "patterns": ["he goes"]}
WHOSE = {"tier": "urgent", "reason": "plan", "patterns": ["kill ..2 self", "wants ..1 gone", "kill myself"]}


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    content = table(
        WISH, OVERDOSE, FAINT, DARK, NO_POINT, THEIRS, WHOSE,
        idioms=["dying to", "kill ..2 time"],
        same={"iwd": "i want die"},
        settings={"fuzzy": ["pills"], "glued": ["die"]},
    )  # fmt: skip
    return written(tmp_path, content)


def said(found: Found) -> tuple[Tier, tuple[str, ...]]:
    return found.tier, found.reasons


OWN = (Tier.URGENT, ("wish",))
DENIED = (Tier.GENTLE, ("denied",))
ANOTHER = (Tier.GENTLE, ("someone else",))
LONG_PAST = (Tier.GENTLE, ("history",))
NOTHING: tuple[Tier, tuple[str, ...]] = (Tier.NONE, ())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("i want to die", OWN),
        ("hello there", NOTHING),
        ("", NOTHING),
        ("all dark", (Tier.GENTLE, ("dark",))),
        ("i took pills", (Tier.URGENT, ("overdose",))),
        # The strongest finding alone is named.
        ("all dark. i want to die", OWN),
        ("i want to die. all dark", OWN),
        ("he goes. all dark", (Tier.GENTLE, ("dark", "their wish"))),
        ("all dark. all dark", (Tier.GENTLE, ("dark",))),
    ],
)
def test_what_is_found(lexicon: Lexicon, text: str, what: tuple[Tier, tuple[str, ...]]) -> None:
    found = read(text, lexicon)
    assert (found.tier, sorted(found.reasons)) == (what[0], sorted(what[1]))


def test_a_sign_is_named_and_never_counts_alone(lexicon: Lexicon) -> None:
    found = read("so empty", lexicon)
    assert (found.tier, found.reasons, found.signs, found.own) == (Tier.NONE, (), frozenset({"empty"}), True)
    beside = read("so empty and all dark", lexicon)
    assert (said(beside), beside.signs, beside.own) == ((Tier.GENTLE, ("dark",)), frozenset({"empty"}), True)


def test_a_sign_of_somebody_else_or_denied_is_a_sign_still(lexicon: Lexicon) -> None:
    for text in ("he is so empty", "not so empty", "so empty years ago"):
        assert read(text, lexicon).signs == {"empty"}


def test_a_sign_in_a_title_is_none(lexicon: Lexicon) -> None:
    found = read('a song "so empty"', lexicon)
    assert (found.signs, found.tier, found.own) == (frozenset(), Tier.NONE, False)


class TestDenied:
    """A wish that is denied is asked about, not believed away."""

    @pytest.mark.parametrize(
        "text",
        [
            "i not want to die",
            "i never want to die",
            "i not ever... i not just want to die",
            "not, just want to die",
            "not just just just just just just just just just just just just just want to die",
            'not "want to die"',
            "not 😀 want to die",
            "that is not want to die",
        ],
    )
    def test_a_not_before_it_denies(self, lexicon: Lexicon, text: str) -> None:
        expected = OWN if text.startswith("not,") else DENIED  # "No, I want to die" answers a question
        assert said(read(text, lexicon)) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "not today i want to die",  # a word between that does not carry the not
            "not. i want to die",
            "not just just just just just just just just just just just just just just want to die",
            "no reason not want to die",
            "reason a b c d not want to die",
            "i want to die not",
        ],
    )
    def test_a_not_that_belongs_elsewhere_does_not(self, lexicon: Lexicon, text: str) -> None:
        assert said(read(text, lexicon)) == OWN

    def test_a_doubled_denial_far_before_the_not_does_not_turn_it_round(self, lexicon: Lexicon) -> None:
        assert said(read("reason a b c d e not want to die", lexicon)) == DENIED

    def test_a_not_inside_the_match_denies(self, tmp_path: Path) -> None:
        rule = {"tier": "urgent", "reason": "wish", "patterns": ["will ..2 die"]}
        lexicon = written(tmp_path, table(rule))
        assert said(read("i will not die", lexicon)) == DENIED
        assert said(read("i will soon die", lexicon)) == OWN

    def test_a_not_behind_a_comma_at_the_end_of_the_match_denies_nothing(self, tmp_path: Path) -> None:
        rule = {"tier": "urgent", "reason": "wish", "patterns": ["will die ..1"]}
        lexicon = written(tmp_path, table(rule))
        assert said(read("i will die not", lexicon)) == DENIED
        assert said(read("i will die, not a joke", lexicon)) == OWN
        assert said(read("i will die a", lexicon)) == OWN

    def test_a_not_that_is_the_finding_itself_denies_nothing(self, lexicon: Lexicon) -> None:
        assert said(read("not worth it", lexicon)) == (Tier.URGENT, ("no point",))
        assert said(read("never just not worth it", lexicon)) == (Tier.URGENT, ("no point",))

    def test_what_is_gentle_already_stays_what_it_is(self, lexicon: Lexicon) -> None:
        assert said(read("not all dark", lexicon)) == (Tier.GENTLE, ("dark",))

    def test_a_not_at_the_very_beginning_is_seen(self, lexicon: Lexicon) -> None:
        assert said(read("not want to die", lexicon)) == DENIED


class TestSomebodyElse:
    """Whose wish it is, by the nearest word for a person, within the sentence."""

    @pytest.mark.parametrize(
        "text",
        [
            "he kill self",
            "my friend may kill the self",
            "i know he kill self",
            "wants to gone",  # the form of the verb alone
            "kill her self",
            "he a b c d e f g h i j k l kill self".replace(" i ", " o "),
            "friend, kill self",
            "friend 😀 kill self",
        ],
    )
    def test_it_is_about_another(self, lexicon: Lexicon, text: str) -> None:
        assert said(read(text, lexicon)) == ANOTHER

    @pytest.mark.parametrize(
        "text",
        [
            "i kill self",
            "kill self",
            "he knows i kill self",
            "he left. kill self",
            "i wants gone",
            "he a b c d e f g h o j k l m n kill self",
            "he may i kill self",
            "he kill my self",  # the match itself holds a word of the writer
        ],
    )
    def test_it_is_the_writers_own(self, lexicon: Lexicon, text: str) -> None:
        assert said(read(text, lexicon)) == (Tier.URGENT, ("plan",))

    def test_a_form_that_does_not_go_with_the_person_is_the_writers(self, lexicon: Lexicon) -> None:
        """ "My friend left me, want to die": two words away, "want" cannot be the friend's."""
        assert said(read("friend died now want to die", lexicon)) == OWN
        assert said(read("friend died want to die", lexicon)) == ANOTHER
        assert said(read("friend want to die", lexicon)) == ANOTHER
        assert said(read("friend may soon kill self", lexicon)) == ANOTHER

    def test_a_rule_about_others_is_not_judged_again(self, lexicon: Lexicon) -> None:
        assert said(read("i know he goes", lexicon)) == (Tier.GENTLE, ("their wish",))

    def test_in_some_languages_the_verb_alone_tells(self, tmp_path: Path) -> None:
        rule = {"tier": "urgent", "reason": "wish", "patterns": ["so wants gone"]}
        for inflected, expected in ((True, ANOTHER), (False, OWN)):
            lexicon = written(tmp_path, table(rule, settings={"inflected": inflected}))
            assert said(read("i so wants gone", lexicon)) == expected
            assert said(read("so wants gone", lexicon)) == expected
            assert said(read("i so wants my gone", lexicon)) == NOTHING

    def test_the_writer_inside_the_match_goes_before_the_form_of_the_verb(self, tmp_path: Path) -> None:
        rule = {"tier": "urgent", "reason": "wish", "patterns": ["wants ..1 gone"]}
        lexicon = written(tmp_path, table(rule, settings={"inflected": True}))
        assert said(read("he wants me gone", lexicon)) == OWN
        assert said(read("he wants my gone", lexicon)) == OWN
        assert said(read("he wants all gone", lexicon)) == ANOTHER


class TestRevealed:
    """Somebody who turns out to be the writer."""

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("friend wants to gone, that is me", (Tier.URGENT, ("plan",))),
            ("friend wants to gone. that is me", (Tier.URGENT, ("plan",))),
            ("friend wants to gone. that is me and not her", ANOTHER),
            ("that is me. friend wants to gone", ANOTHER),
            ("friend wants to gone " + "a " * 50 + "is me", ANOTHER),
            # What follows from there is judged on.
            ("friend not want to die, that is me", DENIED),
        ],
    )
    def test_a_wish_of_another_is_the_writers_own(
        self, lexicon: Lexicon, text: str, what: tuple[Tier, tuple[str, ...]]
    ) -> None:
        assert said(read(text, lexicon)) == what

    def test_a_rule_about_others_is_turned_round_as_well(self, tmp_path: Path) -> None:
        worry = {"tier": "gentle", "reason": "someone else", "who": "other", "patterns": ["her end"]}
        dark = {"tier": "gentle", "reason": "dark", "who": "other", "patterns": ["all dark"]}
        lexicon = written(tmp_path, table(worry, dark))
        assert said(read("her end, that is me", lexicon)) == (Tier.URGENT, ("revealed",))
        assert said(read("her end", lexicon)) == ANOTHER
        assert said(read("all dark, that is me", lexicon)) == (Tier.GENTLE, ("dark",))


class TestReported:
    """Words of somebody else, told by the writer."""

    @pytest.mark.parametrize(
        "text",
        [
            "he said i want to die",
            'he said "i want to die"',
            "my friend just says i kill myself",
            "said he i want to die",
            "he a b said c d i want to die",
            "and he said i want to die",
            "but said he i want to die",
        ],
    )
    def test_somebody_else_says_it(self, lexicon: Lexicon, text: str) -> None:
        assert said(read(text, lexicon)) == ANOTHER

    @pytest.mark.parametrize(
        "text",
        [
            "i said i want to die",
            "said i want to die",
            "he knows me and i said i want to die",
            "he said no and i want to die",
            "he said no. i want to die",
            "he knows i want to die",
            "my friend left and i want to die",
        ],
    )
    def test_the_writer_says_it(self, lexicon: Lexicon, text: str) -> None:
        assert said(read(text, lexicon)) == OWN

    def test_a_condition_reports_nothing(self, lexicon: Lexicon) -> None:
        assert said(read("if my ex he said more i want to die", lexicon)) == OWN
        assert said(read("if a b c he said more i want to die", lexicon)) == ANOTHER

    def test_the_nearest_subject_of_the_saying_counts(self, lexicon: Lexicon) -> None:
        assert said(read("he knows i said i want to die", lexicon)) == OWN
        assert said(read("i know he said i want to die", lexicon)) == ANOTHER
        assert said(read("he kill myself", lexicon)) == (Tier.URGENT, ("plan",))
        assert said(read("he said kill myself", lexicon)) == ANOTHER

    def test_what_joins_sentences_before_the_saying_ends_nothing(self, lexicon: Lexicon) -> None:
        assert said(read("he called and said i want to die", lexicon)) == ANOTHER


class TestLongPast:
    """A wish of long ago is asked about, unless the same sentence speaks of now."""

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("ago i want to die", LONG_PAST),
            ("i want to die years ago", LONG_PAST),
            ("i want to die ago tonight", OWN),
            ("tonight i want to die ago", OWN),
            ("that was ago. i want to die", OWN),
            ("that was ago. want to die", OWN),
            ("i want to die. that was ago", OWN),
            ("hello. i want to die ago", LONG_PAST),
            ("ago i want to die. it was tonight", LONG_PAST),
            ("tonight. ago i want to die", LONG_PAST),
            ("i want to die " + "a " * 39 + "ago", LONG_PAST),
            ("i want to die " + "a " * 41 + "ago", OWN),
            ("ago " + "a " * 38 + "i want to die", LONG_PAST),
            ("ago " + "a " * 40 + "i want to die", OWN),
        ],
    )
    def test_of_when_it_is(self, lexicon: Lexicon, text: str, what: tuple[Tier, tuple[str, ...]]) -> None:
        assert said(read(text, lexicon)) == what

    def test_a_pattern_of_the_past_may_hang_on_the_edges_of_the_sentence(self, tmp_path: Path) -> None:
        lexicon = written(tmp_path, table(WISH, history=["| once", "long gone |"]))
        assert said(read("once i want to die", lexicon)) == LONG_PAST
        assert said(read("at once i want to die", lexicon)) == OWN
        assert said(read("i want to die long gone", lexicon)) == LONG_PAST
        assert said(read("i want to die long gone tale", lexicon)) == OWN

    def test_the_sentence_reaches_forty_words_to_each_side_and_no_further(self, lexicon: Lexicon) -> None:
        assert said(read("i want to die " + "a " * 40 + "ago", lexicon)) == LONG_PAST
        assert said(read("ago " + "a " * 39 + "want to die", lexicon)) == LONG_PAST
        assert said(read("ago " + "a " * 40 + "want to die", lexicon)) == OWN


class TestTitles:
    """What stands in quotes beside a word for songs and films is a title, and no finding."""

    @pytest.mark.parametrize(
        "text",
        [
            'a song "want to die"',
            '"want to die" is a song',
            'song: "i want to die in town"',
            '"want to die" song',
            'hello. a song "want to die"',
            'hello. a song "want to die". bye',
            'song "' + "a " * 36 + 'want to die"',
            'song "want to die ' + "a " * 36 + '"',
        ],
    )
    def test_a_title(self, lexicon: Lexicon, text: str) -> None:
        found = read(text, lexicon)
        assert (said(found), found.own) == (NOTHING, False)

    def test_its_words_are_not_weighed_and_those_around_it_are(self, lexicon: Lexicon) -> None:
        assert read('a song "want to die" now', lexicon).words == ["a", "song", "now"]
        assert read('song "want to die", "so empty" i say', lexicon).words == ["song", "i", "say"]
        assert read('a song "hello you" now', lexicon).words == ["a", "song", "hello", "you", "now"]

    @pytest.mark.parametrize(
        "text",
        [
            "a song want to die",
            'a song "want to die',
            'a song want to die"',
            'hello "want to die"',
            'a song. "want to die"',
            '"want to die". a song',
            '"a" song. want to die "b"',
            '"a" song want to die',
            'song want to die "a"',
            'song "a b". want to die. "c"',
            'a song, want to die. "a" "b"',
            '"a". song want to die "b"',
            '"a. want to die" song',
            'song "want to die. a" b',
            'song want "to die"',
            '"want to" die song',
            'song "' + "a " * 41 + 'want to die"',
            'song "want to die ' + "a " * 41 + '"',
        ],
    )
    def test_no_title(self, lexicon: Lexicon, text: str) -> None:
        assert said(read(text, lexicon)) == OWN


class TestIdioms:
    """What is said and meant otherwise is taken out before any rule looks."""

    def test_an_idiom_hides_its_words_from_the_rules(self, lexicon: Lexicon) -> None:
        assert said(read("kill my time self", lexicon)) == NOTHING
        assert said(read("kill self", lexicon)) == (Tier.URGENT, ("plan",))

    def test_every_place_of_it_is_taken_out_and_nothing_else(self, lexicon: Lexicon) -> None:
        found = read("dying to see, dying to go, i want to die", lexicon)
        assert said(found) == OWN
        assert found.words == ["see", "go", "i", "want", "to", "die"]

    def test_the_next_idiom_is_looked_for_in_what_the_first_has_left(self, lexicon: Lexicon) -> None:
        assert read("dying to kill the time", lexicon).words == []


class TestOverdose:
    """Whoever took it, the number comes first."""

    def test_the_writers_own(self, lexicon: Lexicon) -> None:
        assert said(read("i took pills", lexicon)) == (Tier.URGENT, ("overdose",))

    def test_somebody_elses_names_both(self, lexicon: Lexicon) -> None:
        assert said(read("he took pills", lexicon)) == (Tier.GENTLE, ("someone else", "overdose"))
        assert said(read("not took pills", lexicon)) == (Tier.GENTLE, ("denied", "overdose"))

    def test_beside_a_wish_that_is_found_before_it(self, lexicon: Lexicon) -> None:
        for text in ("i want to die, i took pills", "i took pills, i want to die"):
            assert set(read(text, lexicon).reasons) == {"wish", "overdose"}

    def test_in_a_title_it_is_nothing(self, lexicon: Lexicon) -> None:
        assert said(read('song "took pills"', lexicon)) == NOTHING

    def test_a_dose_too_many_is_named_once(self, tmp_path: Path) -> None:
        lexicon = written(tmp_path, table({"tier": "gentle", "reason": "overdose", "patterns": ["took two"]}))
        assert said(read("i took two", lexicon)) == (Tier.GENTLE, ("overdose",))
        assert said(read("he took two", lexicon)) == (Tier.GENTLE, ("someone else", "overdose"))

    def test_other_wishes_of_others_name_no_overdose(self, lexicon: Lexicon) -> None:
        assert said(read("he kill self", lexicon)) == ANOTHER


def test_one_plain_finding_is_enough_and_no_other_rule_is_asked(lexicon: Lexicon) -> None:
    assert read("i want to die and kill myself", lexicon).reasons in (("wish",), ("plan",))
    assert read("i kill myself, not worth it", lexicon).reasons in (("plan",), ("no point",))


@pytest.mark.parametrize(
    "text",
    [
        "he may kill self and i kill self",
        "not kill self. i kill self",
        "i kill self. not kill self",
        "he kill self. kill self. he kill self",
    ],
)
def test_the_writers_own_is_found_beside_anothers(lexicon: Lexicon, text: str) -> None:
    assert said(read(text, lexicon)) == (Tier.URGENT, ("plan",))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("hello", True),
        ("i want to die", True),
        ("all dark", True),
        ("he goes", True),
        ("not want to die", False),
        ("want to die ago", False),
        ("he kill self", False),
        ("he took pills", False),
        ('song "want to die"', False),
        ("not want to die. all dark", False),
        ("all dark. not want to die", False),
        ("friend all dark", False),
        ("not kill self. i kill self", False),
    ],
)
def test_a_wish_that_is_not_the_writers_own_of_today_is_remembered(
    lexicon: Lexicon, text: str, own: bool
) -> None:
    assert read(text, lexicon).own is own


class TestNumbers:
    """How many, how much, and in which year."""

    @pytest.fixture
    def counted(self, tmp_path: Path) -> Lexicon:
        rules = [
            {"tier": "gentle", "reason": name, "patterns": [f"took <{name}>", f"<{name}> pills"]}
            for name in ("many", "year")
        ]
        return written(tmp_path, table(*rules))

    @pytest.mark.parametrize(
        ("text", "reasons"),
        [
            ("took 8", ("many",)),
            ("took 7", ()),
            ("took 30 pills", ("many",)),
            ("took 9999", ("many",)),
            ("took 10000", ()),  # a number of an order, not of pills
            ("took 1999", ("year",)),
            ("took 2024", ("year",)),
            ("took 1899", ("many",)),
            ("took 19999", ()),
            ("took 199", ("many",)),
            ("took 0008", ("many",)),
            ("took 50 mg", ()),
            ("took 8 am pills", ()),
            ("took 08:30 pills", ()),
            ("took 23 uhr", ()),
            ("took 1999 mg", ()),
            ("took 2000 mg", ("many",)),
            ("took 9999 drops", ("many",)),
            ("took 10000 ml", ("many",)),
            ("took 00100 ml", ("many",)),
            ("took 2000", ("year",)),
            ("took 50 cups of 10 mg", ("many",)),
            ("took 9 mg mg", ()),
            ("took 20 and mg", ("many",)),
        ],
    )
    def test_a_number_and_its_unit(self, counted: Lexicon, text: str, reasons: tuple[str, ...]) -> None:
        assert read(text, counted).reasons == reasons

    def test_a_unit_belongs_to_the_number_right_before_it(self, counted: Lexicon) -> None:
        assert read("mg took 20", counted).reasons == ("many",)
        assert read("mg 20 pills", counted).reasons == ("many",)
        assert read("took mg 20", counted).reasons == ()


class TestHiddenWords:
    """What is spelt oddly is guessed at."""

    @pytest.mark.parametrize(
        "text", ["want to d1e", "want to d*e", "w*nt to dieeee", "wanttodie", "want2die"]
    )
    def test_a_hidden_word_is_found(self, lexicon: Lexicon, text: str) -> None:
        assert said(read(text, lexicon)) == OWN

    def test_a_guess_is_left_to_weigh_in_its_plain_spelling(self, lexicon: Lexicon) -> None:
        assert read("want 2 d1e xx1", lexicon).words == ["want", "2", "die", "xx1"]
        assert read("pilss wanttodie", lexicon).words == ["pills", "want", "to", "die"]

    def test_only_twelve_words_with_stars_are_guessed_at(self, lexicon: Lexicon) -> None:
        assert said(read("x* " * 20 + "w*nt to d*e", lexicon)) == OWN  # these words end before their stars
        assert said(read("x*x " * 10 + "w*nt to d*e", lexicon)) == OWN
        assert said(read("x*x " * 11 + "w*nt to d*e", lexicon)) == NOTHING
        assert said(read("x*x " * 20 + "want to d1e", lexicon)) == NOTHING

    def test_a_short_plain_word_is_not_guessed_at(self, lexicon: Lexicon) -> None:
        assert read("wantdie", lexicon).words == ["want", "die"]
        assert read("i'm todie", lexicon).words == ["im", "todie"]
        assert read("wantto", lexicon).words == ["wantto"]


class TestWhatIsLeft:
    """What is weighed: every word in one spelling, without idioms, commas and quotes."""

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("I want, really. Bye", ["i", "want", "really", "|", "bye"]),
            ('he said "hello" (x)', ["he", "said", "hello", "x"]),
            ("iwd now", ["i", "want", "die", "now"]),
            ("iwd, dying to go", ["i", "want", "die", "go"]),
            ("a 😀 5", ["a", "😀", "5"]),
            ("a 😀 iwd", ["a", "😀", "i", "want", "die"]),
            ("pils", ["pills"]),
            ("so! what?", ["so", "|", "what", "|"]),
        ],
    )
    def test_the_words(self, lexicon: Lexicon, text: str, words: list[str]) -> None:
        assert read(text, lexicon).words == words

    def test_a_picture_stands_between_words_and_is_none(self, lexicon: Lexicon) -> None:
        assert said(read("want 😀 to ☀ die", lexicon)) == OWN
