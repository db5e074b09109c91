"""The daily check-in: its items, its score, and when it comes. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.quiet import QuietHours, comes_at
from bot.conversation.spans import Spans, fell_into
from scheduler.localtime import MIDNIGHT, instant, local, local_day
from storage.scores import SHORT_ITEM
from storage.vocabulary import CheckinForm

# Five taps of 0..10 about the whole day; the first two are the wording of the PHQ-2, in daily form.
ITEMS = ("down", "interest", "restless", "energy", "sleep")
HIGHEST = 10

OPEN_FOR = timedelta(hours=12)
STILL_WORTH_ASKING = timedelta(hours=2)
_DAYS_AHEAD = 8

FORMS: dict[CheckinForm, tuple[str, ...]] = {CheckinForm.FULL: ITEMS, CheckinForm.SHORT: (SHORT_ITEM,)}

OFFERED_TIMES = (time(18), time(19), time(20), time(21))


@dataclass(frozen=True, slots=True)
class Habit:
    """When a person wants the check-in.

    `done` holds the days that have one already. `since` is when the time was chosen: a check-in does
    not come for a time that had passed by then. Until `calm_until` none comes at all. `day_ends`: when the
    person's own day ends. `away`: when we were not there; a check-in of such a time comes no more.
    """

    at: time | None
    zone: ZoneInfo
    done: Collection[date] = ()
    calm_until: datetime | None = None
    since: datetime | None = None
    day_ends: time = MIDNIGHT
    away: Spans = ()
    quiet: QuietHours | None = None

    def with_day(self, day: date) -> "Habit":
        """The same, with one more day that has its check-in."""
        return replace(self, done={*self.done, day})

    def due_on(self, day: date) -> datetime | None:
        """When the check-in of a day comes: at its time, or when quiet hours end that hold just then.

        None when it would have closed by then, and for a time that had passed when it was chosen.
        """
        own = instant(day, self.at, self.zone, self.day_ends) if self.at is not None else None
        if own is None or (self.since is not None and own < self.since):
            return None
        return comes_at(self.quiet, own, own + OPEN_FOR)

    def day_of(self, moment: datetime) -> date:
        """The person's own day at a moment."""
        return local_day(moment, self.zone, self.day_ends)


@dataclass(frozen=True, slots=True)
class Hold:
    """The check-in's time lies in quiet hours: it waits `until` they end (local), be it on the `next_day`.

    `until` None: it would have closed by then, so that none comes.
    """

    until: time | None
    next_day: bool = False


def hold(habit: Habit, now: datetime) -> Hold | None:
    """What quiet hours do to the check-ins to come; None when their time lies outside them."""
    day = habit.day_of(now) + timedelta(days=1)
    own = instant(day, habit.at, habit.zone, habit.day_ends) if habit.at is not None else None
    if own is None or habit.quiet is None or habit.quiet.until(own) is None:
        return None
    due = habit.due_on(day)
    return Hold(None) if due is None else Hold(local(due, habit.zone).time(), habit.day_of(due) != day)


def item_at(form: CheckinForm, place: str) -> str | None:
    """The item of a button's place such as "f0"; None when the button belongs to the other form."""
    items = FORMS[form]
    number = int(place[1:])
    return items[number] if place[0] == form.value[0] and number < len(items) else None


def next_item(form: CheckinForm, answers: Mapping[str, int]) -> str | None:
    """The first item that has no answer; None when all have."""
    return next((item for item in FORMS[form] if item not in answers), None)


def last_item(form: CheckinForm, answers: Mapping[str, int]) -> str | None:
    """The item answered last; None at the beginning."""
    return next((item for item in reversed(FORMS[form]) if item in answers), None)


def asks_now(habit: Habit, now: datetime) -> date | None:
    """The local day whose check-in is to be asked at this moment, if any."""
    if _calm(habit, now) or (habit.quiet is not None and habit.quiet.until(now) is not None):
        return None
    today = habit.day_of(now)
    for day in (today, today - timedelta(days=1)):
        due = habit.due_on(day)
        if due is None or day in habit.done or fell_into(due, habit.away):
            continue
        if due <= now < due + STILL_WORTH_ASKING:
            return day
    return None


def next_ask(habit: Habit, now: datetime) -> datetime | None:
    """When to ask next, after `now`; days that have a check-in and the hours after a crisis are left out.

    Yesterday's may still be held by quiet hours, or be held by them because nobody looked at its time.
    """
    today = habit.day_of(now)
    for ahead in range(-1, _DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        due = habit.due_on(day)
        if due is None or day in habit.done:
            continue
        comes = comes_at(habit.quiet, max(due, now), due + STILL_WORTH_ASKING)
        if comes is not None and comes > now and not _calm(habit, comes):
            return comes
    return None


def _calm(habit: Habit, at: datetime) -> bool:
    return habit.calm_until is not None and at < habit.calm_until


def closes_at(habit: Habit, now: datetime) -> datetime:
    """Until when a check-in asked now can be answered: twelve hours, or until the next one comes."""
    following = next_ask(habit.with_day(habit.day_of(now)), now)
    end = now + OPEN_FOR
    return end if following is None else min(end, following)
