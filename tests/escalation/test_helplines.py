"""The helpline data: complete, dated, and refused by name when it cannot be trusted."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from bot.escalation.endonyms import ENDONYMS
from bot.escalation.helplines import Helplines, HelplinesUnusable, load_helplines

FOLDER = files("bot.escalation") / "data" / "helplines"
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
        each for country in helplines.countries.values() for line in country.lines for each in line.languages
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


def test_an_operator_can_override_one_country(tmp_path: Path) -> None:
    own = GOOD.replace('"XX"', '"CZ"').replace('"OH"', '"OP"').replace("lists compared", "called")
    (tmp_path / "CZ.toml").write_text(own)
    helplines = load_helplines(FOLDER, overrides=tmp_path)
    country = helplines.of("CZ")
    assert country is not None
    assert country.lines[0].name == "A line"
    assert len(helplines.codes) == 63
