"""A lint over every sentence of the wing: what it must never say."""

import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files

import pytest

from bot.conversation.message import Message
from bot.escalation import wording
from bot.escalation.helplines import load_helplines
from bot.escalation.rules import card_for
from bot.escalation.screening.tiers import Finding, Tier

HELPLINES = load_helplines(files("bot.escalation") / "data" / "helplines")

FORBIDDEN = {
    "an exclamation mark": "!",
    "that somebody was told": r"\balert|\bnotified|\bhave (told|informed|called)\b|\bis on (the|its) way",
    "blame": r"\bmissed\b|\bfail(ed|ure)?\b|\bshould have\b|\bselfish\b|\bcoward",
    "a crime": r"\bcommit",
    "a relapse": r"\brelaps",
    "a way of doing it": r"\bhang(ing)?\b|\bgun|\brope|\bbridge|\bjump|\bcut|\bbottle|\blethal|\boverdos",
    "advice about a dose": r"\bvomit|\bcharcoal|\bdrink (water|milk)|\btake (another|two|half)|\bstop taking",
    "a promise it cannot keep": r"\beverything will be\b|\bbe fine\b|\bI promise\b|\byou are safe\b",
    "a leading question": r"\byou are not (thinking|going)\b|\byou wouldn't\b",
    "a verdict": r"\bdiagnos|\brisk score\b|\bat risk\b",
    "a human behind it": r"\bwe (are|will)\b|\bour team\b|\bI feel\b|\bI understand\b",
}
SAY = (
    wording.card,
    wording.gentle,
    wording.dismissed,
    wording.unsaid,
    wording.helper_steps,
    wording.grounding,
)
FINDINGS = (
    None,
    Finding(Tier.URGENT, ("overdose",), "en"),
    Finding(Tier.GENTLE, ("overdose",), "en"),
    Finding(Tier.GENTLE, ("someone else",), "en"),
    Finding(Tier.GENTLE, ("someone else", "overdose"), "en"),
)


def faults(text: str) -> list[str]:
    return [name for name, shape in FORBIDDEN.items() if re.search(shape, text, re.IGNORECASE)]


def everything_said() -> Iterator[Message]:
    for code in (None, *HELPLINES.codes):
        for today in (date(2026, 11, 24), date(2028, 1, 1)):
            for finding in FINDINGS:
                facts = card_for(HELPLINES, code, today, finding)
                yield from (say(_same, facts) for say in SAY)
    yield from (wording.countries(_same, HELPLINES, page) for page in (1, 2, 3))
    yield wording.in_group(_same)


def _same(sentence: str) -> str:
    return sentence


def test_nothing_forbidden_is_said() -> None:
    for message in everything_said():
        labels = [choice.label for row in message.choices for choice in row]
        for text in (message.text.plain, *labels, wording.help_button(_same).label):
            assert faults(text) == [], text


@pytest.mark.parametrize(
    "bad",
    [
        "You can do it!",
        "I have alerted your emergency contact.",
        "Help is on the way.",
        "You missed three check-ins.",
        "He committed suicide.",
        "You may be relapsing.",
        "Put the rope away.",
        "Drink water and wait.",
        "Everything will be fine.",
        "You are not thinking of it, are you?",
        "You are at risk.",
        "Our team is here for you.",
    ],
)
def test_the_lint_finds_a_bad_sentence(bad: str) -> None:
    assert faults(bad)


def test_every_sentence_goes_through_gettext() -> None:
    """With a catalog that marks what it translates, nothing of ours is left unmarked."""

    def marked(sentence: str) -> str:
        return f"«{sentence}»"

    facts = card_for(HELPLINES, "CZ", date(2026, 11, 24))
    for say in SAY:
        message = say(marked, facts)
        for line in filter(None, message.text.plain.split("\n")):
            assert line[0] == "«" or line.startswith("https://"), line
        assert all(choice.label.startswith("«") for row in message.choices for choice in row)
