"""Pure decisions about helpers: what a word may be, and how many of them a day."""

from datetime import datetime, timedelta
from typing import Final

from storage.vocabulary import Scope

LONGEST_WORD: Final = 500
MOST_TELLINGS: Final = 5
COUNTED_FOR: Final = timedelta(days=1)
# What the person lets a caregiver do, in the order in which it is offered.
DEEDS: Final = (Scope.MAY_TELL, Scope.MAY_RECORD)


def one_more(since: datetime | None, count: int, now: datetime) -> tuple[datetime, int] | None:
    """One more word of a caregiver: since when they are counted, and how many with it; None for too many."""
    if since is None or now - since >= COUNTED_FOR:
        return now, 1
    return (since, count + 1) if count < MOST_TELLINGS else None
