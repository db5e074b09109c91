"""When a lasting change that the person was shown is told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.caregivers.telling.rules import STALE_AFTER, Around, Entry, Step, Wish, told, told_lately

# The kinds of notices, as they are stored, that suggest to talk to the care team.
CONCERNS: Final = frozenset({"concern", "confirmed"})
# What is said again within these days is about the same change.
ONCE_IN: Final = timedelta(days=14)
_UNDER_WAY_FOR: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class NoticeSeen:
    """A notice to the person. `shown_at`: when it arrived; `explained`: they know what is behind it."""

    key: int
    kind: str
    told_at: datetime
    shown_at: datetime | None = None
    under_way: bool = False
    explained: bool = False


def about(key: int) -> str:
    """What is told of a notice is about it."""
    return f"pattern:{key}"


def step(
    notices: Sequence[NoticeSeen], wish: Wish, past: Sequence[Entry], around: Around, now: datetime
) -> Step[int]:
    """The notice that is to be told of now, and when to look again."""
    looks: list[datetime] = []
    for notice in reversed(notices):
        if notice.kind not in CONCERNS or notice.explained or notice.told_at < wish.since:
            continue
        if told(past, about(notice.key)) or told_lately(past, now - ONCE_IN):
            continue
        at = now + _UNDER_WAY_FOR if notice.under_way else _due(notice, wish)
        if at is None or now - at > STALE_AFTER:
            continue
        later = at if at > now else around.later(now)
        if later is None:
            return Step(tell=notice.key)
        looks.append(later)
    return Step(look_at=min(looks, default=None))


def _due(notice: NoticeSeen, wish: Wish) -> datetime | None:
    return None if notice.shown_at is None else notice.shown_at + wish.delay
