"""The helpline data: complete, dated, and refused by name when it cannot be trusted."""

import re
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from bot import release
from bot.escalation.lines.endonyms import ENDONYMS
from bot.escalation.lines.helplines import (
    WAYS,
    Country,
    Helplines,
    HelplinesUnusable,
    load_helplines,
    shipped_helplines,
)
from bot.escalation.lines.standing import faults, ways

FOLDER = files("bot.escalation.lines") / "countries"
RUNNING = Path(__file__).parents[2] / "docs" / "running.md"
GOOD = """
code = "XX"
country = "Nowhere"
emergency = ["112"]
confidence = "A"
verified_on = 2026-11-23
verified_how = "lists compared"

[[lines]]
name = "A line"
audience = "everyone"
call = [{ number = "116 123" }]
hours = "24/7"
languages = ["en"]
sources = ["OH"]
verified_on = 2026-11-23
verified_how = "lists compared"
"""


@pytest.fixture(scope="module")
def helplines() -> Helplines:
    return load_helplines(FOLDER)


def folder_with(path: Path, name: str, content: str) -> Path:
    (path / "sources.toml").write_text('OH = "a list"')
    (path / name).write_text(content)
    return path


def test_every_country_is_there(helplines: Helplines) -> None:
    assert len(helplines.codes) == 63
    assert all(country.emergency for country in helplines.countries.values())


def test_every_language_has_a_name(helplines: Helplines) -> None:
    spoken = {
        each
        for country in helplines.countries.values()
        for line in country.every_line
        for each in line.languages
    }
    assert spoken <= ENDONYMS.keys()


def test_of_takes_either_case_and_nothing(helplines: Helplines) -> None:
    assert helplines.of("us") is helplines.of("US") is not None
    assert helplines.of(None) is helplines.of("") is helplines.of("ZZ") is None


def test_the_united_states_as_the_contract_says(helplines: Helplines) -> None:
    country = helplines.of("US")
    assert country is not None
    first, second = country.lines
    assert country.emergency == ("911",)
    assert (first.call[0].number, first.text[0].number) == ("988", "988")
    assert (first.deaf[0].relay, first.deaf[0].number) == ("711", "988")
    assert (second.text[0].words, second.text[0].number) == (("HOME", "TALK"), "741741")


def test_older_than_lists_the_oldest_first(tmp_path: Path) -> None:
    helplines = load_helplines(folder_with(tmp_path, "XX.toml", GOOD.replace("2026-11-23", "2026-01-01")))
    assert [country.code for country in helplines.older_than(180, date(2026, 7, 1))] == ["XX"]
    assert helplines.older_than(180, date(2026, 6, 30)) == []


def test_age_never_refuses(tmp_path: Path) -> None:
    assert load_helplines(folder_with(tmp_path, "XX.toml", GOOD.replace("2026", "1999"))).codes == ("XX",)


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("", "empty"),
        ("code = ", "cannot be read"),
        (GOOD.replace('"XX"', '"YY"'), "about YY"),
        (GOOD.replace('["112"]', "[]"), "emergency is empty"),
        (GOOD.replace('["112"]', '["call us"]'), "emergency cannot hold"),
        (GOOD.replace('"A"', '"E"'), "confidence"),
        (GOOD.replace('"24/7"', '"per CK"'), "hours"),
        (GOOD.replace('["OH"]', '["ZZ"]'), "unknown source"),
        (GOOD.replace("call = [{", "cal = [{"), "unknown key"),
        (GOOD.replace("lists compared", "I am quite sure"), "verified_how cannot be"),
        (GOOD.replace("lists compared", "Dialled"), "verified_how cannot be"),
        (GOOD.replace("2026-11-23", '"soon"'), "verified_on must be a date"),
        (GOOD.replace('"everyone"', '"children"'), "needs a line for everyone"),
        (GOOD.replace('call = [{ number = "116 123" }]', ""), "no way to reach it"),
    ],
)
def test_an_unusable_file_is_refused_by_name(tmp_path: Path, broken: str, why: str) -> None:
    with pytest.raises(HelplinesUnusable, match=r"XX\.toml") as caught:
        load_helplines(folder_with(tmp_path, "XX.toml", broken))
    assert why in str(caught.value)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('OH = "a list"')
    with pytest.raises(HelplinesUnusable, match="no helpline file"):
        load_helplines(tmp_path)


