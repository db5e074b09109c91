"""The card and its companions, for every country and for none."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from bot.conversation.catalogs import LANGUAGE_NAMES, safety
from bot.conversation.message import Choice, Link, Message
from bot.escalation import wording
from bot.escalation.lines.helplines import FINDERS, Country, Helplines, Line, load_helplines
from bot.escalation.rules import CardFacts, CrisisPress, Step, answer_to, card_for, page_of, read_token
from bot.escalation.screening.screen import Tier, screen
from bot.escalation.screening.tiers import Finding
from scheduler.lanes import Lane

HELPLINES = load_helplines(files("bot.escalation.lines") / "countries")
CODES = HELPLINES.codes
TODAY = date(2026, 11, 24)
MUCH_LATER = TODAY + timedelta(days=200)

Say = Callable[[wording.Translate, CardFacts], Message]

WITH_RESOURCES: tuple[Say, ...] = (
    wording.card,
    wording.gentle,
    wording.dismissed,
    wording.unsaid,
    wording.helper_steps,
    wording.plan_closed,
)


def same(sentence: str) -> str:
    return sentence


def facts_of(
    code: str | None, today: date = TODAY, finding: Finding | None = None, language: str = "en"
) -> CardFacts:
    return card_for(HELPLINES, code, today, finding, language)


def card_text(code: str | None, today: date = TODAY) -> str:
    return wording.card(same, facts_of(code, today)).text.plain


def country_of(code: str) -> Country:
    country = HELPLINES.of(code)
    assert country is not None
    return country


def all_numbers_of(country: Country) -> set[str]:
    """Every number that may be shown in this country: its own, and those in the names of its lines."""
    found = set(map(_digits, country.emergency))
    for line in country.every_line:
        found |= numbers_of(line) | shown_numbers(line.name)
    return found


def numbers_of(line: Line) -> set[str]:
    calls = {call.number for call in line.call} | {call.option for call in line.call}
    written = {route.number for route in line.text}
    relayed = {number for route in line.deaf for number in (route.relay, route.number)}
    return {_digits(each) for each in calls | written | relayed if each}


def shown_numbers(text: str) -> set[str]:
    """Every run of digits that looks like a number to dial: no dates, no hours, no list numbers."""
    text = re.sub(r"\b\d{4}-\d\d-\d\d\b|\d\d:\d\d|^\d\. |https?://\S+", "", text, flags=re.M)
    return {_digits(run) for run in re.findall(r"[+*#(]?\d[\d ()+*#./-]*(?:ext\. \d+)?", text)} - {""}


def _digits(run: str) -> str:
    return re.sub(r"\D", "", run)


def buttons(message: Message) -> list[Choice]:
    return [choice for row in message.choices for choice in row]


@pytest.mark.parametrize("code", CODES)
def test_no_card_shows_a_number_of_its_own_making(code: str) -> None:
    """Each number belongs to the country's lines or emergency numbers, or to the name of a line."""
    assert shown_numbers(card_text(code)) <= all_numbers_of(country_of(code))


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_no_card_shows_another_countrys_line(language: str) -> None:
    """Every country against every other one, in every language, whatever was asked or answered."""
    names = {code: {line.name for line in country_of(code).lines} for code in CODES}
    numbers = {code: all_numbers_of(country_of(code)) for code in CODES}
    for here in CODES:
        facts = facts_of(here, language=language)
        for say in WITH_RESOURCES:
            text = say(safety(language), facts).text.plain
            rows, shown = set(text.split("\n")), shown_numbers(text)
            for there in CODES:
                foreign = numbers[there] - numbers[here]
                assert not foreign & shown, (here, there)
                assert not (names[there] - names[here]) & rows, (here, there)


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("say", WITH_RESOURCES)
def test_a_card_without_a_country_holds_no_number_in_any_language(language: str, say: Say) -> None:
    text = say(safety(language), facts_of(None, language=language)).text.plain
    assert shown_numbers(text) == set()
    assert all(finder in text for finder in FINDERS)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("today", [TODAY, MUCH_LATER])
