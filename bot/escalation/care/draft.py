"""What a draft to the care team may tell of the record: the facts behind the newest notice. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from bot.conversation.sheet import LONGEST_COPY, LONGEST_LINK
from bot.escalation.planning.plan import units
from bot.escalation.planning.reach import chat_link, share_link

# A notice that is older than this says nothing about now.
FACTS_HOLD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Facts:
    """Since when the mood is lower, how many doses were recorded as taken of how many due, and since when the
    dose is the same; None for what is not known."""

    since: date | None = None
    taken: int | None = None
    due: int | None = None
    stable_since: date | None = None

    @property
    def doses(self) -> tuple[int, int] | None:
        """Taken and due, when both are known and a dose was due."""
        if self.taken is None or not self.due:
            return None
        return self.taken, self.due


def newest_facts(contents: Iterable[Mapping[str, Any]]) -> Facts | None:
    """The facts of the newest notice of a lower mood among several, newest first.

    None when there is none, or when the mood came back since. Notices of something else, such as too few
    check-ins, say nothing of the mood and are passed over.
    """
    for content in contents:
        match content.get("kind"):
            case None | "watch" | "concern" | "confirmed":
                return facts_of(content)
            case "cleared":
                return None
    return None


def facts_of(content: Mapping[str, Any]) -> Facts:
    """The facts of a notice, as far as it has them."""
    return Facts(
        _day(content.get("since")),
        _count(content.get("taken")),
        _count(content.get("due")),
        _day(content.get("stable_since")),
    )


def _day(found: object) -> date | None:
    try:
        return date.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None


def _count(found: object) -> int | None:
    return found if type(found) is int and found >= 0 else None


@dataclass(frozen=True, slots=True)
class Draft:
    """The words that would be sent. `own`: the person wrote them."""

    words: str
    own: bool = False

    @property
    def copied(self) -> bool:
        """Whether a button can copy all of it."""
        return 1 <= units(self.words) <= LONGEST_COPY

    @property
    def shared(self) -> str | None:
        """An address that lets the person choose a chat for it; None when no address can hold it."""
        link = share_link(self.words)
        return link if len(link) <= LONGEST_LINK else None

    def to(self, phone: str) -> str:
        """An address that opens the chat with that number, the words in it when an address can hold them."""
        link = chat_link(phone, self.words)
        return link if len(link) <= LONGEST_LINK else f"https://t.me/{quote(phone, safe='+')}"