def own_file(folder: Path, code: str) -> Path:
    """A folder of an operator with one country in it."""
    own = GOOD.replace('"XX"', f'"{code}"').replace('"OH"', '"OP"').replace("lists compared", "dialled")
    (folder / f"{code}.toml").write_text(own)
    return folder


def test_an_operator_can_override_one_country(tmp_path: Path) -> None:
    helplines = shipped_helplines(own_file(tmp_path, "CZ"))
    country = helplines.of("CZ")
    assert country is not None
    assert [line.name for line in country.lines] == ["A line"]
    assert len(helplines.codes) == 63
    assert helplines.overridden == ("CZ",)


def test_an_operator_can_add_a_country(tmp_path: Path) -> None:
    helplines = shipped_helplines(own_file(tmp_path, "XX"))
    assert len(helplines.codes) == 64
    assert helplines.of("XX") is not None


@pytest.mark.parametrize("content", ["", "code = ", GOOD.replace('["112"]', "[]")])
def test_an_operators_unusable_file_is_refused_with_its_folder_and_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "XX.toml").write_text(content)
    with pytest.raises(HelplinesUnusable, match=rf"{tmp_path}: XX\.toml"):
        shipped_helplines(tmp_path)


def test_an_operators_folder_that_is_empty_or_not_there_is_refused(tmp_path: Path) -> None:
    """It is misspelt, or its disk is not mounted: silence would bring back the numbers it replaces."""
    with pytest.raises(HelplinesUnusable, match="no helpline file"):
        shipped_helplines(tmp_path)
    with pytest.raises(HelplinesUnusable, match="cannot be read"):
        shipped_helplines(tmp_path / "nowhere")


def test_the_example_in_the_documents_is_a_file_that_loads(tmp_path: Path) -> None:
    chapter = RUNNING.read_text("utf-8").partition("## Your own helplines")[2]
    [example] = re.findall(r"^```toml\n(.*?)^```", chapter.partition("\n## ")[0], re.MULTILINE | re.DOTALL)
    (tmp_path / "CZ.toml").write_text(example)
    helplines = shipped_helplines(tmp_path)
    assert helplines.overridden == ("CZ",)
    country = helplines.of("CZ")
    assert country is not None
    assert country.trusted


# What a release may ship


def one_country(country: Country) -> Helplines:
    return Helplines({country.code: country}, {"OH": "a list", "CK": "another"})


@pytest.fixture
def sound(tmp_path: Path) -> Country:
    content = GOOD.replace('["OH"]', '["OH", "CK"]')
    (tmp_path / "sources.toml").write_text('OH = "a list"\nCK = "another"')
    (tmp_path / "XX.toml").write_text(content)
    country = load_helplines(tmp_path).of("XX")
    assert country is not None
    return country


def test_helplines_are_fit_for_a_release_for_180_days(sound: Country) -> None:
    verified = date(2026, 11, 23)
    assert faults(one_country(sound), verified + timedelta(days=180)) == []
    assert faults(one_country(sound), verified + timedelta(days=181)) == [
        "XX: the emergency number was verified 181 days ago",
        "XX: A line was verified 181 days ago",
    ]


def test_a_trusted_line_with_one_source_is_not_fit_for_a_release(sound: Country) -> None:
    [line] = sound.lines
    alone = replace(sound, lines=(replace(line, sources=("OH", "OH")),))
    assert faults(one_country(alone), date(2026, 11, 23)) == [
        "XX: A line has one source, and confidence A asks for 2"
    ]
    doubtful = replace(alone, confidence="D")
    assert faults(one_country(doubtful), date(2026, 11, 23)) == []


def test_a_line_without_a_source_is_not_fit_for_a_release(sound: Country) -> None:
    unfounded = replace(sound, confidence="D", lines=(replace(sound.lines[0], sources=()),))
    assert faults(one_country(unfounded), date(2026, 11, 23)) == ["XX: A line has no source"]


def test_every_shipped_line_counts_under_one_way_of_verifying(helplines: Helplines) -> None:
    lines = sum(len(country.every_line) for country in helplines.countries.values())
    assert set(ways(helplines)) == set(WAYS) == {"lists compared", "official page", "dialled"}
    assert sum(ways(helplines).values()) == lines


def test_the_release_check_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    newest = max(country.verified_on for country in load_helplines(FOLDER).countries.values())
    assert not release.check(newest + timedelta(days=181))
    said = capsys.readouterr().out
    assert "lists compared" in said
    assert "LOOK  US: 988 Suicide & Crisis Lifeline was verified" in said