def test_the_emergency_number_comes_first(code: str, today: date) -> None:
    country, text = country_of(code), card_text(code, today)
    assert text.startswith("If your life is in danger now, call " + country.emergency[0])
    assert all(number in text.split("\n")[0] for number in country.emergency)
    assert country.name in text.split("\n")[0]


@pytest.mark.parametrize("code", CODES)
def test_a_date_that_all_numbers_share_is_said_once_after_them(code: str) -> None:
    text = card_text(code)
    assert text.count("2026-11-23") == 1
    for number in (number for line in facts_of(code).lines for number in (call.number for call in line.call)):
        assert text.index(number) < text.index("2026-11-23")


def test_dates_that_differ_stand_with_what_they_are_about() -> None:
    country = country_of("US")
    dialled = replace(country.lines[1], verified_on=date(2026, 11, 20), verified_how="called")
    helplines = Helplines({"US": replace(country, lines=(country.lines[0], dialled))}, HELPLINES.sources)
    text = wording.card(same, card_for(helplines, "US", TODAY)).text.plain
    assert "Checked on 2026-11-20" in text
    assert text.count("Compared with public lists on 2026-11-23") == 2  # the other line, the emergency number


@pytest.mark.parametrize("code", CODES)
def test_doubtful_countries_show_only_emergency_and_finders(code: str) -> None:
    country, facts, text = country_of(code), facts_of(code), card_text(code)
    if country.confidence in "AB":
        assert set(facts.lines) == set(country.lines)
        assert all(line.name in text for line in country.lines)
        return
    assert facts.lines == ()
    assert facts.finders == FINDERS
    assert all(finder in text for finder in FINDERS)
    assert shown_numbers(text) == set(map(_digits, country.emergency))


@pytest.mark.parametrize("code", [None, "", "ZZ", "??"])
def test_an_unknown_country_shows_no_number_at_all(code: str | None) -> None:
    message = wording.card(same, facts_of(code))
    text = message.text.plain
    assert text.startswith("If your life is in danger now, call your local emergency number.")
    assert shown_numbers(text) == set()
    assert all(finder in text for finder in FINDERS)
    tokens = {choice.action for choice in buttons(message)}
    steps = {"sos:plan@en", "sos:reach@en", "sos:ground@en", "sos:worried@en"}
    assert {"sos:US@en", "sos:countries@en"} | steps <= tokens
    assert len(message.choices) <= 8


OLD = "These numbers have not been checked for a while. You can compare them here:"


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_an_old_card_says_so_in_its_language_beside_its_date(language: str) -> None:
    sentence = safety(language)(OLD)
    assert (sentence == OLD) == (language == "en")
    for code in CODES:
        text = wording.card(safety(language), facts_of(code, MUCH_LATER, language=language)).text.plain
        assert sentence in text
        assert all(finder in text for finder in FINDERS)
        assert "2026-11-23" in text


@pytest.mark.parametrize("code", CODES)
def test_an_old_card_says_so_and_still_works(code: str) -> None:
    facts, text = facts_of(code, MUCH_LATER), card_text(code, MUCH_LATER)
    assert facts.old
    assert all(finder in text for finder in FINDERS)
    assert "2026-11-23" in text
    assert "not been checked for a while" in text
    assert facts.lines == facts_of(code).lines


def test_old_begins_after_180_days() -> None:
    assert not facts_of("US", date(2026, 11, 23) + timedelta(days=180)).old
    assert facts_of("US", date(2026, 11, 23) + timedelta(days=181)).old


def test_one_old_line_is_enough_to_say_so() -> None:
    country = country_of("US")
    aged = replace(country.lines[1], verified_on=date(2025, 1, 1))
    helplines = Helplines({"US": replace(country, lines=(country.lines[0], aged))}, HELPLINES.sources)
    assert card_for(helplines, "US", TODAY).old


