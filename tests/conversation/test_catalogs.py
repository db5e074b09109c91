"""The crisis wing speaks six languages, each one whole; everything else speaks English for the time being."""

import shutil
import subprocess
import sys
from datetime import date, time
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.conversation import calendar, catalogs
from bot.conversation.catalogs import (
    FOLDER,
    LANGUAGE_NAMES,
    CatalogUnusable,
    catalog,
    offered,
    places,
    read_safety,
    safety,
)
from bot.receiving import connections
from bot.settings import Settings
from bot.trouble import PLAIN_TROUBLE

HOUSE = Path(__file__).parents[2]
TRANSLATED = [language for language in LANGUAGE_NAMES if language != "en"]
QUESTION = "That sounds heavy. Is it about ending your life?"

each_language = pytest.mark.parametrize("language", TRANSLATED)


def po_of(language: str, folder: Path = FOLDER) -> Path:
    return folder / language / "LC_MESSAGES" / "safety.po"


def catalog_of(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, abort_invalid=True)


def sources() -> set[str]:
    return {str(message.id) for message in catalog_of(FOLDER / "safety.pot") if message.id}


def babel(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", *words], cwd=HOUSE, check=True)


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """A copy of the shipped translations, to be spoilt."""
    return Path(shutil.copytree(FOLDER, tmp_path / "locales"))


@each_language
def test_every_sentence_is_translated_and_none_is_doubtful(language: str) -> None:
    messages = {str(message.id): message for message in catalog_of(po_of(language)) if message.id}
    assert set(messages) == sources()
    assert [source for source, message in messages.items() if not message.string or message.fuzzy] == []


@each_language
def test_a_translation_has_the_same_places_to_fill(language: str) -> None:
    for message in catalog_of(po_of(language)):
        assert places(str(message.id)) == places(str(message.string)), message.id


def test_the_catalogs_are_up_to_date(tmp_path: Path, locales: Path) -> None:
    """`make texts` brings them up to date."""
    fresh = tmp_path / "safety.pot"
    options = ("--no-location", "--sort-output", "--omit-header", "-k", "_")
    babel("extract", *options, "-o", str(fresh), "bot/escalation", "bot/caregivers/letters")
    assert fresh.read_text("utf-8") == (FOLDER / "safety.pot").read_text("utf-8")
    way = ("--no-fuzzy-matching", "--ignore-obsolete", "--omit-header", "--width", "100")
    babel("update", "-D", "safety", "-d", str(locales), "-i", str(fresh), *way)
    for language in TRANSLATED:
        assert po_of(language, locales).read_text("utf-8") == po_of(language).read_text("utf-8"), language


def test_no_sentence_of_the_crisis_wing_is_in_the_daily_catalog() -> None:
    daily = {str(message.id) for message in catalog_of(FOLDER / "evenkeel.pot") if message.id}
    assert QUESTION in sources()
    assert QUESTION not in daily


def test_nothing_compiled_lies_in_the_repository() -> None:
    assert list(FOLDER.rglob("*.mo")) == []


@each_language
def test_a_missing_file_stops_the_start_by_its_name(language: str, locales: Path) -> None:
    po_of(language, locales).unlink()
    with pytest.raises(CatalogUnusable, match=rf"^{language}/safety\.po"):
        read_safety(locales)


@pytest.mark.parametrize(
    "spoilt",
    [
        b"",
        b'msgid "broken',
        b"\xff\xfe\x00",
        b'msgid "Call: {number}"\nmsgstr "Anrufen: {nummer}"\n',
        b'msgid "Call: {number}"\nmsgstr "Anrufen: {number"\n',
        b'msgid "Call: {number}"\nmsgstr ""\n',
        b'#, fuzzy\nmsgid "Call: {number}"\nmsgstr "Anrufen: {number}"\n',
    ],
    ids=["empty", "broken", "not text", "another place", "half a place", "untranslated", "all in doubt"],
)
def test_a_spoilt_file_stops_the_start_by_its_name(spoilt: bytes, locales: Path) -> None:
    po_of("de", locales).write_bytes(spoilt)
    with pytest.raises(CatalogUnusable, match=r"^de/safety\.po"):
        read_safety(locales)


async def test_a_spoilt_translation_keeps_the_bot_from_starting(
    locales: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    po_of("fr", locales).write_text('msgid "Yes', encoding="utf-8")
    monkeypatch.setattr(catalogs, "_shipped", lambda: read_safety(locales))
    with pytest.raises(CatalogUnusable, match=r"^fr/safety\.po"):
        async with connections(Settings(), "1:x"):
            pass
    assert CatalogUnusable in PLAIN_TROUBLE


def test_an_unknown_language_speaks_english() -> None:
    assert safety("xx")(QUESTION) == QUESTION
    assert safety("de")(QUESTION) != QUESTION
    assert safety("de")("Something that nobody translated.") == "Something that nobody translated."


@pytest.mark.parametrize(
    ("code", "language"),
    [("de", "de"), ("de-AT", "de"), ("pt_BR", "pt"), ("pt-br", "pt"), ("ES", "es"), ("ja", "en"),
     (None, "en"), ("", "en"), ("zh-hans", "en")],
)  # fmt: skip
def test_the_language_of_a_device_becomes_one_that_we_speak(code: str | None, language: str) -> None:
    assert offered(code) == language


@each_language
def test_the_daily_rooms_speak_english_to_everybody_days_and_all(language: str) -> None:
    _ = catalog(language)
    assert _("I need help now") == "I need help now"
    assert calendar.day_name(_, date(2026, 3, 10)) == "Tue 10 Mar"
    assert calendar.clocks(_, [time(8), time(20)]) == "08:00 and 20:00"
