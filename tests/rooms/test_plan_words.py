"""A plan is what the prescriber said: the bot fills nothing in, and proposes nothing."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.catalogs import catalog
from bot.conversation.dialogs import Asked, Context, Place, Reply, advance, begin
from bot.medicines import plan_dialogs
from bot.medicines.answers import NAME
from bot.medicines.plan_dialogs import PUSH, STEPS, WRITE
from tests.escalation.forbidden import faults
from tests.rooms.test_registry import HOUSE, sentences_in

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
HERE = Context(catalog("en"), NOW, "Europe/Rome")
NAMES = ("plan_wording.py", "pausing_wording.py", "stock_wording.py")
WORDS = [HOUSE / "bot" / "medicines" / name for name in NAMES]
ONE_STEP = {"since": "2026-03-02", "timing": {"kind": "daily", "times": ["08:00"]}, "amounts": ["50 mg"]}


def at(step: str, **answers: Any) -> Place:
    return Place(step, {NAME: "Sertraline", STEPS: [ONE_STEP], "since": "2026-03-09", **answers})


def said(place: Place, text: str) -> Asked:
    turn = advance(WRITE, place, Reply(text=text), HERE)
    assert isinstance(turn, Asked)
    return turn


@pytest.mark.parametrize("file", WORDS, ids=lambda file: Path(file).name)
def test_no_sentence_names_an_amount_or_proposes_a_step(file: Path) -> None:
    said = [text for text, translated in sentences_in(file) if translated]
    assert len(said) > 10
    assert [(text, faults(text, "en")) for text in said if faults(text, "en")] == []


def test_no_button_fills_in_a_date_or_an_amount() -> None:
    for step in ("plan_date", "plan_amounts", "plan_end"):
        assert WRITE.step(step).ask(HERE, at(step).answers).options == ()
    assert begin(PUSH, HERE).prompt.options == ()
    assert begin(WRITE, HERE, {NAME: "Sertraline"}).prompt.options == ()


def test_no_question_about_a_date_or_an_amount_holds_a_number_of_ours() -> None:
    for step in ("plan_date", "plan_amounts", "plan_end"):
        asked = WRITE.step(step).ask(HERE, at(step, **{STEPS: [], "since": "2027-09-09"}).answers).text.plain
        assert not set("0123456789") & set(asked.replace("9 Sep 2027", ""))


@pytest.mark.parametrize(
    ("step", "typed"),
    [
        ("plan_date", "soon"),
        ("plan_date", "30 February 2026"),
        ("plan_date", "2026-03-02"),
        ("plan_date", "2026-03-01"),
        ("plan_date", "2036-03-01"),
        ("plan_amounts", "..."),
        ("plan_amounts", "a" * 65),
        ("plan_amounts", ", ".join("123456789")),
        ("plan_times", "at breakfast"),
        ("plan_times", "as needed"),
        ("plan_times", "every 6 hours after taking"),
        ("plan_times", "every 8 hours"),
        ("plan_times", "8am until 1 May"),
        ("plan_more", "next"),
        ("plan_end", "never"),
        ("plan_end", "2026-03-01"),
        ("plan_confirm", "yes"),
    ],
)
def test_what_is_not_understood_gets_an_answer_and_loses_nothing(step: str, typed: str) -> None:
    before = at(step, amounts=["25 mg"])
    after = said(before, typed)
    assert (after.place.step, after.place.answers) == (before.step, before.answers)
    question = WRITE.step(step).ask(HERE, before.answers).text.plain
    assert after.prompt.text.plain.endswith(question)
    assert len(after.prompt.text.plain) > len(question)


def test_a_date_that_may_be_two_is_asked_about_and_one_that_is_to_come_is_not() -> None:
    asked = said(at("plan_date", **{STEPS: []}), "1 March")
    days = [row[0].label for row in asked.prompt.options]
    assert days == ["Sun 1 Mar 2026", "Mon 1 Mar 2027", "None of these"]
    assert said(at("plan_date"), "12 March").place.answers["since"] == "2026-03-12"


def test_hours_count_from_the_first_day_of_their_step() -> None:
    asked = said(at("plan_times", amounts=["5 mg"]), "every 8 hours from 6:00")
    [_, step] = plan_dialogs.written(asked.place.answers).steps
    assert (step.since, step.amounts) == (date(2026, 3, 9), ("5 mg",))
    assert asked.place.answers[STEPS][1]["timing"]["anchor"] == "2026-03-09T05:00:00+00:00"
