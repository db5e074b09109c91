"""The language of the lexicons: what each element of a pattern matches, and what is refused."""

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from bot.escalation.screening import lexicon as lexicon_module
from bot.escalation.screening.hooks import Hooks, Hung
from bot.escalation.screening.lexicon import Idiom, Lexicon, LexiconUnusable, load_lexicon
from bot.escalation.screening.screen import LANGUAGES
from bot.escalation.screening.tiers import Tier
from tests.escalation.small import OVERDOSE, WISH, WORDS, Table, read, table, written

MORE_WORDS = {"kill": "kill killing", "pills": "pills tablets"}


def rule(*patterns: str, tier: str = "gentle", **more: str) -> Table:
    return {"tier": tier, "reason": "found", "patterns": patterns, **more}


def lexicon_of(folder: Path, *patterns: str) -> Lexicon:
    return written(folder, table(rule(*patterns), words=MORE_WORDS))


def spelt(lexicon: Lexicon, codes: frozenset[str] | None) -> set[str]:
    return {lexicon.spelt[code] for code in codes or ()}


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("end it", ["end it", "please end it now"], ["it end", "end", "end the it", "end. it"]),
        # Marks inside a sentence, quotes and pictures are passed, two at most.
        ("end it", ["end, it", 'end "it', "end 😀😀 it", "end - it"], ["end ,,, it", "end! it", "end\nit"]),
        ("end/stop it", ["end it", "stop it"], ["end stop", "it"]),
        ("<kill> it", ["kill it", "killing it"], ["pills it", "it kill"]),
        ("<kill>/end it", ["kill it", "killing it", "end it"], ["pills it"]),
        ("end/<kill>/<pills> it", ["end it", "killing it", "tablets it"], ["stop it"]),
        ("end all? it", ["end it", "end all it"], ["end all all it", "end my it"]),
        ("all? end it", ["all end it", "end it"], ["all it"]),
        ("end/<kill>? all", ["all", "end all"], ["end"]),
        ("end ~ it", ["end it", "end just it", "end so so so so so it", "end, just it"],
         ["end so so so so so so it", "end my it"]),
        ("~ end it", ["end it", "just end it"], ["just it"]),
        ("end ..2 it", ["end it", "end my it", "end whole bleak it", "end, my it"],
         ["end my whole bleak it", "end. my it"]),
        ("end ..9 it", ["end a b c d e f g h it"], ["end a b c d e f g h j k it"]),
        # … or none that is a comma.
        ("end _ it", ["end it", 'end "it', "end 😀 it"], ["end, it", "end - it", "end my it", "end. it"]),
        ("end _ ..1 it", ["end it", "end my it", "end my, it", "end, it"], ["end, my it"]),
        ("end _ ~ _ it", ["end it", "end just it"], ["end, just it", "end just, it"]),
        ("<any> it", ["end it", "whatever it"], ["it", ". it"]),
        ("end <any> it", ["end this it"], ["end it", "end, it", "end this old it"]),
        ("end <any>? it", ["end this it", "end it"], ["end this old it"]),
        ("| end it", ["end it", "so. end it", '"end it', "so\nend it", "a; end it", "a? end it"],
         ["so end it", "so, end it"]),
        ("end it |", ["end it", "end it. ok", 'end it"', "end it just so", "end it just so really"],
         ["end it now", "end it just just just just"]),
        ("| end |", ["end", "so. end!", "end just"], ["so end", "end it"]),
        ("end it/|", ["end it", "end", "end.", 'end"'], ["end my"]),
        ("end ..1 it/all/|", ["end my it", "end my", "end my all"], ["end my old it"]),
        ("end !it", ["end", "end my", "end. it"], ["end it", "end, it"]),
        ("end !<kill>/it", ["end all"], ["end killing", "end it"]),
        ("end !it/|", ["end all", "end all."], ["end it", "end", "end.", "end,"]),
        ("!the end", ["end", "my end", "the. end"], ["the end"]),
        ("!the/<kill> end", ["my end"], ["killing end", "the end"]),
        ("!|/the end", ["end"], []),
        ("end & all", ["end all", "all end", "end a b c d e f all", "all a b c d e f end"],
         ["end a b c d e f g all", "end", "all", "end. all"]),
        ("end it & all", ["end it all", "all end it"], ["end all it"]),
        ("took <number>", ["took 3", "took 100", "took 1999"], ["took three", "took"]),
        ("took <many>", ["took 8", "took 100", "took 9999"], ["took 7", "took 0", "took 1999", "took 12345"]),
        ("took <year>", ["took 1999", "took 2010"], ["took 100", "took 1899", "took 2100", "took 19999"]),
        ("took <number>/all", ["took 3", "took all", "took 30"], ["took some"]),
        ("| took <number> |", ["took 3"], ["i took 3"]),
    ],
)  # fmt: skip
def test_what_a_pattern_matches(tmp_path: Path, pattern: str, yes: list[str], no: list[str]) -> None:
    lexicon = lexicon_of(tmp_path, pattern)
    assert [text for text in yes if read(text, lexicon).tier is Tier.NONE] == []
    assert [text for text in no if read(text, lexicon).tier is not Tier.NONE] == []