def test_a_childrens_line_is_marked_and_never_first() -> None:
    country = country_of("DE")
    (line,) = country.lines
    both = replace(country, lines=(replace(line, audience="children"), line))
    facts = card_for(Helplines({"DE": both}, HELPLINES.sources), "DE", TODAY)
    assert [line.audience for line in facts.lines] == ["everyone", "children"]
    assert "For children and young people" in wording.card(safety("en"), facts).text.plain


@pytest.mark.parametrize("code", [None, *CODES])
@pytest.mark.parametrize("today", [TODAY, MUCH_LATER])
@pytest.mark.parametrize("say", WITH_RESOURCES)
def test_every_answer_fits_one_message(code: str | None, today: date, say: Say) -> None:
    message = say(same, facts_of(code, today))
    assert len(message.text.plain.encode("utf-16-le")) // 2 <= 4096
    assert len(buttons(message)) <= 100
    assert message.lane is Lane.CRISIS
    assert not message.protect
    assert "I am a program. Nobody reads this live." in message.text.plain
    for choice in buttons(message):
        assert isinstance(choice.action, str)
        assert read_token(choice.action) is not None
        assert len(choice.action.encode()) <= 64


@pytest.mark.parametrize("say", WITH_RESOURCES)
def test_the_numbers_stay_whatever_was_answered(say: Say) -> None:
    text = say(same, facts_of("US")).text.plain
    assert "988" in text
    assert "911" in text


def test_the_gentle_question_is_asked_in_three_ways_out() -> None:
    message = wording.gentle(same, facts_of("GB"))
    assert "That sounds heavy. Is it about ending your life?" in message.text.plain
    tokens = [choice.action for choice in buttons(message)]
    assert tokens[:3] == ["sos:yes@en", "sos:no@en", "sos:unsaid@en"]


def test_worry_about_someone_else_is_answered_with_the_five_steps() -> None:
    finding = screen("my friend wants to kill herself")
    text = wording.gentle(same, facts_of("US", finding=finding)).text.plain
    assert "Are you considering suicide?" in text
    assert "Is it about ending your life?" not in text
    for step in "12345":
        assert f"\n{step}. " in text


def test_an_overdose_puts_the_emergency_number_first_and_gives_no_advice() -> None:
    finding = screen("i took the whole bottle")
    text = wording.card(same, facts_of("US", finding=finding)).text.plain
    assert text.startswith("If you have taken too much of a medicine, call 911 (United States) now.")


def test_an_extra_dose_is_no_question_about_dying() -> None:
    finding = screen("i accidentally took my dose twice")
    assert finding.tier is Tier.GENTLE
    text = wording.gentle(same, facts_of("US", finding=finding)).text.plain
    assert text.startswith("If you have taken too much of a medicine, call 911")
    assert "ending your life" not in text


def test_someone_elses_overdose_names_the_number_first() -> None:
    finding = screen("my friend took a whole bottle of pills")
    text = wording.gentle(same, facts_of("US", finding=finding)).text.plain
    assert "If they have taken too much of a medicine, call 911" in text


def test_answer_to() -> None:
    assert answer_to(Finding(Tier.NONE, (), "en")) is None
    assert answer_to(Finding(Tier.GENTLE, (), "en")) == "gentle"
    assert answer_to(Finding(Tier.URGENT, (), "en")) == "card"


def test_countries_show_no_number_and_page_through_all() -> None:
    seen: list[str] = []
    for page in (1, 2, 3):
        message = wording.countries(same, HELPLINES, page)
        assert shown_numbers(message.text.plain) == set()
        seen += [
            str(each.action)[4:6]
            for each in buttons(message)
            if re.fullmatch(r"sos:[A-Z]{2}@en", str(each.action))
        ]
    assert sorted(seen) == list(CODES)
    names = [country_of(code).name for code in seen]
    assert names == sorted(names)


@pytest.mark.parametrize("page", [-3, 0, 99])
def test_a_page_that_is_not_there_becomes_the_nearest(page: int) -> None:
    assert buttons(wording.countries(same, HELPLINES, page))


