"""When the care team is spoken of, and when not. Pure: values in, decisions out."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.conversation.quiet import is_quiet
from bot.conversation.spans import Spans
from bot.escalation.care.dates import Span
from bot.escalation.care.file import Appointment, File, Follow
from bot.escalation.followup.rules import Hours, asking_from
from bot.escalation.recurrence.policy import CarePolicy
from scheduler.localtime import instant, local, local_day

REMIND_AT: Final = time(17)  # on the day before an appointment
ASK_AT: Final = time(11)  # on the day after it, and for a review
# An appointment without a time may still be spoken of on its morning.
_UNTIL_NOON: Final = time(12)

OFFERED_DAYS: Final = (1, 7, 14, 28)
_MOST_AHEAD, _MOST_BACK = timedelta(days=730), timedelta(days=90)
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_SETTLED_AFTER = timedelta(hours=2)

# What came of a talk.
DOSE, MEDICINE, SAME, APPOINTMENT, ELSE = "dose", "medicine", "same", "visit", "else"
OUTCOMES: Final = (DOSE, MEDICINE, SAME, APPOINTMENT, ELSE)
CHANGES: Final = frozenset({DOSE, MEDICINE})


@dataclass(frozen=True, slots=True)
class Here:
    """A person at one moment (`now` is aware).

    `since` is the local day on which they began. `silent`: they paused everything or cannot be reached. Until
    `calm_until` nothing is asked, nor for two hours after we were `away`: doses are caught up first.
    """

    now: datetime
    hours: Hours
    since: date
    silent: bool = False
    calm_until: datetime | None = None
    away: Spans = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What follows now, and the file as it is then.

    `remind` of that appointment; `ask` whether the team was reached; `review`: say how long the last one is
    ago. At most one of the three.
    """

    file: File
    remind: Appointment | None = None
    ask: bool = False
    review: bool = False
    next_wake: datetime | None = None


def look(file: File, here: Here, policy: CarePolicy) -> Look:
    """What follows for a person at this moment. Looking twice says nothing twice."""
    file = _caught_up(file, here, policy)
    if not here.silent and _reminds(file, here):
        appointment = file.appointment
        file = replace(file, appointment=appointment and replace(appointment, reminded=True))
        return Look(file, remind=appointment, next_wake=_next_wake(file, here, policy))
    if not here.silent and _asks(file, here, policy):
        file = _asked_once_more(file, here, policy)
        return Look(file, ask=True, next_wake=_next_wake(file, here, policy))
    if not here.silent and _reviews(file, here, policy):
        file = replace(file, review_asked_on=local_day(here.now, here.hours.zone))
        return Look(file, review=True, next_wake=_next_wake(file, here, policy))
    return Look(file, next_wake=_next_wake(file, here, policy))


def _caught_up(file: File, here: Here, policy: CarePolicy) -> File:
    """An appointment that is over becomes the question how it was; a question that is too late is dropped."""
    appointment, follow = file.appointment, file.follow
    if appointment is not None and after_at(appointment, here.hours) <= here.now:
        earlier = min(follow.asked, policy.follow_through_times - 1) if follow else 0
        follow = Follow(after_at(appointment, here.hours), earlier)
        appointment = None
    if follow is not None and _is_over(follow, here.now, policy):
        follow = None
    return replace(file, appointment=appointment, follow=follow)


def _is_over(follow: Follow, now: datetime, policy: CarePolicy) -> bool:
    if follow.asked >= policy.follow_through_times:
        return now >= follow.due
    return now > follow.due + timedelta(days=policy.late_days)


def _reminds(file: File, here: Here) -> bool:
    appointment = file.appointment
    if appointment is None or appointment.reminded:
        return False
    return remind_at(appointment, here.hours) <= here.now < begins_at(appointment, here.hours)


def _asks(file: File, here: Here, policy: CarePolicy) -> bool:
    follow = file.follow
    if (
        follow is None
        or follow.asked >= policy.follow_through_times
        or _waits_for_appointment(file, here, policy)
    ):
        return False
    return _ready(follow.due, here) <= here.now


def _waits_for_appointment(file: File, here: Here, policy: CarePolicy) -> bool:
    """Whoever has an appointment soon is asked once, after it."""
    if file.appointment is None or file.follow is None:
        return False
    late = timedelta(days=policy.late_days)
    return after_at(file.appointment, here.hours) <= file.follow.due + late


def _asked_once_more(file: File, here: Here, policy: CarePolicy) -> File:
    asked = file.follow.asked + 1 if file.follow else 1
    return replace(file, follow=Follow(next_due(here.now, here.hours, policy), asked))


def _reviews(file: File, here: Here, policy: CarePolicy) -> bool:
    """Not while something is planned or open: then the talk is near."""
    if file.appointment is not None or file.follow is not None:
        return False
    return _ready(review_at(file, here, policy), here) <= here.now


