"""When a gap is told: seldom, once for each, and never of what was not asked. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from bot.escalation.noticing.told import LEVELS, Kind, Told
from bot.escalation.recurrence.classes import Pattern
from bot.escalation.recurrence.days import Doses
from bot.escalation.recurrence.policy import EnoughPolicy, NoticesPolicy

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Checkins:
    """The days of late on which a check-in was asked, and those on which it was answered."""

    asked: frozenset[date]
    answered: frozenset[date]

    @classmethod
    def of(cls, days: Mapping[date, bool]) -> Self:
        """From the days that have a check-in, each with whether anything was answered."""
        return cls(frozenset(days), frozenset(day for day, answered in days.items() if answered))


def missed_days(doses: Mapping[date, Doses], today: date) -> Sequence[date]:
    """The run of missed days that lasts until yesterday, oldest first. Today is not over."""
    run: list[date] = []
    day = today - _ONE_DAY
    while (of_day := doses.get(day)) is not None and of_day.none_taken:
        run.append(day)
        day -= _ONE_DAY
    return run[::-1]


def missed_notice(
    doses: Mapping[date, Doses],
    told: Iterable[Told],
    today: date,
    policy: NoticesPolicy,
    *,
    known_from: date = date.min,
) -> Told | None:
    """The word about missed days in a row: once a run, and some days apart.

    Doses are known from `known_from` on: a run that is so long was told of when it was short. It is left out
    when a notice about the mood has spoken of missed doses within those days.
    """
    run = missed_days(doses, today)
    if len(run) < policy.missed_days or run[0] <= known_from:
        return None
    for each in told:
        if not _of_doses(each):
            continue
        same_run = each.on > run[0] and each.kind is Kind.TWO_MISSED_DAYS
        if same_run or (today - each.on).days < policy.missed_apart_days:
            return None
    return Told(Kind.TWO_MISSED_DAYS, today, since=run[0], missed_run=len(run))


def nudge(
    checkins: Checkins, told: Sequence[Told], today: date, policy: NoticesPolicy, enough: EnoughPolicy
) -> Told | None:
    """The word about too few check-ins: only to whoever was asked day by day, and very seldom.

    After a pause, or while we were down, nobody was asked; that is no silence of theirs.
    """
    lately = {today - timedelta(days=ago) for ago in range(enough.days)}
    answered = len(checkins.answered & lately)
    asked_before_today = len(checkins.asked & (lately - {today}))
    if answered >= enough.answers or asked_before_today < enough.days - 1:
        return None
    nudges = [(today - each.on).days for each in told if each.kind is Kind.NOT_ENOUGH_CHECKINS]
    if any(ago < policy.nudge_apart_days for ago in nudges):
        return None
    if sum(ago < policy.nudge_span_days for ago in nudges) >= policy.nudges:
        return None
    return Told(Kind.NOT_ENOUGH_CHECKINS, today, answered=answered, of=enough.answers)


def _of_doses(told: Told) -> bool:
    about_mood = told.kind in LEVELS and told.pattern is Pattern.MISSED_DOSES
    return told.kind is Kind.TWO_MISSED_DAYS or about_mood
