"""When a questionnaire comes, and what its sum says. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.quiet import QuietHours, comes_at
from bot.conversation.spans import Spans, fell_into
from scheduler.localtime import MIDNIGHT, instant, local_day

EVERY = timedelta(days=14)
OPEN_FOR = timedelta(days=3)
STILL_WORTH_ASKING = timedelta(hours=2)
USUAL_TIME = time(19)
# Kroenke 2001, of the PHQ-9 and the PHQ-8: from here on a talk with the care team is usual.
WORTH_A_TALK = 10
# Kroenke 2003, of the PHQ-2.
WORTH_A_TALK_OF_TWO = 3
_DAYS_AHEAD = 16


@dataclass(frozen=True, slots=True)
class Habit:
    """When a person wants the questionnaire: `at`, every two weeks counted from `last`. `at` None: never.

    `since` is when they said so: it does not come for a time that had passed by then. Until `calm_until` none
    comes at all. `day_ends`: when the person's own day ends.
    `away`: when we were not there; what fell into such a time comes a day later.
    """

    at: time | None
    zone: ZoneInfo
    last: date | None
    since: datetime | None = None
    calm_until: datetime | None = None
    day_ends: time = MIDNIGHT
    away: Spans = ()
    quiet: QuietHours | None = None

    def day_of(self, moment: datetime) -> date:
        """The person's own day at a moment."""
        return local_day(moment, self.zone, self.day_ends)


def asks_now(habit: Habit, now: datetime) -> bool:
    """True when it is to be asked at this moment."""
    if _calm(habit, now) or (habit.quiet is not None and habit.quiet.until(now) is not None):
        return False
    today = habit.day_of(now)
    dues = (_due_on(habit, day) for day in (today, today - timedelta(days=1)))
    return any(
        due is not None and due <= now < due + STILL_WORTH_ASKING and not fell_into(due, habit.away)
        for due in dues
    )


def next_ask(habit: Habit, now: datetime) -> datetime | None:
    """When to ask next, after `now`."""
    today = habit.day_of(now)
    for ahead in range(-1, _DAYS_AHEAD):
        due = _due_on(habit, today + timedelta(days=ahead))
        comes = comes_at(habit.quiet, max(due, now), due + STILL_WORTH_ASKING) if due is not None else None
        if comes is not None and comes > now and not _calm(habit, comes):
            return comes
    return None


def _calm(habit: Habit, at: datetime) -> bool:
    return habit.calm_until is not None and at < habit.calm_until


def _due_on(habit: Habit, day: date) -> datetime | None:
    if habit.at is None or (habit.last is not None and day < habit.last + EVERY):
        return None
    due = instant(day, habit.at, habit.zone, habit.day_ends)
    if due is None or (habit.since is not None and due < habit.since):
        return None
    return comes_at(habit.quiet, due, due + OPEN_FOR)


def worth_a_talk(total: int, items: int) -> bool:
    """Whether a sum is one with which a talk with the care team is usual."""
    return total >= (WORTH_A_TALK_OF_TWO if items == 2 else WORTH_A_TALK)
