"""What is told of a look, and when: never twice, never too often, never into the night. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.quiet import quiet_until
from bot.escalation.noticing.look import Look
from bot.escalation.noticing.told import LEVELS, Kind, Told, told_of
from bot.escalation.recurrence.classes import Pattern
from bot.escalation.recurrence.detector import Event, State
from bot.escalation.recurrence.explanation import Explanation
from bot.escalation.recurrence.policy import NoticesPolicy
from scheduler.localtime import instant, local_day

# When something that had to wait for a day comes.
TELL_AT = time(11)
STILL_WORTH_TELLING = timedelta(hours=24)
CLEARED_STAYS_NEWS = timedelta(days=7)
_KINDS = {State.WATCH: Kind.WATCH, State.CONCERN: Kind.CONCERN, State.CONFIRMED: Kind.CONFIRMED}
_ORDER = (Kind.WATCH, Kind.CONCERN, Kind.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Hours:
    """Where a person lives, their quiet hours, and the end of the calm hours after a crisis.

    `minute` is their own minute within the hour in which what had to wait comes, so that not all are woken at
    once.
    """

    zone: ZoneInfo
    quiet_from: time | None = None
    quiet_until: time | None = None
    calm_until: datetime | None = None
    minute: int = 0

    def silent_until(self, now: datetime) -> datetime | None:
        """The end of the hours in which no notice may come; None outside them."""
        until = quiet_until(now, self.zone, self.quiet_from, self.quiet_until)
        if self.calm_until is None or self.calm_until <= now:
            return until
        return quiet_until(self.calm_until, self.zone, self.quiet_from, self.quiet_until) or self.calm_until

    def until(self, now: datetime) -> datetime:
        """Until when something said now may still arrive: not into the next quiet hours, nor a day later."""
        end = now + STILL_WORTH_TELLING
        if self.quiet_from is None or self.quiet_until in (None, self.quiet_from):
            return end
        today = local_day(now, self.zone)
        starts = (instant(today + timedelta(days=n), self.quiet_from, self.zone) for n in (0, 1))
        return min([end, *(at for at in starts if at is not None and at > now)])

    def morning(self, day: date) -> datetime | None:
        """When something that had to wait for a day comes."""
        return instant(day, TELL_AT.replace(minute=self.minute), self.zone)


@dataclass(frozen=True, slots=True)
class Step:
    """What follows a look: a notice now, or nothing, and when to look again if something waits."""

    tell: Told | None = None
    next_look: datetime | None = None


def step(look: Look, told: Sequence[Told], hours: Hours, policy: NoticesPolicy, now: datetime) -> Step:
    """At most one notice, the weightiest; what is held back is looked at again when it may be told."""
    today = local_day(now, hours.zone)
    wanted = _wanted(look, told, policy, today)
    if wanted is None:
        return Step()
    notice, ripe_on = wanted
    if ripe_on > today:
        return Step(next_look=hours.morning(ripe_on))
    until = hours.silent_until(now)
    return Step(tell=notice) if until is None else Step(next_look=until)


def wants_questionnaire(last_done: date | None, today: date, policy: NoticesPolicy) -> bool:
    """Whether a questionnaire may be offered with a notice; `last_done` is the day of the last one."""
    return last_done is None or (today - last_done).days >= policy.phq_apart_days


def _wanted(look: Look, told: Sequence[Told], policy: NoticesPolicy, today: date) -> tuple[Told, date] | None:
    """The notice that a look calls for, and the day from which it may be told."""
    if look.rung is not None and look.now is not None:
        return _of_rung(look.rung.state, look.now, told, policy, today) if look.stands else None
    if look.cleared is not None and (cleared := _of_cleared(look.cleared, told, today)):
        return cleared, today
    if (formed := _of_baseline(look, told, today)) is not None:
        return formed, today
    if look.restless_above and look.state is State.STEADY:
        ripe = _apart((each for each in told if each.kind is Kind.RESTLESS), policy.apart_days, today)
        return (Told(Kind.RESTLESS, today, restless=True), today) if ripe <= today else None
    return None


def _of_rung(
    state: State, facts: Explanation, told: Sequence[Told], policy: NoticesPolicy, today: date
) -> tuple[Told, date] | None:
    """A level that is new in this episode, with the facts of today; or one that the person wanted again.

    "Remind me later" holds back what is not weightier than that which it was said to.
    """
    notice = told_of(_KINDS[state], today, facts)
    episode = [each for each in told if each.kind in LEVELS and each.since == notice.since]
    alike = [each for each in episode if _ORDER.index(each.kind) >= _ORDER.index(notice.kind)]
    later = max((each.later for each in alike if each.later is not None), default=None)
    if later is not None and not any(each.on >= later for each in episode):
        return notice, later
    explained = any(each.reason is not None for each in episode) and notice.kind is not Kind.CONFIRMED
    if alike or explained:
        return None
    same = (each for each in told if each.kind in LEVELS and _class(each) == _class(notice))
    return notice, _apart(same, policy.apart_days, today)


def _class(notice: Told) -> tuple[Pattern | None, bool]:
    """A first word has no class yet; that is another thing than a class which cannot be told."""
    return notice.pattern, notice.kind is Kind.WATCH


def _of_cleared(event: Event, told: Iterable[Told], today: date) -> Told | None:
    """That it has passed is told to whoever was told of it, while it is news."""
    since = event.explanation.since
    episode = [each for each in told if each.since == since]
    if not any(each.kind in LEVELS for each in episode) or any(e.kind is Kind.CLEARED for e in episode):
        return None
    fresh = today - event.date <= CLEARED_STAYS_NEWS
    return told_of(Kind.CLEARED, today, event.explanation) if fresh else None


def _of_baseline(look: Look, told: Iterable[Told], today: date) -> Told | None:
    """A full baseline is shown once."""
    baseline = look.baseline
    if baseline is None or baseline.provisional or look.state is not State.STEADY:
        return None
    shown = any(each.kind is Kind.BASELINE and each.on >= baseline.last for each in told)
    if shown or (look.agreed is not None and look.agreed >= baseline.last):
        return None
    return Told(
        Kind.BASELINE,
        today,
        since=baseline.first,
        until=baseline.last,
        baseline_mean=baseline.mean,
        baseline_sd=baseline.sd,
        of=baseline.answers,
    )


def _apart(alike: Iterable[Told], days: int, today: date) -> date:
    """The day from which another one like these may be told."""
    last = max((each.on for each in alike), default=None)
    return today if last is None else max(today, last + timedelta(days=days))


def names_breakthrough(notice: Told) -> bool:
    """Whether the word may be used: only once it is confirmed."""
    return notice.kind is Kind.CONFIRMED and notice.pattern is Pattern.BREAKTHROUGH
