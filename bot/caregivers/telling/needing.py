"""When "I need you" is said again. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.caregivers.telling.rules import Entry, Step

AGAIN_AFTER: Final = (timedelta(minutes=10), timedelta(minutes=30))
# A repeat that comes later than this is none: the person has helped themselves or been helped.
LATE_BY: Final = timedelta(minutes=15)
WORTH_SENDING_FOR: Final = timedelta(hours=1)


def about(at: datetime) -> str:
    """What a call and its repeats are about: the tap."""
    return f"need:{at:%Y-%m-%dT%H:%M:%S}"


def step(past: Sequence[Entry], now: datetime) -> Step[str]:
    """The call that is to be said again now, and when to look again. What was seen is not repeated."""
    if not past:
        return Step()
    newest = past[-1].about
    said = [entry for entry in past if entry.about == newest]
    if any(entry.acknowledged for entry in said) or len(said) > len(AGAIN_AFTER):
        return Step()
    at = said[0].made_at + AGAIN_AFTER[len(said) - 1]
    if at > now:
        return Step(look_at=at)
    if now - at > LATE_BY:
        return Step()
    following = said[0].made_at + AGAIN_AFTER[len(said)] if len(said) < len(AGAIN_AFTER) else None
    return Step(newest, following)