def test_a_number_that_some_pattern_names_is_a_number_still(tmp_path: Path) -> None:
    lexicon = lexicon_of(tmp_path, "end 24", "took <number>", "ate <many>", "in <year>")
    found = [text for text in ("took 24", "took 25", "took end", "ate 24", "ate 25", "in 24", "end 24")
             if read(text, lexicon).tier is not Tier.NONE]  # fmt: skip
    assert found == ["took 24", "took 25", "ate 25", "end 24"]


def test_every_pattern_of_a_rule_counts(tmp_path: Path) -> None:
    lexicon = lexicon_of(tmp_path, "end it", "stop all", "kill & pills")
    for text in ("end it", "stop all", "pills and kill"):
        assert read(text, lexicon).reasons == ("found",)


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("End it", "'End it' cannot be read at 'End'"),
        ("end ..0", "cannot be read at '..0'"),
        ("end ..10", "cannot be read"),
        ("end it's", "cannot be read"),
        ("end ??", "cannot be read"),
        ("a? ..3", "'a? ..3' has no word to hang on"),
        ("<any> !end", "has no word to hang on"),
        ("<number> ~", "has no word to hang on"),
        ("| end/|", "has no word to hang on"),
        ("end it/<any>", "'it/<any>' is any word at all"),
        ("end <nothing>", "'nothing'"),
        ("", "has no word to hang on"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_its_words(
    tmp_path: Path, pattern: str, fault: str
) -> None:
    with pytest.raises(LexiconUnusable, match=r"^xx\.toml: ") as refused:
        lexicon_of(tmp_path, pattern)
    assert fault in str(refused.value)


def test_a_file_that_cannot_be_trusted_is_refused_by_name(tmp_path: Path) -> None:
    whole = table(rule("end it"))
    faulty = [
        "",
        "language =",
        whole.replace('"language"', '"tongue"'),
        whole.replace('tier" = "gentle"', 'tier" = "grave"'),
        *(
            whole.replace(f"[{part}]", f"[{part}x]")
            for part in ("words", "same", "history", "present", "media", "revealed")
        ),
        *(whole.replace(f"[[{part}]]", f"[[{part}x]]") for part in ("rules", "idioms")),
        *(whole.replace(f'"{name}"', f'"{name}x"') for name in ("fill", "skip", "me", "other", "not")),
        *(whole.replace(f'"{name}"', f'"{name}x"') for name in ("people", "common", "glued", "fuzzy_not")),
        table(same={"u": "you"}),
        table(settings={"fuzzy": ["nobody"]}),
    ]
    for content in faulty:
        assert content != whole
        with pytest.raises(LexiconUnusable, match=r"^xx\.toml: "):
            written(tmp_path, content)
    with pytest.raises(LexiconUnusable, match=r"^yy\.toml: "):
        load_lexicon(tmp_path / "yy.toml")
    (tmp_path / "zz.toml").write_bytes(b'language = "\xff"')
    with pytest.raises(LexiconUnusable, match=r"^zz\.toml: "):
        load_lexicon(tmp_path / "zz.toml")


def needs(lexicon: Lexicon) -> list[set[str]]:
    [(needed, _)] = lexicon.rules.hung
    return [spelt(lexicon, codes) for codes in needed]


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        ("the pills/tablets end it", [{"end"}, {"pills", "tablets"}, {"the"}, {"it"}]),
        ("the pills", [{"pills"}, {"the"}]),
        ("it/pills end/stop/all", [{"end", "stop", "all"}, {"it", "pills"}]),
        ("<kill> it", [{"kill", "killing"}, {"it"}]),
        ("end", [{"end"}]),
        ("end it? !all ..2 <any> <number> |", [{"end"}]),
        ("everyone/he/i end", [{"end"}, {"everyone", "he", "i"}]),
        (
            "never/just/to/stop stop/end/it/the",
            [{"stop", "end", "it", "the"}, {"never", "just", "to", "stop"}],
        ),
    ],
)
def test_what_a_text_must_hold_for_a_pattern(tmp_path: Path, pattern: str, needed: list[set[str]]) -> None:
    """Common words come last, then the longer list: most texts are let go by a look at the first."""
    assert needs(lexicon_of(tmp_path, pattern)) == needed


