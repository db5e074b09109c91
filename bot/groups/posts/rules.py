"""Pure decisions about posts: what is due, what comes next, and which text of a shelf it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.conversation.quiet import QuietHours, comes_at
from bot.conversation.text import Text, clean, said
from scheduler.localtime import local
from scheduler.timing import OnDays, Planned, Slot, Timing, following, planned

LATEST = timedelta(hours=2)
_MOMENT = timedelta(microseconds=1)
LONGEST_WORDS = 1_000
MOST_LINES = 12
MOST_POSTS = 20

Flaw = Literal["empty", "too long"]


def due(timing: Timing, zone: ZoneInfo, looked_until: datetime, now: datetime) -> list[Planned]:
    """The slots that are to go out now: later than those looked at, and at most two hours ago.

    Two that the clock pushes onto one instant are one.
    """
    after = max(looked_until, now - LATEST - _MOMENT)
    by_instant = {slot.due_at: slot for slot in planned(timing, zone, after=after, until=now)}
    return list(by_instant.values())


def next_of(timing: Timing, zone: ZoneInfo, after: datetime, count: int = 1) -> tuple[Planned, ...]:
    """The next slots later than an instant, each instant once."""
    found = following(timing, zone, after, 2 * count)
    return tuple({slot.due_at: slot for slot in found}.values())[:count]


def comes(slot: Planned, quiet: QuietHours, now: datetime) -> datetime | None:
    """When a post that is due comes: now, or when the quiet hours end; None when that is too late."""
    return comes_at(quiet, max(slot.due_at, now), slot.due_at + LATEST)


def after_quiet(slot: Planned, quiet: QuietHours) -> Planned | None:
    """A slot to come, at the time at which it will stand there; None when it will not."""
    at = comes(slot, quiet, slot.due_at)
    if at is None or at == slot.due_at:
        return slot if at is not None else None
    there = local(at, quiet.zone)
    return Planned(Slot(there.date(), there.time()), at)


def on_days(timing: object) -> OnDays | None:
    """Posts go by days and the clock: "every 8 hours" and "as needed" are for doses."""
    return timing if isinstance(timing, OnDays) else None


def in_turn(keys: Sequence[str], shown: int) -> str | None:
    """Which text of a shelf it is, once so many have been shown."""
    return keys[shown % len(keys)] if keys else None


def slot_key(post_id: int, slot: Planned) -> str:
    """What says that a slot of a post was posted, for ever."""
    return f"group-post:{post_id}:{slot.slot.day}T{slot.slot.at:%H:%M}"


def tidy(words: str) -> str:
    """An admin's own words as they are kept: line by line, without signs that nobody sees."""
    kept: list[str] = []
    for line in map(clean, words.strip().splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


def flaw_of(words: str) -> Flaw | None:
    """Why these words cannot be a post; None when they can."""
    if not words:
        return "empty"
    return "too long" if len(words) > LONGEST_WORDS or words.count("\n") >= MOST_LINES else None


def shown(words: str) -> Text:
    """An admin's own words as everybody reads them: no link, mention or command can be tapped."""
    return _joined([said(line) if line else Text("") for line in words.split("\n")])


def _joined(parts: Sequence[Text]) -> Text:
    text = parts[0]
    for part in parts[1:]:
        text = text + "\n" + part
    return text
