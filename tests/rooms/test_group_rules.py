"""Which country a group is in: what its admins type, and what that comes to."""

import pytest

from bot.conversation.countries import country_names
from bot.groups.rules import Answer, Choice, choose, words_of

NAMES = [
    {code: country_names(language)[code] for code in ("DE", "FR", "US", "GB", "NE", "NG")}
    for language in ("en", "de")
]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/country Germany", "Germany"),
        ("/country@evenkeel_bot  United States ", "United States"),
        ("/Country", ""),
        ("/country", ""),
        ("/countryside", None),
        ("country Germany", None),
        ("see /country", None),
        ("", None),
    ],
)
def test_the_command_is_told_from_other_texts(text: str, words: str | None) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("words", "admin", "wanted"),
    [
        ("Germany", True, Choice(Answer.CHOSEN, ("DE",))),
        ("Deutschland", True, Choice(Answer.CHOSEN, ("DE",))),
        ("de", True, Choice(Answer.CHOSEN, ("DE",))),
        ("united", True, Choice(Answer.UNCLEAR, ("US", "GB"))),
        ("niger", True, Choice(Answer.CHOSEN, ("NE",))),
        ("Atlantis", True, Choice(Answer.UNCLEAR)),
        ("Italy", True, Choice(Answer.UNCLEAR)),  # no helplines here, so it cannot be chosen
        ("Germany", False, Choice(Answer.NOT_FOR_YOU)),
        ("Germany", None, Choice(Answer.NOT_NOW)),
        ("", False, Choice(Answer.SHOWN)),
        ("", None, Choice(Answer.SHOWN)),
    ],
)
def test_what_the_words_come_to(words: str, admin: bool | None, wanted: Choice) -> None:
    assert choose(words, NAMES, admin) == wanted
