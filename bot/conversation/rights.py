"""Who runs a group: what the platform said of one person, asked afresh for each of their deeds.

A transaction must not wait for the platform. So whoever needs to know looks here, and what is not known is
raised: the deed is undone, the platform is asked, and the deed is done again from its beginning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace


class Unasked(Exception):
    """Nobody has asked the platform yet whether this person runs this group, or `everybody` who does."""

    def __init__(self, chat: str, *, everybody: bool = False) -> None:
        super().__init__("the platform was not asked yet")
        self.chat, self.everybody = chat, everybody


@dataclass(frozen=True, slots=True)
class Rights:
    """What is known, by the reference of the group; None: the platform did not say.

    `admins`: the references of all who run it.
    """

    known: Mapping[str, bool | None] = field(default_factory=dict)
    admins: Mapping[str, Sequence[str] | None] = field(default_factory=dict)

    def runs(self, chat: str) -> bool | None:
        """Whether this person is an admin there. Raises Unasked."""
        if chat not in self.known:
            raise Unasked(chat)
        return self.known[chat]

    def told(self, chat: str, runs: bool | None) -> "Rights":
        """The same, once the platform was asked about one more group."""
        return replace(self, known={**self.known, chat: runs})

    def run_by(self, chat: str) -> Sequence[str] | None:
        """Who runs this group at this moment. Raises Unasked."""
        if chat not in self.admins:
            raise Unasked(chat, everybody=True)
        return self.admins[chat]

    def told_all(self, chat: str, admins: Sequence[str] | None) -> "Rights":
        """The same, once the platform was asked who runs a group."""
        return replace(self, admins={**self.admins, chat: admins})
