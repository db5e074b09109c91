"""The safety plan as a value, how people are reached, and what the bad day shows of it."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.catalogs import LANGUAGE_NAMES, safety
from bot.conversation.message import Action, CopyText, Link, Message
from bot.conversation.sheet import LONGEST_COPY, sheet_of
from bot.escalation.lines.helplines import shipped_helplines
from bot.escalation.planning.callingcodes import CALLING_CODES
from bot.escalation.planning.editing import overview
from bot.escalation.planning.plan import (
    LONGEST_MESSAGE,
    LONGEST_NAME,
    LONGEST_STEP,
    Contact,
    Plan,
    acceptable_name,
    as_typed,
    contact_key,
    fits,
    units,
)
from bot.escalation.planning.reach import chat_link, read_reach, share_link
from bot.escalation.planning.wording import draft, plan_message, reach_message
from bot.escalation.rules import CardFacts, card_for, read_token
from tests.rooms.tables import rows

HELPLINES = shipped_helplines()
TODAY, LATER = date(2026, 11, 24), date(2028, 1, 1)
ANNA, BEN, CEM, DORA = (Contact(name, "@abcd") for name in ("Anna", "Ben", "Cem", "Dora"))
LONGEST_PLAN = Plan(
    tuple("y" * (LONGEST_STEP - 2) for _ in range(6)),
    tuple(Contact("n" * (LONGEST_NAME - 1) + letter, "+123456789012345") for letter in "abc"),
)


def facts(code: str | None, today: date = TODAY, language: str = "en") -> CardFacts:
    return card_for(HELPLINES, code, today, language=language)


def labels(message: Message) -> list[str]:
    return [
        "".join(c for c in choice.label if c not in "\u2068\u2069\u2060")
        for row in message.choices
        for choice in row
    ]


@rows("reach.toml", "typed")
def test_how_somebody_is_reached(row: dict[str, Any]) -> None:
    assert (read_reach(row["words"], row.get("country")) or "refused") == row["is"]


@given(st.text(max_size=40), st.sampled_from([None, *CALLING_CODES]))
def test_whatever_is_typed_opens_no_other_address_than_a_chat(words: str, country: str | None) -> None:
    reach = read_reach(words, country)
    if reach is not None:
        link = urlsplit(chat_link(reach, "Could you call me? #1 & more"))
        assert (link.scheme, link.netloc) == ("https", "t.me")
        assert link.path in {f"/{reach}", f"/{reach.removeprefix('@')}"}
        assert parse_qs(link.query) == {"text": ["Could you call me? #1 & more"]}
        assert not link.fragment


def test_a_draft_to_share_stands_in_the_address_whole() -> None:
    assert parse_qs(urlsplit(share_link("Could you call? & more")).query) == {
        "url": ["Could you call? & more"]
    }


def test_steps_are_kept_each_in_its_place() -> None:
    plan = Plan().with_step(1, "a").with_step(6, "f")
    assert plan.steps == ("a", "", "", "", "", "f")
    assert plan.with_step(1, "").steps == ("", "", "", "", "", "f")
    for wrong in (0, 7):
        with pytest.raises(IndexError):
            plan.with_step(wrong, "x")


def test_three_people_are_the_most_and_an_old_button_never_means_somebody_else() -> None:
    plan = Plan().with_contact(ANNA).with_contact(BEN).with_contact(CEM)
    assert plan.with_contact(DORA) == plan
    changed = plan.with_contact(DORA, contact_key(BEN))
    assert changed.contacts == (ANNA, DORA, CEM)
    assert changed.without_contact(contact_key(BEN)) == changed
    assert changed.without_contact(contact_key(ANNA)).contacts == (DORA, CEM)


@pytest.mark.parametrize(
    ("name", "good"),
    [("Anna", True), ("", False), ("...", False), ("😀", False), ("x" * 64, True), ("x" * 65, False)],
)
def test_a_name_has_a_letter_and_fits(name: str, good: bool) -> None:
    assert acceptable_name(name) is good


def test_a_step_keeps_its_lines_and_loses_what_nobody_sees() -> None:
    assert as_typed("one  two\n\n\u202ethree\u0007\n ") == "one two\nthree"


@pytest.mark.parametrize(
    ("words", "good"),
    [("x" * 598, True), ("x" * 599, False), ("💊" * 299, True), ("💊" * 300, False), ("a\n" * 160, False)],
)
def test_a_step_is_measured_as_it_will_be_shown(words: str, good: bool) -> None:
    assert fits(words) is good


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
@pytest.mark.parametrize("today", [TODAY, LATER])
def test_the_longest_plan_fits_one_message_in_every_country_and_language(language: str, today: date) -> None:
    _ = safety(language)
    for code in (None, *HELPLINES.codes):
        message = plan_message(_, LONGEST_PLAN, facts(code, today, language))
        assert units(message.text.plain) <= LONGEST_MESSAGE, code
        for step in LONGEST_PLAN.steps:
            assert step in message.text.plain
        for number in facts(code).emergency:
            assert number in message.text.plain
        sheet_of(message, _unsigned)
    assert units(overview(_, "en", LONGEST_PLAN).text.plain) <= LONGEST_MESSAGE


def _unsigned(action: Action) -> str:
    raise AssertionError(f"a bad day's message needs nobody's signature: {action}")


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_every_draft_can_be_copied_and_every_button_of_the_bad_day_is_public(language: str) -> None:
    _ = safety(language)
    for plan in (None, Plan(), Plan(contacts=(ANNA,)), LONGEST_PLAN):
        for tone in (1, 2, 3):
            message = reach_message(_, plan, facts("DE", language=language), tone)
            assert draft(_, tone) in message.text.plain
            assert units(draft(_, tone)) <= LONGEST_COPY
            sheet_of(message, _unsigned)
            actions = [choice.action for row in message.choices for choice in row]
            assert CopyText(draft(_, tone)) in actions
            pressed = [read_token(a) for a in actions if isinstance(a, str)]
            assert all(press is not None and press.language == language for press in pressed)
            assert {p.page for p in pressed if p and p.step == "reach"} == {1, 2, 3} - {tone}


def test_the_plan_shows_its_steps_in_order_without_the_empty_ones() -> None:
    plan = Plan(("signs", "", "places", "", "", "safer"), (ANNA,))
    message = plan_message(str, plan, facts("US"))
    words = message.text.plain
    order = ["signs", "places", "Anna", "911", "988", "safer"]
    assert [words.index(part) for part in order] == sorted(words.index(part) for part in order)
    assert "2." not in words
    assert labels(message) == ["Tell Anna", "Write to someone", "A short exercise", "Show the numbers"]


def test_without_a_plan_the_numbers_are_there_and_a_word_how_to_make_one() -> None:
    words = plan_message(str, Plan(), facts("US")).text.plain
    assert "There is no safety plan yet" in words
    assert "/plan" in words
    assert "911" in words
    assert "741741" in words


def test_a_plan_without_a_country_shows_no_number_of_any_country() -> None:
    words = plan_message(str, Plan(("signs", *[""] * 5)), facts(None)).text.plain
    assert "your local emergency number" in words
    assert "findahelpline" in words


def test_each_person_one_trusts_has_a_button_that_opens_their_chat() -> None:
    plan = Plan(contacts=(Contact("Anna", "@anna_k"), Contact("Ben", "+4930123456")))
    message = reach_message(str, plan, facts("DE"), 2)
    links = [c.action.url for row in message.choices for c in row if isinstance(c.action, Link)]
    assert [urlsplit(link).path for link in links] == ["/anna_k", "/+4930123456"]
    assert all(parse_qs(urlsplit(link).query)["text"] == [draft(str, 2)] for link in links)
    assert "I send nothing" in message.text.plain
