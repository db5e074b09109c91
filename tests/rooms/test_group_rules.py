"""Which country a group is in: what its admins type, and what that comes to."""

from dataclasses import replace
from typing import cast

import pytest

from bot.conversation.countries import country_names
from bot.conversation.inbound import Event, Inbound, Joined, Left, Origin, Press, Words
from bot.groups.desk import Desk
from bot.groups.numbers.rules import Numbers
from bot.groups.rules import Answer, Asked, Choice, Cried, Matter, Personal, choose, matter_of
from storage.vocabulary import GroupKind

NAMES = [country_names(language) for language in ("en", "de", "fr")]
COVERED = frozenset({"DE", "FR", "US", "GB", "NG", "UA", "IE"})


@pytest.mark.parametrize(
    ("event", "matter"),
    [
        (Words("/country Germany"), Asked("country", "Germany")),
        (Words("/country@evenkeel_bot  United States "), Asked("country", "United States")),
        (Words("/Country"), Asked("country", "")),
        (Words("/country\nGermany"), Asked("country", "Germany")),
        (Words("/group"), Asked("group", "")),
        (Words("/next@evenkeel_bot"), Asked("next", "")),
        (Words("/countryside"), None),
        (Words("country Germany"), None),
        (Words("see /country"), None),
        (Words("/group", edited=True), None),
        (Words("/group", forwarded=True), None),
        (Words("/add Sertraline 50 mg"), None),
        (Words("/roll 2d6", message="9"), None),
        (Words(""), None),
        (Press("x", "1", "q"), Press("x", "1", "q")),
        (Left(), Left()),
        (Joined(GroupKind.CHANNEL), Joined(GroupKind.CHANNEL)),
    ],
)
def test_the_rooms_own_matters_are_told_from_others(event: Event, matter: Matter | None) -> None:
    assert matter_of(Inbound(1, Origin("telegram", "1", "-5", "7", private=False), event)) == matter


@pytest.mark.parametrize("text", ["/add Sertraline 50 mg", "/ADD", "/add@evenkeel_bot x", "/add\nSertraline"])
def test_a_command_for_us_alone_is_known_without_its_words(text: str) -> None:
    origin = Origin("telegram", "1", "-5", "7", private=False)
    said = matter_of(Inbound(1, origin, Words(text, message="9")), {"add"})
    assert said == Personal("add", "9", "7")
    assert matter_of(Inbound(1, origin, Words(text, forwarded=True)), {"add"}) is None


@pytest.mark.parametrize(
    ("text", "called", "name", "ours"),
    [
        ("/add x", None, "Evenkeel_bot", True),
        ("/add@evenkeel_bot x", None, "Evenkeel_bot", True),
        ("/ADD@EvenKeel_Bot x", frozenset({"evenkeel_bot"}), "Evenkeel_bot", True),
        ("/add@another_bot x", frozenset({"another_bot"}), "Evenkeel_bot", False),
        # In an answer to something of ours, and in an update of a form that nobody knows.
        ("/add@another_bot x", None, "Evenkeel_bot", False),
        ("/add@another_bot x", None, None, False),
        ("/add x", None, None, True),
        ("write to me@another_bot", None, "Evenkeel_bot", True),
    ],
)
def test_a_command_that_names_another_bot_is_none_of_ours(
    text: str, called: frozenset[str] | None, name: str | None, ours: bool
) -> None:
    desk = Desk(COVERED, {"add"}, cast(Numbers, None), lambda: name)
    origin = Origin("telegram", "1", "-5", "7", private=False)
    said = Inbound(1, origin, Words(text, message="9", called=called))
    assert desk.is_spoken_to(said) is ours
    assert (desk.matter(said) is not None) is (ours and text.lower().startswith("/add"))


@pytest.mark.parametrize(
    ("words", "admin", "wanted"),
    [
        ("Germany", True, Choice(Answer.CHOSEN, ("DE",))),
        ("Deutschland", True, Choice(Answer.CHOSEN, ("DE",))),
        ("de", True, Choice(Answer.CHOSEN, ("DE",))),
        ("Allemagne", True, Choice(Answer.CHOSEN, ("DE",))),
        ("UK", True, Choice(Answer.CHOSEN, ("GB",))),
        ("England", True, Choice(Answer.CHOSEN, ("GB",))),
        ("U.S.A.", True, Choice(Answer.CHOSEN, ("US",))),
        ("Ukraine", True, Choice(Answer.CHOSEN, ("UA",))),
        ("united", True, Choice(Answer.UNCLEAR, ("GB", "US"))),
        ("germ", True, Choice(Answer.UNCLEAR, ("DE",))),
        ("niger", True, Choice(Answer.NO_NUMBERS, ("NE",))),
        ("IR", True, Choice(Answer.NO_NUMBERS, ("IR",))),  # Iran, not Ireland
        ("Italy", True, Choice(Answer.NO_NUMBERS, ("IT",))),
        ("Atlantis", True, Choice(Answer.UNCLEAR)),
        ("xx", True, Choice(Answer.UNCLEAR)),
        ("Germany", False, Choice(Answer.NOT_FOR_YOU)),
        ("Germany", None, Choice(Answer.NOT_NOW)),
        ("", False, Choice(Answer.SHOWN)),
        ("", None, Choice(Answer.SHOWN)),
    ],
)
def test_what_the_words_come_to(words: str, admin: bool | None, wanted: Choice) -> None:
    found = choose(words, NAMES, COVERED, admin)
    assert (found.answer, set(found.countries)) == (wanted.answer, set(wanted.countries))


@pytest.mark.parametrize("code", sorted(country_names("en")))
def test_a_code_and_a_name_mean_their_own_country_or_nothing(code: str) -> None:
    """Another country's numbers would be worse than none."""
    everywhere = frozenset(country_names("en"))
    for words in (code, code.lower(), *(names[code] for names in NAMES if code in names)):
        assert choose(words, NAMES, everywhere, True).countries == (code,)
        answer = choose(words, NAMES, COVERED, True)
        assert answer == Choice(Answer.CHOSEN if code in COVERED else Answer.NO_NUMBERS, (code,))


UNSEEN = Words("/add Sertraline 50 mg", whispered="29")


@pytest.mark.parametrize(
    ("said", "cry", "matter"),
    [
        (UNSEEN, None, Personal("add", None, "7")),
        (UNSEEN, Cried(), Cried()),
        (UNSEEN, Cried(worried=True), Cried(worried=True)),
        (replace(UNSEEN, text="i want to die"), Cried(), Cried()),
        (replace(UNSEEN, text="/group"), None, Asked("group", "")),
        (replace(UNSEEN, text="/group i want to die"), Cried(), Cried()),
        (Words("/add", message="9"), Cried(), None),
        (Words("/group i want to die", message="9"), Cried(), Asked("group", "i want to die")),
        (Words("i want to die", message="9"), Cried(), None),
        (Press("sos", None, "q"), Cried(), Press("sos", None, "q")),
    ],
)
def test_of_a_cry_nothing_else_counts_and_one_that_nobody_saw_is_answered_unseen(
    said: Event, cry: Cried | None, matter: Matter | None
) -> None:
    origin = Origin("telegram", "1", "-5", "7", private=False)
    assert matter_of(Inbound(1, origin, said), {"add"}, cry) == matter


def test_what_concerns_one_member_alone_is_not_for_all() -> None:
    alone = {Answer.NO_NUMBERS, Answer.UNCLEAR, Answer.NOT_FOR_YOU, Answer.NOT_NOW}
    assert {answer for answer in Answer if not answer.for_all} == alone
