"""What groups are asked: a short list, in six languages, and nothing clinical."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.escalation.screening.screen import Tier, screen
from bot.groups.pulse import board, rules
from bot.groups.pulse.questions import Question, check_questions, in_turn, phrases, questions
from storage.pulses import Pulse

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
ASKED = list(questions().values())


def visit(language: str) -> Any:
    """As much of a visit as a message needs."""
    group = SimpleNamespace(language=language, topic=None, key=1)
    return SimpleNamespace(group=group, zone=ZoneInfo("Europe/Berlin"), now=NOON)


@pytest.mark.parametrize("question", ASKED, ids=lambda question: question.key)
def test_every_question_is_short_in_six_languages_and_says_nothing_that_hurts(question: Question) -> None:
    assert set(question.texts) == set(LANGUAGE_NAMES)
    assert len(question.key) <= 16
    for asking in question.texts.values():
        assert rules.FEWEST_CHOICES <= len(asking.answers) == question.choices <= 5
        assert len(set(asking.answers)) == question.choices
        assert len(asking.question) <= 70
        assert max(map(len, asking.answers)) <= 24
        for words in (asking.question, *asking.answers):
            assert "!" not in words
            assert screen(words).tier is Tier.NONE


def test_nothing_is_asked_that_an_instrument_asks() -> None:
    words = " ".join(question.in_language("en").question.lower() for question in ASKED)
    for symptom in (
        "sleep",
        "energy",
        "appetite",
        "hopeless",
        "depress",
        "interest",
        "concentrat",
        "die",
        "mood",
    ):
        assert symptom not in words


def test_questions_take_turns() -> None:
    keys = list(questions())
    assert [in_turn(asked) for asked in range(len(keys) + 1)] == [*keys, keys[0]]
    check_questions()


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_a_note_fits_and_even_the_longest_week_fits_under_its_picture(language: str) -> None:
    said = phrases(language)
    note = said.kept.format(until=board.until(visit(language), NOON))
    assert "{" not in note + said.together.format(count=5) + said.least.format(count=5)
    assert max(len(note), len(said.over)) <= 200
    shown = rules.to_data(rules.totals((1_000, 1_000, 1_000, 1_000), 0))
    week = [
        Pulse(id=day, group_id=1, question=in_turn(day), opened_at=NOON + timedelta(days=day), closes_at=NOON)
        for day in range(rules.MOST_IN_PICTURE)
    ]
    for pulse in week:
        pulse.shown = shown
    message = board.week(visit(language), week, "key", NOON)
    assert len(message.text.plain.encode("utf-16-le")) // 2 <= 1024
    assert len(message.text.spans) <= 100


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_the_words_under_the_picture_say_all_that_it_shows(language: str) -> None:
    pulse = Pulse(id=1, group_id=1, question="week", opened_at=NOON, closes_at=NOON)
    pulse.shown = rules.to_data(rules.totals((7, 1, 12, 3), 0))
    message = board.week(visit(language), [pulse], "key", NOON)
    assert message.picture is not None
    for row in message.picture.data["days"][0]["rows"]:
        assert f"{row['label']}: {row['words']}" in message.text.plain
    assert message.text.plain.count(":") >= 2