def test_idioms_need_words_like_rules_and_are_kept_once(tmp_path: Path) -> None:
    lexicon = written(
        tmp_path, table(rule("end it"), rule("end it"), idioms=["end/stop game", "end/stop game"])
    )
    [(needed, _)] = lexicon.idioms.hung
    assert spelt(lexicon, needed[0]) == {"game"}
    assert len(lexicon.rules.hung) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a b c d", ["three", "two", "four"]),
        ("a b", ["two"]),
        ("a b c", ["three", "two", "four"]),  # the fourth need is left to the search
        ("a", []),
        ("d e", ["one"]),
        ("b e", ["one", "two"]),
        ("", []),
    ],
)
def test_the_patterns_at_hand_are_those_whose_three_rarest_needs_are_met(text: str, found: list[str]) -> None:
    words = [frozenset(each) for each in ("ad", "bx", "c", "d")]
    hooks = Hooks(
        [
            Hung((frozenset("e"),), "one"),
            Hung((words[0], words[1], words[2]), "three"),
            Hung((frozenset("ae"), words[1]), "two"),
            Hung((words[0], words[1], words[2], words[3]), "four"),
        ]
    )
    assert sorted(hooks.at_hand(frozenset(text.split()))) == sorted(found)


def test_what_is_at_hand_comes_in_the_order_of_the_file() -> None:
    hooks = Hooks(Hung((frozenset({"a"}),), place) for place in range(200))
    assert hooks.at_hand(frozenset({"a", "b"})) == list(range(200))


def test_two_patterns_may_hang_on_one_word(tmp_path: Path) -> None:
    lexicon = lexicon_of(tmp_path, "end all", "end stop")
    both = [read(text, lexicon).tier for text in ("end all", "end stop", "end")]
    assert both == [Tier.GENTLE, Tier.GENTLE, Tier.NONE]


def test_what_a_rule_says_of_itself(tmp_path: Path) -> None:
    lexicon = written(
        tmp_path,
        table(
            rule("a1 end", tier="urgent"),
            rule("a2 end", who="other"),
            rule("a3 end", tier="faint", who="me"),
            rule("a4 not end", tier="urgent"),
            rule("a5 !not end", tier="urgent"),
            rule("a6 <not>? end", tier="urgent"),
        ),
    )
    said = {min(spelt(lexicon, needed[0])): each for needed, each in lexicon.rules.hung}
    assert [each.tier for _, each in sorted(said.items())] == [
        Tier.URGENT, Tier.GENTLE, Tier.GENTLE, Tier.URGENT, Tier.URGENT, Tier.URGENT,
    ]  # fmt: skip
    assert {name for name, each in said.items() if each.faint} == {"a3"}
    assert {name for name, each in said.items() if each.other} == {"a2"}
    assert {name for name, each in said.items() if each.negative} == {"a4", "a6"}
    assert {each.reason for each in said.values()} == {"found"}


