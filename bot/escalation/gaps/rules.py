"""When a gap is told: seldom, once for each, and never of what was not asked. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.escalation.noticing.told import LEVELS, Kind, Told
from bot.escalation.recurrence.classes import Pattern
from bot.escalation.recurrence.days import Doses
from bot.escalation.recurrence.policy import EnoughPolicy, NoticesPolicy

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answers:
    """The days of late that have a check-in, and since when the person wants them; None: not at all."""

    days: frozenset[date]
    wanted_since: date | None

    def within(self, today: date, days: int) -> int:
        """How many there were in so many days until today."""
        first = today - timedelta(days=days - 1)
        return sum(first <= day <= today for day in self.days)


def missed_days(doses: Mapping[date, Doses], today: date) -> Sequence[date]:
    """The run of missed days that lasts until yesterday, oldest first. Today is not over."""
    run: list[date] = []
    day = today - _ONE_DAY
    while (of_day := doses.get(day)) is not None and of_day.none_taken:
        run.append(day)
        day -= _ONE_DAY
    return run[::-1]


def missed_notice(
    doses: Mapping[date, Doses], told: Iterable[Told], today: date, policy: NoticesPolicy
) -> Told | None:
    """The word about missed days in a row: once a run, and some days apart.

    It is left out when a notice about the mood has spoken of missed doses within those days.
    """
    run = missed_days(doses, today)
    if len(run) < policy.missed_days:
        return None
    for each in told:
        if not _of_doses(each):
            continue
        same_run = each.since == run[0] and each.kind is Kind.TWO_MISSED_DAYS
        if same_run or (today - each.on).days < policy.missed_apart_days:
            return None
    return Told(Kind.TWO_MISSED_DAYS, today, since=run[0], missed_run=len(run))


def nudge(
    answers: Answers, told: Sequence[Told], today: date, policy: NoticesPolicy, enough: EnoughPolicy
) -> Told | None:
    """The word about too few check-ins, for whoever wants them; a few times, then silence."""
    since = answers.wanted_since
    if since is None or (today - since).days < enough.days:
        return None
    lately = answers.within(today, enough.days)
    if lately >= enough.answers:
        return None
    nudges = [each.on for each in told if each.kind is Kind.NOT_ENOUGH_CHECKINS]
    if nudges and (today - nudges[-1]).days < policy.nudge_apart_days:
        return None
    last_answer = max(answers.days, default=date.min)
    if sum(on > last_answer for on in nudges) >= policy.nudges:
        return None
    return Told(Kind.NOT_ENOUGH_CHECKINS, today, answered=lately, of=enough.answers)


def _of_doses(told: Told) -> bool:
    about_mood = told.kind in LEVELS and told.pattern is Pattern.MISSED_DOSES
    return told.kind is Kind.TWO_MISSED_DAYS or about_mood
