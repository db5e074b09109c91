"""Pure decisions about groups: was the group's country asked for, and which one is meant."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.countries import country_named

COMMAND = "country"


class Answer(StrEnum):
    """What a `/country` in a group comes to."""

    SHOWN = "shown"
    CHOSEN = "chosen"
    UNCLEAR = "unclear"
    NOT_FOR_YOU = "not for you"
    NO_NAME = "no name"
    NOT_NOW = "not now"


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer, with the country that was chosen, or those that may be meant."""

    answer: Answer
    countries: tuple[str, ...] = ()


def words_of(text: str) -> str | None:
    """What follows the command in a text; None when it is another text."""
    head, _, words = text.strip().partition(" ")
    name = head.removeprefix("/").partition("@")[0].lower()
    return words.strip() if head.startswith("/") and name == COMMAND else None


def choose(words: str, names: Sequence[Mapping[str, str]], admin: bool | None) -> Choice:
    """What the words come to.

    `names` are those of the countries that have helplines, one mapping of code → name a language; `admin` is
    None when the platform did not say whether this is one.
    """
    if not words:
        return Choice(Answer.SHOWN)
    if admin is None:
        return Choice(Answer.NOT_NOW)
    if not admin:
        return Choice(Answer.NOT_FOR_YOU)
    found = _found(words, names)
    return Choice(Answer.CHOSEN if len(found) == 1 else Answer.UNCLEAR, found)


def _found(words: str, names: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """The first language in which the words are a country's name decides."""
    return next(filter(None, (country_named(words, each) for each in names)), ())
