"""A lint over every sentence of the wing, in every language: what it must never say, and what must fit."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po

from bot.conversation.catalogs import FOLDER, LANGUAGE_NAMES, Gettext, safety
from bot.conversation.message import Choice, CopyText, Link, Message
from bot.conversation.sheet import sheet_of
from bot.escalation import wording
from bot.escalation.crisis.answers import unsigned
from bot.escalation.followup import wording as followup_wording
from bot.escalation.lines.helplines import load_helplines
from bot.escalation.planning import editing as planning_wording
from bot.escalation.planning import wording as plan_wording
from bot.escalation.planning.plan import LONGEST_STEP, MOST_CONTACTS, Contact, Plan
from bot.escalation.rules import CardFacts, card_for
from bot.escalation.screening.tiers import Finding, Tier
from tests.escalation.forbidden import FORBIDDEN, Row, faults

HELPLINES = load_helplines(files("bot.escalation.lines") / "countries")
TODAY, MUCH_LATER = date(2026, 11, 24), date(2028, 1, 1)

SAY = (
    wording.card,
    wording.gentle,
    wording.dismissed,
    wording.unsaid,
    wording.helper_steps,
    wording.grounding,
    wording.plan_closed,
)
FINDINGS = (
    None,
    Finding(Tier.URGENT, ("overdose",), "en"),
    Finding(Tier.GENTLE, ("overdose",), "en"),
    Finding(Tier.GENTLE, ("someone else",), "en"),
    Finding(Tier.GENTLE, ("someone else", "overdose"), "en"),
)
ANNA = Contact("Anna", "+4930123456")
FULL = Plan(tuple("x" * LONGEST_STEP for _ in range(6)), (ANNA,) * MOST_CONTACTS)
PLANS = (None, Plan(), Plan(("a walk", "", "", "", "", "")), FULL)

# The same in another language, and rightly so.
UNTRANSLATABLE = {
    "No",
    "Chat: {address}",
    "{number} ({place})",
    "{number} ({language})",
    "{numbers} ({country})",
}

every_language = pytest.mark.parametrize("language", LANGUAGE_NAMES)


def sentences() -> list[str]:
    """Every sentence that this wing can say, whoever says it."""
    with (FOLDER / "safety.pot").open("rb") as opened:
        return [str(message.id) for message in read_po(opened) if message.id]


def all_facts(language: str) -> Iterator[CardFacts]:
    for code in (None, *HELPLINES.codes):
        for today in (TODAY, MUCH_LATER):
            for finding in FINDINGS:
                yield card_for(HELPLINES, code, today, finding, language)


def everything_said(language: str) -> Iterator[Message]:
    _ = safety(language)
    for facts in all_facts(language):
        yield from (say(_, facts) for say in SAY)
        yield wording.in_group(_, facts, "https://t.me/evenkeel_bot?start=sos")
    yield from (wording.countries(_, HELPLINES, page, language) for page in (1, 2, 3))
    yield from own_words(_, language)


def own_words(_: Gettext, language: str) -> Iterator[Message]:
    for code in (None, *HELPLINES.codes):
        facts = card_for(HELPLINES, code, TODAY, None, language)
        yield wording.in_group(_, facts, "https://t.me/evenkeel_bot?start=worried", worried=True)
        yield wording.whispered(_, facts, worried=False)
        yield wording.whispered(_, facts, worried=True)
        for plan in PLANS:
            yield from (plan_wording.reach_message(_, plan, facts, tone) for tone in (1, 2, 3))
            if plan is not None:
                yield plan_wording.plan_message(_, plan, facts)


def choices_of(message: Message) -> list[Choice]:
    return [choice for row in message.choices for choice in row]


@every_language
def test_nothing_forbidden_is_said(language: str) -> None:
    for sentence in sentences():
        said = safety(language)(sentence)
        assert faults(said, language) == [], said


@every_language
def test_no_card_says_what_is_forbidden(language: str) -> None:
    """Names of lines and countries included."""
    said = {message.text.plain for message in everything_said(language)}
    said |= {choice.label for message in everything_said(language) for choice in choices_of(message)}
    for text in said:
        assert faults(text, language) == [], text


@pytest.mark.parametrize("row", FORBIDDEN, ids=lambda row: f"{row.language or 'every language'}: {row.what}")
def test_the_lint_finds_a_bad_sentence(row: Row) -> None:
    assert row.what in faults(row.catches, row.language or "en")


@every_language
def test_the_lint_knows_every_kind_of_fault_in_every_language(language: str) -> None:
    kinds = {row.what for row in FORBIDDEN}
    assert {row.what for row in FORBIDDEN if row.language in ("", language)} == kinds


@pytest.mark.parametrize("language", [language for language in LANGUAGE_NAMES if language != "en"])
def test_nothing_english_is_left_in_a_translation(language: str) -> None:
    for sentence in sentences():
        if safety(language)(sentence) == sentence:
            words = re.sub(r"\{\w+\}", "", sentence)
            assert sentence in UNTRANSLATABLE or not re.search(r"[A-Za-z]", words), sentence


@pytest.mark.parametrize("language", [language for language in LANGUAGE_NAMES if language != "en"])
def test_no_card_mixes_its_language_with_english(language: str) -> None:
    english = {row for row in _rows("en") if len(row.split()) > 2}
    assert len(english) > 50
    names = {line.name for country in HELPLINES.countries.values() for line in country.lines}
    assert not (english & _rows(language)) - names


def _rows(language: str) -> set[str]:
    """Every row and label of the cards, without numbers, names of languages and addresses."""
    found: set[str] = set()
    for message in everything_said(language):
        rows = message.text.plain.split("\n") + [choice.label for choice in choices_of(message)]
        found.update(row for row in rows if not re.search(r"\d|https?://|x{9}", row))
    return found


@every_language
def test_every_answer_fits_on_the_platform_in_every_country(language: str) -> None:
    for message in everything_said(language):
        units = len(message.text.plain.encode("utf-16-le")) // 2
        assert 0 < units <= 4096
        choices = choices_of(message)
        assert len(choices) <= 100
        for choice in choices:
            assert choice.label.strip()
            assert isinstance(choice.action, str | Link | CopyText)
            assert not isinstance(choice.action, str) or len(choice.action.encode()) <= 64
        sheet_of(message, unsigned)  # raises for whatever a button cannot hold


@every_language
def test_the_day_after_names_nothing_that_others_should_not_read(language: str) -> None:
    _ = safety(language)
    at = datetime(2026, 3, 6, 12, tzinfo=UTC)
    question = followup_wording.question(_, language, 1, at, at).text.plain
    for word in ("suicid", "suizid", "kris", "cris", "gefahr", "danger", "peligro", "pericolo", "perigo"):
        assert word not in question.lower()


@every_language
def test_a_draft_fits_on_the_clipboard(language: str) -> None:
    for tone in (1, 2, 3):
        assert 1 <= len(plan_wording.draft(safety(language), tone)) <= 256


def test_the_summaries_of_the_commands_are_short() -> None:
    for language in LANGUAGE_NAMES:
        _ = safety(language)
        summaries = (wording.sos_summary(_), wording.worried_summary(_), planning_wording.plan_summary(_))
        assert all(3 <= len(words) <= 60 for words in summaries)


def test_every_sentence_goes_through_gettext() -> None:
    """With a catalog that marks what it translates, nothing of ours is left unmarked."""

    def marked(sentence: str) -> str:
        return f"«{sentence}»"

    facts = card_for(HELPLINES, "CZ", TODAY)
    for say in SAY:
        message = say(marked, facts)
        for line in filter(None, message.text.plain.split("\n")):
            assert line[0] == "«" or line.startswith("https://"), line
        assert all(choice.label.startswith("«") for choice in choices_of(message))
