"""Which card: for whom, with which lines, how old, in which order, on which page."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.escalation.lines.helplines import FINDERS, Call, Confidence, Country, Helplines, Line
from bot.escalation.rules import (
    COUNTRIES_PER_PAGE,
    CardFacts,
    CrisisPress,
    Outlook,
    Step,
    answer_to,
    card_for,
    outlook_of_finding,
    outlook_of_press,
    page_of,
)
from bot.escalation.screening.tiers import OVERDOSE, SOMEONE_ELSE, Finding, Tier

DAY = date(2026, 11, 1)
LINE = Line(
    name="Listening",
    audience="everyone",
    call=(Call("800 1"),),
    text=(),
    chat=(),
    deaf=(),
    hours="24/7",
    languages=("cs",),
    more_languages=False,
    sources=("OP",),
    verified_on=DAY,
    verified_how="dialled",
)
CZECHIA = Country("CZ", "Czechia", ("112", "155"), (LINE,), "A", DAY, "dialled", "")
URGENT = Finding(Tier.URGENT, ("wish",), "en")


def helplines(*countries: Country) -> Helplines:
    return Helplines({country.code: country for country in countries}, {})


def card(country: Country, language: str = "en", days_later: int = 0) -> CardFacts:
    return card_for(helplines(country), "CZ", DAY + timedelta(days=days_later), None, language)


def test_a_card_of_a_country_we_trust_shows_all_we_know() -> None:
    assert card_for(helplines(CZECHIA), "cz", DAY, URGENT) == CardFacts(
        code="CZ",
        country="Czechia",
        emergency=("112", "155"),
        lines=(LINE,),
        finders=(),
        verified_on=DAY,
        verified_how="dialled",
        old=False,
        overdose=False,
        someone_else=False,
        choices=(),
        language="en",
        alike=True,
    )


@pytest.mark.parametrize("code", [None, "", "FR"])
def test_a_card_of_no_country_shows_finders_and_a_choice(code: str | None) -> None:
    known = helplines(CZECHIA)
    assert card_for(known, code, DAY + timedelta(days=999), URGENT, "de") == CardFacts(
        code=None,
        country=None,
        emergency=(),
        lines=(),
        finders=FINDERS,
        verified_on=None,
        verified_how="",
        old=False,
        choices=(),
        language="de",
        alike=True,
    )


def test_where_the_cards_language_is_spoken_by_many_is_offered_at_once() -> None:
    """Few, so that the words of the card stay in sight, and only those whose lines we have."""
    lands = helplines(*(replace(CZECHIA, code=code, name=code) for code in ("CZ", "AT", "CH", "FR")))
    assert card_for(lands, None, DAY, language="de").choices == (("AT", "Österreich"), ("CH", "Schweiz"))
    assert card_for(lands, None, DAY, language="pt").choices == ()
    assert card_for(lands, None, DAY, language="xx").choices == ()
    assert card_for(lands, "AT", DAY, language="de").choices == ()


@pytest.mark.parametrize("confidence", ["C", "D"])
def test_a_doubtful_country_shows_its_emergency_numbers_and_finders(confidence: Confidence) -> None:
    facts = card(replace(CZECHIA, confidence=confidence))
    assert (facts.country, facts.emergency, facts.lines) == ("Czechia", ("112", "155"), ())
    assert (facts.finders, facts.verified_on, facts.old) == (FINDERS, DAY, False)


@pytest.mark.parametrize("confidence", ["A", "B"])
def test_a_trusted_country_shows_its_lines(confidence: Confidence) -> None:
    facts = card(replace(CZECHIA, confidence=confidence))
    assert (facts.lines, facts.finders) == ((LINE,), ())


def test_after_half_a_year_finders_stand_beside_the_lines() -> None:
    for days, old in ((0, False), (180, False), (181, True), (999, True)):
        facts = card(CZECHIA, days_later=days)
        assert (facts.old, facts.lines) == (old, (LINE,))
        assert facts.finders == (FINDERS if old else ())


def test_the_name_of_the_country_is_in_the_language_of_the_card() -> None:
    assert [card(CZECHIA, language).country for language in ("en", "de")] == ["Czechia", "Tschechien"]
    assert card(CZECHIA, "de").language == "de"
    assert card_for(helplines(CZECHIA), "CZ", DAY).language == "en"


def test_what_was_verified_on_one_day_and_in_one_way_is_alike() -> None:
    other_day = replace(LINE, verified_on=DAY - timedelta(days=1))
    other_way = replace(LINE, verified_how="official page")
    assert card(CZECHIA).alike
    assert card(replace(CZECHIA, lines=())).alike
    for line in (other_day, other_way):
        assert not card(replace(CZECHIA, lines=(line,))).alike
        assert not card(replace(CZECHIA, lines=(LINE, line))).alike
    # A line that is not shown needs no date.
    assert card(replace(CZECHIA, lines=(other_day,), confidence="C")).alike


@pytest.mark.parametrize(
    ("finding", "overdose", "someone_else"),
    [
        (None, False, False),
        (URGENT, False, False),
        (Finding(Tier.URGENT, (OVERDOSE,), "en"), True, False),
        (Finding(Tier.GENTLE, (SOMEONE_ELSE, OVERDOSE), "en"), True, True),
        (Finding(Tier.GENTLE, (SOMEONE_ELSE,), "en"), False, True),
        (Finding(Tier.URGENT, ("wish", SOMEONE_ELSE), "en"), False, False),
    ],
)
def test_a_card_knows_what_it_answers(finding: Finding | None, overdose: bool, someone_else: bool) -> None:
    facts = card_for(helplines(CZECHIA), "CZ", DAY, finding)
    assert (facts.overdose, facts.someone_else) == (overdose, someone_else)


class TestOrderOfLines:
    """Lines for everyone before those for children; in each, first those in the reader's language."""

    CZECH, ENGLISH = LINE, replace(LINE, name="In English", languages=("en", "fr"))
    OPTION = replace(LINE, name="With an option", call=(Call("800 2"), Call("800 3", language="de")))
    CHILDREN = replace(LINE, name="For children", audience="children", languages=("en", "cs"))

    @pytest.mark.parametrize(
        ("language", "names"),
        [
            ("cs", ["Listening", "With an option", "In English", "For children"]),
            ("en", ["In English", "Listening", "With an option", "For children"]),
            ("fr", ["In English", "Listening", "With an option", "For children"]),
            ("de", ["With an option", "Listening", "In English", "For children"]),
            ("it", ["Listening", "In English", "With an option", "For children"]),
        ],
    )
    def test_for_a_reader(self, language: str, names: list[str]) -> None:
        lines = (self.CHILDREN, self.CZECH, self.ENGLISH, self.OPTION)
        assert [line.name for line in card(replace(CZECHIA, lines=lines), language).lines] == names