def _next_wake(file: File, here: Here, policy: CarePolicy) -> datetime | None:
    """When there is something to look at again. Whoever is silent is looked at when they are back."""
    moments: list[datetime] = []
    if file.appointment is not None:
        moments.append(after_at(file.appointment, here.hours))
        if not file.appointment.reminded:
            moments.append(remind_at(file.appointment, here.hours))
    if file.follow is not None and not here.silent and not _waits_for_appointment(file, here, policy):
        over = file.follow.asked >= policy.follow_through_times
        moments.append(file.follow.due if over else _ready(file.follow.due, here))
    if file.appointment is None and file.follow is None and not here.silent:
        moments.append(_ready(review_at(file, here, policy), here))
    return min((at for at in moments if at > here.now), default=None)


def _ready(due: datetime, here: Here) -> datetime:
    """The first moment from now on that is not before `due`, at a humane hour and out of the calm hours."""
    back = max((ended + _SETTLED_AFTER for _, ended in here.away), default=here.now)
    return asking_from(max(due, here.now, here.calm_until or here.now, back), here.hours)


def remind_at(appointment: Appointment, hours: Hours) -> datetime:
    """17:00 on the day before; out of quiet hours, later on that day if it can be, else earlier."""
    minutes = [time(n // 60, n % 60) for n in range(24 * 60)]
    loud = [at for at in minutes if not is_quiet(at, hours.quiet_from, hours.quiet_until)]
    later = [at for at in loud if at >= REMIND_AT]
    return _instant(appointment.on - _DAY, later[0] if later else loud[-1], hours)


def begins_at(appointment: Appointment, hours: Hours) -> datetime:
    """From when on there is nothing to remind of; without a time that is noon."""
    return _instant(appointment.on, appointment.at or _UNTIL_NOON, hours)


def after_at(appointment: Appointment, hours: Hours) -> datetime:
    """When the appointment is over for us: 11:00 on the day after, or later when that is quiet."""
    return asking_from(_instant(appointment.on + _DAY, ASK_AT, hours), hours)


def review_at(file: File, here: Here, policy: CarePolicy) -> datetime:
    """When it is time to speak of a review: half a year after the last, and again after a quarter."""
    day = (file.last_review or here.since) + timedelta(days=policy.review_days)
    if file.review_asked_on is not None:
        day = max(day, file.review_asked_on + timedelta(days=policy.review_again_days))
    return _instant(day, ASK_AT, here.hours)


def next_due(now: datetime, hours: Hours, policy: CarePolicy) -> datetime:
    """Some days from now by the calendar, at a humane hour."""
    here = local(now, hours.zone)
    wanted = _instant(here.date() + timedelta(days=policy.follow_through_days), here.time(), hours)
    return asking_from(wanted, hours)


def _instant(day: date, at: time, hours: Hours) -> datetime:
    return instant(day, at, hours.zone) or datetime.combine(day, at, hours.zone).astimezone(UTC)


# What a person does


def suggested(file: File, now: datetime, hours: Hours, policy: CarePolicy) -> File:
    """A notice suggested to contact the team: the question begins anew."""
    return replace(file, follow=Follow(next_due(now, hours, policy)))


def not_yet(file: File, now: datetime, hours: Hours, policy: CarePolicy) -> File:
    """The team was not reached: the next question, if there is one, counts from now."""
    if not asks_again(file, policy) or file.follow is None:
        return file
    asked = max(1, file.follow.asked)  # a "not yet" to an older question answers this one as well
    return replace(file, follow=Follow(next_due(now, hours, policy), asked))


def asks_again(file: File, policy: CarePolicy) -> bool:
    """Whether the question will come once more."""
    return file.follow is not None and file.follow.asked < policy.follow_through_times


def talked(file: File, today: date) -> File:
    """They talked: nothing is open any more, and an appointment of today or before is over."""
    ahead = file.appointment if file.appointment is not None and file.appointment.on > today else None
    return replace(file, last_review=today, follow=None, appointment=ahead)


def planned(file: File, appointment: Appointment, now: datetime, hours: Hours) -> File:
    """An appointment in the place of the earlier one. Whoever makes it on its eve needs no reminder."""
    reminded = remind_at(appointment, hours) <= now
    return replace(file, appointment=replace(appointment, reminded=reminded))


def appointment_days(today: date) -> Span:
    """The days that an appointment can be on."""
    return Span(today, today + _MOST_AHEAD)


def change_days(today: date) -> Span:
    """The days since which a dose can have been another one."""
    return Span(today - _MOST_BACK, today, past=True)


def toggled(chosen: Collection[str], outcome: str) -> list[str]:
    """What came of it, with one outcome more or less. To stay and to change exclude each other."""
    if outcome in chosen:
        return [each for each in OUTCOMES if each in chosen and each != outcome]
    against = CHANGES if outcome == SAME else {SAME} if outcome in CHANGES else frozenset[str]()
    return [each for each in OUTCOMES if each == outcome or (each in chosen and each not in against)]