def test_the_group_line_names_nobody_and_no_number() -> None:
    link = "https://t.me/evenkeel_bot?start=sos"
    message = wording.in_group(same, facts_of(None), link)
    assert shown_numbers(message.text.plain) == set()
    assert [choice.action for choice in buttons(message)] == [Link(link)]
    assert wording.in_group(same, facts_of(None)).choices == ()


@pytest.mark.parametrize(
    ("worried", "begins"),
    [
        (False, "If your life is in danger now, call 911 (United States)."),
        (True, "If their life is in danger now, call 911 (United States)."),
    ],
)
def test_who_alone_reads_the_numbers_in_a_group_is_not_spoken_to_as_everybody_there(
    worried: bool, begins: str
) -> None:
    whispered = wording.whispered(same, facts_of("US"), worried=worried)
    aloud = wording.in_group(same, facts_of("US"), worried=worried)
    assert whispered.text.plain.startswith(begins)
    assert whispered.text.plain.partition("\n")[2] == aloud.text.plain.partition("\n")[2]
    assert whispered.choices == ()


def test_the_group_line_holds_the_numbers_of_the_groups_country_once_that_is_known() -> None:
    text = wording.in_group(same, facts_of("US")).text.plain
    assert text.startswith("For everyone here: if a life is in danger now, call 911 (United States).")
    assert "988" in text


@pytest.mark.parametrize(("language", "name"), [("de", "Tschechien"), ("fr", "Tchéquie"), ("en", "Czechia")])
def test_a_country_is_called_what_the_reader_calls_it(language: str, name: str) -> None:
    assert facts_of("CZ", language=language).country == name


def test_countries_stand_where_a_reader_of_the_language_looks_for_them() -> None:
    names = [name for page in (1, 2, 3) for _, name in page_of(HELPLINES, page, "fr").entries]
    assert names.index("États-Unis") < names.index("Finlande")
    assert "Hong Kong" in names
    assert "Hongkong" in [name for page in (1, 2, 3) for _, name in page_of(HELPLINES, page, "de").entries]


def test_lines_that_speak_the_language_of_the_card_come_first() -> None:
    for code in CODES:
        for language in LANGUAGE_NAMES:
            lines = facts_of(code, language=language).lines
            assert sorted(lines, key=str) == sorted(facts_of(code).lines, key=str)
            for audience in ("everyone", "children"):
                speaking = [language in line.languages for line in lines if line.audience == audience]
                assert speaking == sorted(speaking, reverse=True), (code, language)
            assert [line.audience for line in lines] == sorted(
                (line.audience for line in lines), reverse=True
            )


def test_a_line_in_the_readers_language_overtakes_one_in_another() -> None:
    country = country_of("US")
    english, other = (replace(country.lines[0], languages=(tongue,)) for tongue in ("en", "fr"))
    helplines = Helplines({"US": replace(country, lines=(english, other))}, HELPLINES.sources)
    assert card_for(helplines, "US", TODAY, None, "fr").lines == (other, english)
    assert card_for(helplines, "US", TODAY, None, "en").lines == (english, other)


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_every_button_goes_on_in_the_language_of_its_card(language: str) -> None:
    for say in (*WITH_RESOURCES, wording.grounding):
        for choice in buttons(say(safety(language), facts_of("US", language=language))):
            press = read_token(str(choice.action))
            assert press is not None
            assert press.language == language


def test_the_own_plan_and_the_draft_are_one_tap_away() -> None:
    for say in (wording.card, wording.unsaid, wording.dismissed, wording.grounding):
        steps = {read_token(str(choice.action)) for choice in buttons(say(same, facts_of("US")))}
        assert {CrisisPress(Step.PLAN, language="en"), CrisisPress(Step.REACH, language="en")} <= steps


@pytest.mark.parametrize("finder", FINDERS)
def test_finders_are_secure_addresses(finder: str) -> None:
    assert urlsplit(finder).scheme == "https"
