"""Pure decisions about groups: was the group's country asked for, and which one is meant."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.countries import country_named

COMMAND = "country"


class Answer(StrEnum):
    """What a `/country` in a group comes to."""

    SHOWN = "shown"
    CHOSEN = "chosen"
    NO_NUMBERS = "no numbers"
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
    head, *words = text.split(maxsplit=1) or [""]
    name = head.removeprefix("/").partition("@")[0].lower()
    return "".join(words).strip() if head.startswith("/") and name == COMMAND else None


def choose(
    words: str, names: Iterable[Mapping[str, str]], covered: Collection[str], admin: bool | None
) -> Choice:
    """What the words come to.

    `names` are those of all countries, one mapping of code → name a language; the first language in which a
    country is called just so decides. `covered` are the codes of those that have helplines; `admin` is None
    when the platform did not say whether this is one.
    """
    if not words:
        return Choice(Answer.SHOWN)
    if admin is None:
        return Choice(Answer.NOT_NOW)
    if not admin:
        return Choice(Answer.NOT_FOR_YOU)
    exact, near = None, tuple[str, ...]()
    for found in (country_named(words, each) for each in names):
        exact, near = exact or found.exact, near or found.near
    if exact is None:
        return Choice(Answer.UNCLEAR, tuple(code for code in near if code in covered))
    return Choice(Answer.CHOSEN if exact in covered else Answer.NO_NUMBERS, (exact,))
