"""The card and its companions, for every country and for none."""

import re
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from itertools import permutations
from urllib.parse import urlsplit

import pytest

from bot.conversation.message import Choice, Message
from bot.escalation import wording
from bot.escalation.helplines import FINDERS, Country, Helplines, Line, load_helplines
from bot.escalation.rules import SOS, CardFacts, answer_to, card_for, read_token
from bot.escalation.screening.screen import Tier, screen
from bot.escalation.screening.tiers import Finding
from scheduler.lanes import Lane

HELPLINES = load_helplines(files("bot.escalation") / "data" / "helplines")
CODES = HELPLINES.codes
TODAY = date(2026, 11, 24)
MUCH_LATER = TODAY + timedelta(days=200)

WITH_RESOURCES = (wording.card, wording.gentle, wording.dismissed, wording.unsaid, wording.helper_steps)


def same(sentence: str) -> str:
    return sentence


def facts_of(code: str | None, today: date = TODAY, finding: Finding | None = None) -> CardFacts:
    return card_for(HELPLINES, code, today, finding)


def card_text(code: str | None, today: date = TODAY) -> str:
    return wording.card(same, facts_of(code, today)).text.plain


def country_of(code: str) -> Country:
    country = HELPLINES.of(code)
    assert country is not None
    return country


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
    country = country_of(code)
    allowed = set(map(_digits, country.emergency))
    for line in country.lines:
        allowed |= numbers_of(line) | shown_numbers(line.name)
    assert shown_numbers(card_text(code)) <= allowed


def test_no_card_shows_another_countrys_line() -> None:
    for here, there in permutations(CODES, 2):
        facts, other = facts_of(here), country_of(there)
        assert not set(facts.lines) & set(other.lines), (here, there)
        own = {line.name for line in country_of(here).lines}
        shown = card_text(here).split("\n")
        foreign = {line.name for line in other.lines} - own
        assert not foreign & set(shown), (here, there)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("today", [TODAY, MUCH_LATER])
def test_the_emergency_number_comes_first(code: str, today: date) -> None:
    country, text = country_of(code), card_text(code, today)
    assert text.startswith("If your life is in danger now, call " + country.emergency[0])
    assert all(number in text.split("\n")[0] for number in country.emergency)
    assert country.name in text.split("\n")[0]


@pytest.mark.parametrize("code", CODES)
def test_every_line_bears_its_date(code: str) -> None:
    facts, text = facts_of(code), card_text(code)
    assert text.count("2026-11-23") == len(facts.lines) + 1  # and the emergency number bears its own


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
    assert {"sos:AR", "sos:countries:2", "sos:ground", "sos:worried"} <= tokens


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
    facts = facts_of("RU")
    assert [line.audience for line in facts.lines] == ["everyone", "children"]
    assert "For children and young people" in card_text("RU")


@pytest.mark.parametrize("code", [None, *CODES])
@pytest.mark.parametrize("today", [TODAY, MUCH_LATER])
@pytest.mark.parametrize("say", WITH_RESOURCES)
def test_every_answer_fits_one_message(code: str | None, today: date, say: object) -> None:
    assert callable(say)
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
def test_the_numbers_stay_whatever_was_answered(say: object) -> None:
    assert callable(say)
    text = say(same, facts_of("US")).text.plain
    assert "988" in text
    assert "911" in text


def test_the_gentle_question_is_asked_in_three_ways_out() -> None:
    message = wording.gentle(same, facts_of("GB"))
    assert "That sounds heavy. Is it about ending your life?" in message.text.plain
    tokens = [choice.action for choice in buttons(message)]
    assert tokens[:3] == ["sos:yes", "sos:no", "sos:unsaid"]


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
            str(each.action)[4:]
            for each in buttons(message)
            if re.fullmatch(r"sos:[A-Z]{2}", str(each.action))
        ]
    assert sorted(seen) == list(CODES)
    names = [country_of(code).name for code in seen]
    assert names == sorted(names)


@pytest.mark.parametrize("page", [-3, 0, 99])
def test_a_page_that_is_not_there_becomes_the_nearest(page: int) -> None:
    assert buttons(wording.countries(same, HELPLINES, page))


def test_the_group_line_names_nobody_and_no_number() -> None:
    message = wording.in_group(same)
    assert shown_numbers(message.text.plain) == set()
    assert message.choices == ()


def test_the_help_button_is_public() -> None:
    assert wording.help_button(same).action == SOS


@pytest.mark.parametrize("finder", FINDERS)
def test_finders_are_secure_addresses(finder: str) -> None:
    assert urlsplit(finder).scheme == "https"
