"""The lines for people whom somebody close controls or hurts: sourced, dialable, on no crisis card."""

import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.conversation.catalogs import LANGUAGE_NAMES, safety
from bot.escalation import wording
from bot.escalation.lines.helplines import Country, Helplines, HelplinesUnusable, Line, load_helplines
from bot.escalation.lines.routes import line_text
from bot.escalation.lines.standing import LEAST_SOURCES, faults
from tests.escalation.test_card import HELPLINES, TODAY, country_of, facts_of
from tests.escalation.test_helplines import GOOD, folder_with

WITH_LINES = [code for code in HELPLINES.codes if country_of(code).abuse]
COMPARED = date(2026, 11, 29)
ABUSE = """
[[abuse]]
name = "Somebody who listens"
audience = "women"
call = [{ number = "116 016" }]
sources = ["OH"]
verified_on = 2026-11-29
verified_how = "lists compared"
"""
RATED = GOOD.replace(
    'verified_how = "lists compared"\n\n', 'verified_how = "lists compared"\nabuse_confidence = "A"\n\n'
)


def routes_of(line: Line) -> list[str]:
    return [call.number for call in line.call] + [route.number for route in line.text]


def digits(number: str) -> str:
    return re.sub(r"[^\d*#]", "", number)


def test_the_countries_in_which_most_languages_of_this_wing_are_at_home_have_one() -> None:
    assert len(WITH_LINES) == 32
    for code in ("US", "GB", "IE", "CA", "AU", "NZ", "ES", "MX", "AR", "CL", "CO", "PE", "DE", "AT", "CH",
                 "FR", "BE", "BR", "PT", "IT"):  # fmt: skip
        assert country_of(code).abuse_trusted, code


@pytest.mark.parametrize("code", WITH_LINES)
def test_every_line_names_enough_sources_and_the_day_on_which_they_were_compared(code: str) -> None:
    country = country_of(code)
    assert country.abuse_trusted
    for line in country.abuse:
        assert len(set(line.sources)) >= LEAST_SOURCES, line.name
        assert (line.verified_on, line.verified_how) == (COMPARED, "lists compared")


@pytest.mark.parametrize("code", WITH_LINES)
def test_every_line_can_be_dialled_from_within_the_country(code: str) -> None:
    for line in country_of(code).abuse:
        assert line.call, line.name
        for number in routes_of(line):
            assert 3 <= len(digits(number)) <= 13, number
        if code != "CL":  # a number on WhatsApp is written in full
            assert not any(number.startswith("+") for number in routes_of(line))


@pytest.mark.parametrize("code", HELPLINES.codes)
def test_no_number_of_a_country_has_two_meanings(code: str) -> None:
    country = country_of(code)
    meanings: dict[str, set[str]] = defaultdict(set)
    for number in country.emergency:
        meanings[digits(number)].add("emergency")
    for line in country.every_line:
        for number in routes_of(line):
            meanings[digits(number)].add(line.name)
    assert {number: who for number, who in meanings.items() if len(who) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_no_crisis_card_names_a_line_about_abuse(language: str) -> None:
    """They listen to something else, and whoever looks over a shoulder would wonder."""
    for code in WITH_LINES:
        facts, names = facts_of(code, language=language), {line.name for line in country_of(code).abuse}
        for say in (wording.card, wording.helper_steps):
            assert not names & set(say(safety(language), facts).text.plain.split("\n"))
        assert not names & set(wording.in_group(safety(language), facts).text.plain.split("\n"))


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("DE", "Hilfetelefon Gewalt gegen Frauen", "For women"),
        ("DE", "Hilfetelefon Gewalt an Männern", "For men"),
        ("PT", "Serviço de Informação às Vítimas de Violência Doméstica", "Text: 3060"),
        ("GB", "Live Fear Free", "Call: 0808 80 10 800 (Wales)"),
        ("MX", "Línea de las Mujeres", "Call: 079, then option 1"),
        ("UY", "Servicio 0800 4141", "Call: *4141 (from a mobile phone)"),
        ("ES", "Servicio 016", "WhatsApp: 600 000 016"),
        ("US", "National Domestic Violence Hotline", "Text START to 88788"),
    ],
)
def test_whom_a_line_is_for_and_how_to_reach_it_is_said(code: str, name: str, words: str) -> None:
    line = next(line for line in country_of(code).abuse if line.name == name)
    assert words in line_text(safety("en"), line).plain.split("\n")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (GOOD + ABUSE, "come together"),
        (RATED, "come together"),
        (RATED + ABUSE.replace('"women"', '"children"'), "audience cannot be"),
        (RATED + ABUSE.replace('sources = ["OH"]', "sources = []"), "sources is empty"),
        (RATED.replace('"A"\n\n', '"E"\n\n') + ABUSE, "abuse_confidence cannot be"),
        (GOOD.replace('"everyone"', '"men"'), "audience cannot be"),
    ],
)
def test_a_file_whose_lines_about_abuse_cannot_be_trusted_is_refused(
    tmp_path: Path, content: str, why: str
) -> None:
    with pytest.raises(HelplinesUnusable, match=r"XX\.toml") as caught:
        load_helplines(folder_with(tmp_path, "XX.toml", content))
    assert why in str(caught.value)


@pytest.fixture
def rated(tmp_path: Path) -> Country:
    country = load_helplines(folder_with(tmp_path, "XX.toml", RATED + ABUSE)).of("XX")
    assert country is not None
    return replace(country, lines=tuple(replace(line, sources=("OH", "CK")) for line in country.lines))


def test_a_line_about_abuse_that_is_shown_wants_two_sources(rated: Country) -> None:
    def found(country: Country) -> list[str]:
        return faults(Helplines({"XX": country}, {}), TODAY)

    assert found(rated) == ["XX: Somebody who listens has one source, and confidence A asks for 2"]
    assert found(replace(rated, abuse_confidence="D")) == []


def test_an_old_line_about_abuse_is_named_and_leaves_the_card_as_it_is(rated: Country) -> None:
    fresh = replace(rated, verified_on=date(2027, 6, 1), abuse_confidence="D")
    fresh = replace(fresh, lines=tuple(replace(line, verified_on=date(2027, 6, 1)) for line in fresh.lines))
    later = COMPARED + timedelta(days=181)
    assert fresh.oldest == date(2027, 6, 1)
    assert Helplines({"XX": fresh}, {}).older_than(180, later + timedelta(days=180)) == [fresh]
    assert faults(Helplines({"XX": fresh}, {}), later) == [
        "XX: Somebody who listens was verified 181 days ago"
    ]
