"""Pure decisions for the good of members: which notice comes before which change, what bears a warning."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

HEAVY: Final = frozenset({"breakthrough"})  # subjects of the library that bear a warning
MODERATORS_AGAIN: Final = timedelta(minutes=10)

_NOTICE: Final = "group-notice"


class Matter(StrEnum):
    """What members are told of before it holds; each is a column of the group."""

    TELLS = "tells"
    HEARS = "hears"

    @property
    def column(self) -> str:
        """The switch in the table of groups."""
        return {Matter.TELLS: "tells_moderators", Matter.HEARS: "hears_all"}[self]


@dataclass(frozen=True, slots=True)
class Notice:
    """A word to the members: from now on, or no more."""

    matter: Matter
    on: bool

    @property
    def key(self) -> str:
        """Which sentence it is."""
        return f"{self.matter}_{'on' if self.on else 'off'}"

    @property
    def about(self) -> str:
        """What its message speaks of."""
        return f"{_NOTICE}:{self.key}"


def notice_in(about: str | None) -> Notice | None:
    """The notice that a message speaks of."""
    return next((notice for notice in _NOTICES if notice.about == about), None)


_NOTICES: Final = tuple(Notice(matter, on) for matter in Matter for on in (True, False))


def warning_of(subject: str, *, own: bool) -> str | None:
    """Which warning stands above a post; None for what needs none."""
    if own:
        return "warning_own"
    return "warning_library" if subject in HEAVY else None