class TestPages:
    """Countries are chosen from pages of twenty-four."""

    def countries(self, count: int) -> Helplines:
        places = [(f"{chr(65 + n // 26)}{chr(65 + n % 26)}", f"Land {n:02}") for n in range(count)]
        named = [
            (code, "".join(chr(97 + int(d)) if d.isdigit() else d for d in name)) for code, name in places
        ]
        return helplines(*(replace(CZECHIA, code=f"X{code[1]}" if count <= 26 else code, name=name)
                           for code, name in reversed(named)))  # fmt: skip

    @pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (24, 1), (25, 2), (48, 2), (49, 3)])
    def test_how_many_pages_there_are(self, count: int, pages: int) -> None:
        found = page_of(self.countries(count), 1)
        assert (found.page, found.pages, len(found.entries)) == (1, pages, min(count, COUNTRIES_PER_PAGE))

    def test_each_page_goes_on_where_the_one_before_ended(self) -> None:
        lands = self.countries(49)
        found = [page_of(lands, page) for page in (1, 2, 3)]
        assert [(each.page, len(each.entries)) for each in found] == [(1, 24), (2, 24), (3, 1)]
        names = [name for each in found for _, name in each.entries]
        assert (names, len(set(names))) == (sorted(names), 49)

    @pytest.mark.parametrize(("asked", "given"), [(-1, 1), (0, 1), (2, 2), (3, 3), (4, 3), (99, 3)])
    def test_a_page_that_is_not_there_becomes_the_nearest(self, asked: int, given: int) -> None:
        lands = self.countries(49)
        assert page_of(lands, asked) == page_of(lands, given)
        assert page_of(lands, asked).page == given

    def test_names_are_those_of_the_readers_language(self) -> None:
        two = helplines(CZECHIA, replace(CZECHIA, code="AT", name="Austria"))
        assert page_of(two, 1).entries == (("AT", "Austria"), ("CZ", "Czechia"))
        assert page_of(two, 1, "de").entries == (("AT", "Österreich"), ("CZ", "Tschechien"))


def test_which_answer_a_finding_calls_for() -> None:
    answers = {tier: answer_to(Finding(tier, (), "en")) for tier in Tier}
    assert answers == {Tier.NONE: None, Tier.GENTLE: "gentle", Tier.URGENT: "card"}


def test_a_press_that_only_turns_a_page_says_nothing_about_the_person() -> None:
    own = {step for step in Step if outlook_of_press(CrisisPress(step)) is Outlook.OWN}
    assert own == {Step.CARD, Step.YES, Step.UNSAID}
    assert outlook_of_press(CrisisPress(Step.CARD, country="CZ")) is Outlook.AGAIN
    assert outlook_of_press(CrisisPress(Step.PLAN)) is Outlook.AGAIN


def test_a_text_about_somebody_else_is_not_the_writers_danger() -> None:
    assert outlook_of_finding(Finding(Tier.GENTLE, (SOMEONE_ELSE,), "en")) is Outlook.OTHER
    assert outlook_of_finding(Finding(Tier.URGENT, (SOMEONE_ELSE,), "en")) is Outlook.OWN
    assert outlook_of_finding(Finding(Tier.GENTLE, ("dark",), "en")) is Outlook.OWN
