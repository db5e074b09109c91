"""Nothing that the wing says to somebody in one country holds a number that only another country has."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache

import pytest

from bot.conversation.catalogs import LANGUAGE_NAMES, Gettext, safety
from bot.conversation.message import Message
from bot.escalation import wording
from bot.escalation.followup import wording as followup_wording
from bot.escalation.planning import wording as plan_wording
from bot.escalation.planning.plan import Plan
from bot.escalation.rules import CardFacts, page_of
from bot.escalation.screening.tiers import OVERDOSE, SOMEONE_ELSE, Finding, Tier
from tests.escalation.test_card import (
    CODES,
    HELPLINES,
    TODAY,
    all_numbers_of,
    country_of,
    facts_of,
    shown_numbers,
)

TOMORROW = datetime(2026, 11, 25, tzinfo=UTC)
WRITTEN = Plan(steps=("music", "a walk", "the library", "my sister", "the line", "the balcony is locked"))
FINDINGS = (
    None,
    Finding(Tier.GENTLE, (OVERDOSE,), "en"),
    Finding(Tier.GENTLE, (SOMEONE_ELSE,), "en"),
)
OF_FACTS: tuple[Callable[[Gettext, CardFacts], Message], ...] = (
    wording.card,
    wording.gentle,
    wording.dismissed,
    wording.unsaid,
    wording.helper_steps,
    wording.grounding,
    wording.plan_closed,
    wording.in_group,
)


def everything_said(code: str | None, language: str) -> Iterator[Message]:
    """Every message of the wing to somebody in this country, in this language."""
    _ = safety(language)
    for finding in FINDINGS:
        facts = facts_of(code, TODAY, finding, language)
        yield from (say(_, facts) for say in OF_FACTS)
    facts = facts_of(code, language=language)
    yield from (plan_wording.plan_message(_, plan, facts) for plan in (Plan(), WRITTEN))
    yield from (
        plan_wording.reach_message(_, plan, facts, tone) for plan in (None, WRITTEN) for tone in (1, 2, 3)
    )
    for page in range(1, page_of(HELPLINES, 1, language).pages + 1):
        yield wording.countries(_, HELPLINES, page, language)
    yield followup_wording.question(_, language, 1, TOMORROW, TOMORROW)
    yield followup_wording.better(_, language)
    yield followup_wording.still_hard(_, language)


@cache
def numbers_said(code: str | None, language: str) -> frozenset[str]:
    """Every number in any of it, on the buttons, too."""
    return frozenset(
        number
        for message in everything_said(code, language)
        for words in (message.text.plain, *(choice.label for row in message.choices for choice in row))
        for number in shown_numbers(words)
    )


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_of_all_pairs_of_countries_neither_is_told_a_number_of_the_other(language: str) -> None:
    """A short number such as 112 or 116 123 is told where the country's own data hold it."""
    own = {code: all_numbers_of(country_of(code)) for code in CODES}
    for here in CODES:
        for there in CODES:
            foreign = (own[there] - own[here]) & numbers_said(here, language)
            assert not foreign, f"{here} is told {sorted(foreign)} of {there}"


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_somebody_without_a_country_is_told_no_countrys_number(language: str) -> None:
    known = {number for code in CODES for number in all_numbers_of(country_of(code))}
    assert not known & numbers_said(None, language)


def test_the_walk_does_see_numbers() -> None:
    assert {"911", "988", "741741"} <= numbers_said("US", "de")
    assert numbers_said("US", "en") & all_numbers_of(country_of("DE")) <= all_numbers_of(country_of("US"))
