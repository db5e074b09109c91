"""Which message answers which cry, in which language; a plan never stands in the way of an answer."""

from dataclasses import replace
from datetime import date

import pytest
from structlog.testing import capture_logs

from bot.conversation.catalogs import safety
from bot.conversation.inbound import Origin
from bot.conversation.message import Action, Choice, Message
from bot.escalation import wording
from bot.escalation.crisis.alert import Source
from bot.escalation.crisis.answers import answer, language_of, unsigned, wants_plan
from bot.escalation.crisis.cry import Cry
from bot.escalation.crisis.homes import Home
from bot.escalation.lines.helplines import shipped_helplines
from bot.escalation.planning import wording as plan_wording
from bot.escalation.planning.plan import Contact, Plan
from bot.escalation.rules import CrisisPress, Step, card_for
from bot.escalation.screening.tiers import Finding, Tier

HELPLINES = shipped_helplines()
FACTS = card_for(HELPLINES, "US", date(2026, 11, 24), None, "de")
GERMAN = safety("de")
PLAN = Plan(("I stop answering the phone", "a warm shower", "", "", "", ""), (Contact("Anna", "@anna_kay"),))
ORIGIN = Origin("telegram", "bot", "501", "501", language="pt-BR")


def pressed(step: Step, page: int = 1, language: str = "") -> Cry:
    return Cry(Source.BUTTON, press=CrisisPress(step, page=page, language=language))


def told(tier: Tier, language: str = "en") -> Cry:
    return Cry(Source.TEXT, finding=Finding(tier, (), language))


def answered(cry: Cry, plan: Plan | None = PLAN) -> Message:
    return answer(cry, HELPLINES, FACTS, plan)


@pytest.mark.parametrize(
    ("cry", "message"),
    [
        (told(Tier.URGENT), wording.card(GERMAN, FACTS)),
        (told(Tier.GENTLE), wording.gentle(GERMAN, FACTS)),
        (Cry(Source.TEXT), wording.card(GERMAN, FACTS)),
        (pressed(Step.CARD), wording.card(GERMAN, FACTS)),
        (pressed(Step.YES), wording.card(GERMAN, FACTS)),
        (pressed(Step.BACK), wording.card(GERMAN, FACTS)),
        (pressed(Step.NO), wording.dismissed(GERMAN, FACTS)),
        (pressed(Step.UNSAID), wording.unsaid(GERMAN, FACTS)),
        (pressed(Step.WORRIED), wording.helper_steps(GERMAN, FACTS)),
        (pressed(Step.GROUND), wording.grounding(GERMAN, FACTS)),
        (pressed(Step.COUNTRIES, 2), wording.countries(GERMAN, HELPLINES, 2, "de")),
        (pressed(Step.PLAN), plan_wording.plan_message(GERMAN, PLAN, FACTS)),
        (pressed(Step.REACH, 3), plan_wording.reach_message(GERMAN, PLAN, FACTS, 3)),
    ],
)
def test_what_is_answered(cry: Cry, message: Message) -> None:
    assert answered(cry) == message


def test_the_answers_differ() -> None:
    texts = [answered(pressed(step)).text.plain for step in Step if step not in (Step.YES, Step.BACK)]
    assert len(set(texts)) == len(texts)


def test_a_plan_that_cannot_be_read_is_answered_with_the_numbers() -> None:
    with capture_logs() as logs:
        assert answered(pressed(Step.PLAN), None) == wording.plan_closed(GERMAN, FACTS)
    assert logs == []  # whoever opened the plan has said already that it could not be read


def test_a_draft_comes_even_without_the_plan() -> None:
    assert answered(pressed(Step.REACH, 2), None) == plan_wording.reach_message(GERMAN, None, FACTS, 2)


@pytest.mark.parametrize("step", [Step.PLAN, Step.REACH])
def test_a_plan_that_cannot_be_shown_is_answered_with_the_numbers(
    step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Message:
        raise ZeroDivisionError("a warm shower")

    monkeypatch.setattr(plan_wording, "plan_message", broken)
    monkeypatch.setattr(plan_wording, "reach_message", broken)
    with capture_logs() as logs:
        assert answered(pressed(step)) == wording.plan_closed(GERMAN, FACTS)
    assert [(each["event"], each["error"]) for each in logs] == [
        ("plan_cannot_be_shown", "ZeroDivisionError")
    ]
    assert "shower" not in str(logs)


def test_a_plan_that_the_platform_cannot_bear_is_answered_with_the_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A button that would need to be signed for its owner has no place here."""
    card = wording.card(GERMAN, FACTS)
    signed = replace(card, choices=((Choice("Edit", Action("plan", "edit")),),))
    monkeypatch.setattr(plan_wording, "plan_message", lambda *_: signed)
    with capture_logs() as logs:
        assert answered(pressed(Step.PLAN)) == wording.plan_closed(GERMAN, FACTS)
    assert [each["error"] for each in logs] == ["ValueError"]


def test_nothing_is_signed_here() -> None:
    with pytest.raises(ValueError, match=r"^a crisis message has public buttons only$"):
        unsigned(Action("plan", "edit"))


def test_which_answers_show_what_the_person_wrote() -> None:
    assert {step for step in Step if wants_plan(pressed(step))} == {Step.PLAN, Step.REACH}
    assert not wants_plan(told(Tier.URGENT))
    assert not wants_plan(Cry(Source.TEXT))


@pytest.mark.parametrize(
    ("cry", "home", "language"),
    [
        (told(Tier.URGENT, "es"), Home("US", "fr"), "es"),
        (pressed(Step.YES, language="it"), Home("US", "fr"), "it"),
        (pressed(Step.YES), Home("US", "fr"), "fr"),
        (pressed(Step.YES, language="xx"), Home("US", "fr"), "fr"),
        (pressed(Step.YES), Home("US", "xx"), "pt"),
        (pressed(Step.YES), None, "pt"),
        (told(Tier.URGENT, ""), None, "pt"),
    ],
)
def test_the_language_of_the_words_then_of_the_person_then_of_the_device(
    cry: Cry, home: Home | None, language: str
) -> None:
    assert language_of(cry, home, ORIGIN) == language


def test_where_nothing_tells_it_is_english() -> None:
    for device in (None, "", "xx"):
        assert language_of(pressed(Step.YES), None, replace(ORIGIN, language=device)) == "en"
