"""Who runs a group, and what we may do there: what the platform said, asked afresh for each deed.

A transaction must not wait for the platform. So whoever needs to know looks here, and what is not known is
raised: the deed is undone, the platform is asked, and the deed is done again from its beginning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

About = Literal["runs", "deletes", "run by"]


class Unasked(Exception):
    """Not asked of the platform yet: does this person run this group, may we delete there, who runs it?"""

    def __init__(self, chat: str, about: About = "runs") -> None:
        super().__init__("the platform was not asked yet")
        self.chat, self.about = chat, about


@dataclass(frozen=True, slots=True)
class Rights:
    """What is known, by the reference of the group and what was asked; None: the platform did not say.

    `admins`: the references of all who run it.
    """

    known: Mapping[tuple[str, About], bool | None] = field(default_factory=dict)
    admins: Mapping[str, Sequence[str] | None] = field(default_factory=dict)

    def runs(self, chat: str) -> bool | None:
        """Whether this person is an admin there. Raises Unasked."""
        return self._asked(chat, "runs")

    def deletes(self, chat: str) -> bool | None:
        """Whether we may delete what others wrote there. Raises Unasked."""
        return self._asked(chat, "deletes")

    def told(self, chat: str, answer: bool | None, about: About = "runs") -> "Rights":
        """The same, once the platform was asked one thing more."""
        return replace(self, known={**self.known, (chat, about): answer})

    def _asked(self, chat: str, about: About) -> bool | None:
        if (chat, about) not in self.known:
            raise Unasked(chat, about)
        return self.known[chat, about]

    def run_by(self, chat: str) -> Sequence[str] | None:
        """Who runs this group at this moment. Raises Unasked."""
        if chat not in self.admins:
            raise Unasked(chat, "run by")
        return self.admins[chat]

    def told_all(self, chat: str, admins: Sequence[str] | None) -> "Rights":
        """The same, once the platform was asked who runs a group."""
        return replace(self, admins={**self.admins, chat: admins})