def test_the_file_says_which_language_it_is_and_how_it_is_written(tmp_path: Path) -> None:
    plain = written(tmp_path, table(WISH))
    assert (plain.language, plain.elision, plain.inflected, plain.glued) == ("xx", False, False, None)
    settings = {"elision": True, "inflected": True, "glued": ["die", "kill"]}
    other = written(tmp_path, table(WISH, settings=settings))
    assert (other.elision, other.inflected) == (True, True)
    assert other.glued is not None
    assert [word for word in ("todie", "killer", "dyer") if other.glued.search(word)] == ["todie", "killer"]


def test_a_gap_of_an_idiom_takes_no_more_than_it_must(tmp_path: Path) -> None:
    """ "Not afraid to die, I want to die": the idiom ends at the first "die"."""
    lexicon = written(tmp_path, table(WISH, idioms=["afraid ..4 die"]))
    assert read("afraid to die i want to die", lexicon).tier is Tier.URGENT
    assert read("afraid i want to die", lexicon).tier is Tier.NONE


def test_history_present_titles_and_the_writer_revealed_are_patterns_too(tmp_path: Path) -> None:
    lists: dict[str, Sequence[str]] = {
        "history": ["years ago", "once"],
        "present": ["to night", "now"],
        "media": ["old song", "film"],
        "revealed": ["is me", "myself"],
    }
    history, present, media, revealed = lists.values()
    lexicon = written(tmp_path, table(WISH, history=history, present=present, media=media, revealed=revealed))
    for name in lists:
        expression = getattr(lexicon, name)
        first, second = lists[name]
        codes = "".join(lexicon.codes[word] for word in first.split())
        assert expression.search(codes)
        assert expression.search(lexicon.codes[second])
        assert not expression.search(codes[::-1])


def test_each_word_has_one_code_and_each_list_the_codes_of_its_words(tmp_path: Path) -> None:
    lexicon = written(tmp_path, table(WISH, OVERDOSE))
    listed = {word for words in WORDS.values() for word in words.split()}
    known = listed | {"want", "die", "took", "pills", "ago", "tonight", "song"}
    assert known <= set(lexicon.codes)
    assert len({lexicon.codes[word] for word in known}) == len(known)
    assert all(len(lexicon.codes[word]) == 1 and lexicon.codes[word] >= "\ue000" for word in known)
    assert all(lexicon.spelt[lexicon.codes[word]] == word for word in known)
    for name, words in WORDS.items():
        assert lexicon.classes[name] == {lexicon.codes[word] for word in words.split()}
    assert {lexicon.codes[mark] for mark in "\n.!?;"} == {"|"}
    assert {lexicon.codes[mark] for mark in ",:()[]-"} == {","}
    assert lexicon.codes['"'] == '"'
    assert [lexicon.spelt[mark] for mark in '|,"'] == ["|", ",", '"']


def test_of_a_pattern_only_words_become_words(tmp_path: Path) -> None:
    lexicon = lexicon_of(tmp_path, "end <kill>/| ..3 it/<pills>? ~ !all <any> <number> |")
    strange = [word for word in lexicon.codes if len(word) > 1 and not word.isalpha()]
    assert strange == []
    assert "" not in lexicon.codes


