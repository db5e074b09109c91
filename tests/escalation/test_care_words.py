"""Every sentence about the care team: what it must never say, what must fit, that all of it is translated."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from bot.conversation.catalogs import LANGUAGE_NAMES, safety
from bot.conversation.dialogs import Answers, Context, Dialog, as_message, begin
from bot.conversation.message import Choice, Link, Message
from bot.conversation.sheet import sheet_of
from bot.escalation.care import asking, dialogs, rules, wording
from bot.escalation.care.dates import Why
from bot.escalation.care.draft import Draft, Facts
from bot.escalation.care.file import LONGEST_DRAFT, LONGEST_QUESTION, MOST_QUESTIONS, Appointment, File
from bot.escalation.care.team import MOST_CONTACTS, Contact, Role
from tests.escalation.forbidden import faults

FOLDER = Path(wording.__file__).parent
TODAY, LATER = date(2026, 3, 5), datetime(2026, 3, 6, 12, tzinfo=UTC)
LONG = Contact("N" * 64, Role.PSYCHIATRIST, "+123456789012345", "e" * 242 + "@example.org", 10**12)
ANNA = Contact("Anna", Role.OTHER, "", "", 7)
PLANNED = Appointment(date(2027, 3, 12), time(9, 30), "N" * 64)
FULL = File(
    PLANNED, tuple(f"{n}" + "q" * (LONGEST_QUESTION - 2) for n in range(10, 10 + MOST_QUESTIONS)),
    "d" * LONGEST_DRAFT, date(2026, 1, 5),
)  # fmt: skip
FILES = (
    File(),
    FULL,
    File(last_review=TODAY),
    File(last_review=date(2026, 3, 4)),
    File(Appointment(TODAY), ("Why?",)),
)
TEAMS: tuple[tuple[Contact, ...], ...] = ((), (ANNA,), (LONG,) * MOST_CONTACTS)
FACTS = Facts(date(2025, 12, 20), 26, 28, date(2025, 11, 1))

Translate = Callable[[str], str]
every_language = pytest.mark.parametrize("language", LANGUAGE_NAMES)


def sentences() -> set[str]:
    """Every sentence in the source."""
    found = extract_from_dir(FOLDER, method_map=[("**.py", "python")], keywords={"_": None})
    return {str(message) for _file, _line, message, _comments, _context in found}


def messages(_: Translate, language: str) -> Iterator[Message]:
    for file in FILES:
        yield wording.questions(_, file)
        yield from (wording.card(_, language, file, team, TODAY) for team in TEAMS)
        if file.appointment is not None:
            yield wording.appointment(_, language, file.appointment, TODAY)
            yield asking.reminder(_, language, file.appointment, file, TODAY, LATER, "key")
    for team in TEAMS:
        yield wording.people(_, team)
        for words in ("d" * LONGEST_DRAFT, "ä" * LONGEST_DRAFT, "Hello."):
            yield from (wording.letter(_, Draft(words, own), team) for own in (True, False))
    yield wording.kept_all_the_same(_)
    yield asking.question(_, language, LATER, "key")
    yield from (asking.not_yet(_, language, days) for days in (3, None))
    yield asking.unsaid(_, language)
    yield from (asking.outcome_noted(_, language, changed, TODAY) for changed in (None, TODAY))
    for last in (None, TODAY):
        yield asking.review(_, language, last, TODAY, TODAY, 90, LATER, "key")
    yield from questions_of(language)


def questions_of(language: str) -> Iterator[Message]:
    """Every step of every dialog."""
    known: Answers = {
        "language": language, "country": "DE", "contact": 7, "name": "N" * 64, "role": "gp",
        "phone": "+123456789012345", "email": LONG.email, "now": "d" * LONGEST_DRAFT, "words": "",
        "on": "2027-03-12", "at": "09:30", "with": "", "team": [[str(10**12), "N" * 64]] * MOST_CONTACTS,
        "chosen": ["dose"], "since": None,
    }  # fmt: skip
    context = Context(safety(language), LATER, "Europe/Berlin")
    for dialog in (dialogs.CARER, dialogs.DRAFT, dialogs.QUESTION, dialogs.APPOINTMENT, dialogs.OUTCOME):
        for step in dialog.steps:
            options = ["09:00", "21:00"] if step.key == "clock" else ["2026-03-12", "2026-12-03"]
            asked = begin(Dialog(dialog.name, (step,)), context, {**known, "options": options})
            yield as_message(dialog, asked)


def choices_of(message: Message) -> list[Choice]:
    return [choice for row in message.choices for choice in row]


def test_no_sentence_says_what_is_forbidden() -> None:
    assert len(sentences()) > 80
    for sentence in sentences():
        assert faults(sentence, "en") == [], sentence


@every_language
def test_no_message_says_what_is_forbidden(language: str) -> None:
    for message in messages(safety(language), language):
        for text in (message.text.plain, *(choice.label for choice in choices_of(message))):
            assert faults(text, "en") + faults(text, language) == [], text


@every_language
def test_everything_fits_on_the_platform(language: str) -> None:
    for message in messages(safety(language), language):
        assert 0 < len(message.text.plain.encode("utf-16-le")) // 2 <= 4096
        assert len(choices_of(message)) <= 100
        for choice in choices_of(message):
            assert choice.label.strip()
            assert not isinstance(choice.action, Link) or "mailto" not in choice.action.url
        sheet_of(message, lambda action: "t")  # raises for whatever a link or a copy button cannot hold


@every_language
def test_the_words_that_are_ready_hold_no_more_than_is_known(language: str) -> None:
    _ = safety(language)
    drafts = {wording.ready_words(_, language, facts, TODAY) for facts in (None, Facts(), FACTS)}
    assert len(drafts) == 3
    assert all(1 <= len(words) <= LONGEST_DRAFT for words in drafts)
    assert wording.ready_words(_, language, Facts(taken=3, due=0), TODAY) in drafts


def test_the_words_that_are_ready_fit_on_the_clipboard() -> None:
    assert Draft(wording.ready_words(safety("en"), "en", FACTS, TODAY)).copied


def test_every_sentence_goes_through_gettext() -> None:
    """With a catalog that marks what it translates, nothing of ours is left unmarked."""

    def marked(sentence: str) -> str:
        return f"«{sentence}»"

    yours = re.compile(r"[\u2068+]|\d|[dqäN]{9}|«")
    for message in (*_said(marked),):
        for line in filter(None, message.text.plain.split("\n")):
            assert "«" in line or yours.search(line), line
        for choice in choices_of(message):
            assert choice.label.startswith("«"), choice.label


def _said(_: Translate) -> Iterator[Message]:
    for message in messages(_, "en"):
        if message not in [*questions_of("en")]:
            yield message


@every_language
def test_every_reason_of_refusal_has_its_sentence(language: str) -> None:
    _ = safety(language)
    for why in Why:
        assert wording.day_refused(_, why)
        assert asking.since_refused(_, why)
    assert all(asking.outcome(_, each) for each in rules.OUTCOMES)
    assert all(wording.role(_, role) for role in Role)
    assert 3 <= len(wording.care_summary(_)) <= 60


def test_a_button_for_help_is_on_every_message_that_comes_of_itself() -> None:
    _ = safety("en")
    for message in (
        asking.question(_, "en", LATER, "k"),
        asking.reminder(_, "en", PLANNED, FULL, TODAY, LATER, "k"),
        asking.review(_, "en", None, TODAY, TODAY, 90, LATER, "k"),
    ):
        assert choices_of(message)[-1].action == "sos@en"
