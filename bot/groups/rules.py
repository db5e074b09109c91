"""Pure decisions about groups: what a message there asks for, and which country is meant."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.countries import country_named
from bot.conversation.inbound import Inbound, Joined, Left, Press, Words
from bot.conversation.message import Action

COUNTRY, GROUP, NEXT, RESOURCES = "country", "group", "next", "resources"
COMMANDS = frozenset({COUNTRY, GROUP, NEXT, RESOURCES})


@dataclass(frozen=True, slots=True)
class Asked:
    """A command of the group's, and the words after it."""

    command: str
    words: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button under something that stands in the group, and by whom it was pressed.

    `action` is None for what we did not sign for this group.
    """

    action: Action | None
    by: str


@dataclass(frozen=True, slots=True)
class Personal:
    """A command for us alone, typed before everybody. Not the words after it: nobody needs them there.

    `message` and `by` are the platform's references of the message and of its writer, empty for nobody known.
    `message` is None for what nobody else saw: of that no trace is to be left there.
    """

    command: str
    message: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Cried:
    """A call for help that was answered; `worried`: for somebody else.

    When nobody else saw it, its writer alone reads the numbers here too.
    """

    worried: bool = False


Matter = Asked | Joined | Left | Press | Personal | Cried


def matter_of(inbound: Inbound, private: Collection[str] = (), cry: Cried | None = None) -> Matter | None:
    """What an update from a group is about; None when it is no concern of the group's room.

    `private`: the commands that belong into a private chat. `cry`: as what it was answered already.
    """
    match inbound.event:
        case Words(whispered=str()) if cry is not None:
            return cry
        case Joined() | Left() | Press() as event:
            return event
        case Words(text=text, edited=False, forwarded=False) as said:
            asked = _asked(text)
            if asked is None or asked.command in COMMANDS:
                return asked
            if cry is not None or asked.command not in private:
                return None  # of a cry for help nothing else counts
            return Personal(asked.command, said.message, inbound.origin.sender)
    return None


def command_in(text: str) -> str | None:
    """The command with which a text begins; None when it does not begin with one."""
    asked = _asked(text)
    return asked.command if asked is not None else None


def bot_named_in(text: str) -> str | None:
    """The bot that a command is for, in lower case; None when it is no command or names none."""
    head = (text.split(maxsplit=1) or [""])[0]
    _, _, name = head.partition("@")
    return name.lower() if head.startswith("/") and name else None


def _asked(text: str) -> Asked | None:
    """Any command, with the words after it."""
    head, *words = text.split(maxsplit=1) or [""]
    name = head.removeprefix("/").partition("@")[0].lower()
    return Asked(name, "".join(words).strip()) if head.startswith("/") else None


class Answer(StrEnum):
    """What a `/country` in a group comes to."""

    SHOWN = "shown"
    CHOSEN = "chosen"
    NO_NUMBERS = "no numbers"
    UNCLEAR = "unclear"
    NOT_FOR_YOU = "not for you"
    NOT_NOW = "not now"

    @property
    def for_all(self) -> bool:
        """Whether it concerns everybody there; the others concern their writer alone."""
        return self in {Answer.SHOWN, Answer.CHOSEN}


@dataclass(frozen=True, slots=True)
class Choice:
    """The answer, with the country that was chosen, or those that may be meant."""

    answer: Answer
    countries: tuple[str, ...] = ()


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