class TestMisspellings:
    """One slip in a word that is listed for it is forgiven, unless the slip is a word of its own."""

    @pytest.fixture
    def lexicon(self, tmp_path: Path) -> Lexicon:
        settings = {"fuzzy": ["pills"], "fuzzy_not": ["bills", "pilos"]}
        return written(tmp_path, table(rule("took pills"), rule("hills"), settings=settings))

    @pytest.mark.parametrize(
        "slip",
        ["ills", "plls", "pils", "pill",  # one letter left out
         "iplls", "plils", "pilsl",  # two swapped
         "aills", "zills", "pilks", "pillz", "palls",  # one wrong
         "apills", "pzills", "pilils", "pillsa", "pillsz"],  # one too many
    )  # fmt: skip
    def test_one_slip_is_the_same_word(self, lexicon: Lexicon, slip: str) -> None:
        assert lexicon.codes[slip] == lexicon.codes["pills"]
        assert read(f"took {slip}", lexicon).tier is Tier.GENTLE

    @pytest.mark.parametrize(
        "other", ["pis", "pillsab", "plils2", "sllip", "PILLS", "pi1ls", "bills", "pilos"]
    )
    def test_two_slips_and_the_words_excepted_are_not(self, lexicon: Lexicon, other: str) -> None:
        assert other not in lexicon.codes

    def test_a_slip_that_is_a_word_of_the_lexicon_stays_that_word(self, lexicon: Lexicon) -> None:
        assert lexicon.codes["hills"] != lexicon.codes["pills"]
        assert lexicon.spelt[lexicon.codes["ills"]] == "pills"

    def test_words_that_are_not_listed_are_read_as_they_are(self, lexicon: Lexicon) -> None:
        assert "tok" not in lexicon.codes


class TestShortForms:
    """What people type instead of a word, or of several."""

    def test_a_short_form_is_what_it_stands_for(self, tmp_path: Path) -> None:
        lexicon = written(tmp_path, table(WISH, same={"wtd": "want to die", "dy": "die"}))
        assert lexicon.codes["wtd"] == "".join(lexicon.codes[word] for word in ("want", "to", "die"))
        assert read("i wtd", lexicon).reasons == ("wish",)
        assert read("i want to dy", lexicon).reasons == ("wish",)

    def test_it_goes_before_a_misspelling_and_behind_a_word(self, tmp_path: Path) -> None:
        settings = {"fuzzy": ["want"]}
        lexicon = written(tmp_path, table(WISH, settings=settings, same={"wnt": "not", "die": "not"}))
        assert lexicon.spelt[lexicon.codes["wnt"]] == "not"
        assert lexicon.spelt[lexicon.codes["die"]] == "die"


def test_a_long_unknown_word_that_holds_a_telling_part_is_cut_apart(tmp_path: Path) -> None:
    assert read("wanttodie", written(tmp_path, table(WISH))).tier is Tier.NONE
    assert read("wanttodie", written(tmp_path, table(WISH, settings={"glued": ["die"]}))).tier is Tier.URGENT


@pytest.mark.parametrize(
    ("codes", "inside"),
    [
        ("a", "a"),
        ("ab", "a-b"),
        ("abc", "a-c"),
        ("ac", "ac"),
        ("abde", "a-bd-e"),
        ("acde", "ac-e"),
        ("abd", "a-bd"),
    ],
)
def test_neighbouring_codes_are_written_as_a_range(codes: str, inside: str) -> None:
    assert "".join(lexicon_module._ranges(codes)) == inside


def test_words_of_one_list_are_neighbours(tmp_path: Path) -> None:
    lexicon = written(tmp_path, table(WISH))
    codes = sorted(ord(lexicon.codes[word]) for word in WORDS["other"].split() if word not in WORDS["me"])
    assert codes == list(range(codes[0], codes[0] + len(codes)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_of_a_language_has_an_expression(language: str) -> None:
    lexicon = load_lexicon(files("bot.escalation.screening") / "lexicons" / f"{language}.toml")
    patterns: list[Idiom] = [hung.item for hung in lexicon.idioms.hung]
    patterns += [hung.item for hung in lexicon.rules.hung]
    assert len(patterns) > 1_000
    for each in patterns:
        re.compile(each.expressed(each.pattern))
