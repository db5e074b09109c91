"""Once a day, in a batch: is there a gap to tell of? Nothing that was answered is opened for it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.conversation.message import Action, Choice, Message
from bot.conversation.quiet import quiet_until
from bot.conversation.room import Room
from bot.conversation.visit import Visit
from bot.escalation.gaps import rules, wording
from bot.escalation.gaps.rules import Answers
from bot.escalation.noticing import card
from bot.escalation.noticing.record import DoseSeen, doses_by_day
from bot.escalation.noticing.told import Kind, Told, told_from
from bot.escalation.recurrence.policy import shipped_policy
from scheduler.lanes import Lane
from scheduler.localtime import instant, local_day
from storage import checkins, doses, notices, regimens
from storage.notices import Notice
from storage.vocabulary import PersonState

NAME = "gaps"
LOOK_AT = time(11)
# People of one zone are not all looked at in the same minute.
SPREAD_MINUTES = 45
STILL_WORTH_TELLING = timedelta(hours=9)
_LOOK_BACK = timedelta(days=15)


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    awake = [visit for visit in visits if _listens(visit)]
    for visit in visits:
        visit.wake(NAME, _next_look(visit) if _listens(visit) else None)
    ripe = [visit for visit in awake if _may_be_told(visit)]
    if ripe:
        await _look(ripe)


def _listens(visit: Visit) -> bool:
    """Whoever comes back from a pause or can be reached again is looked at then."""
    return visit.person.state is PersonState.ACTIVE and visit.person.reachable


def _may_be_told(visit: Visit) -> bool:
    """Within the hour of the day's look; out of calm and quiet hours."""
    due = _look_on(visit, visit.today)
    return due is not None and due <= visit.now < due + STILL_WORTH_TELLING and not visit.calm


def _next_look(visit: Visit) -> datetime | None:
    return next(
        (
            due
            for ahead in range(3)
            if (due := _look_on(visit, visit.today + timedelta(days=ahead))) is not None and due > visit.now
        ),
        None,
    )


def _look_on(visit: Visit, day: date) -> datetime | None:
    """When this person is looked at on a day: late in the morning, after quiet hours."""
    at = instant(day, time(LOOK_AT.hour, visit.person.key % SPREAD_MINUTES), visit.zone)
    if at is None:
        return None
    person = visit.person
    return quiet_until(at, visit.zone, person.quiet_from, person.quiet_until) or at


async def _look(visits: Sequence[Visit]) -> None:
    session, ids = visits[0].session, [visit.person.key for visit in visits]
    since = min(visit.today for visit in visits) - _LOOK_BACK
    mood = {regimen.key for regimen, _ in await regimens.of_people(session, ids) if regimen.for_mood}
    taken: dict[int, list[DoseSeen]] = defaultdict(list)
    for dose in await doses.of_people(session, ids, since):
        if dose.regimen_id in mood:
            taken[dose.person_id].append(DoseSeen(dose.slot_date, dose.state, dose.reason))
    answered: dict[int, set[date]] = defaultdict(set)
    for person_id, day in await checkins.answered_days(session, ids, since):
        answered[person_id].add(day)
    kept: dict[int, list[Notice]] = defaultdict(list)
    for row in await notices.of_people(session, ids):
        kept[row.person_id].append(row)
    for visit in visits:
        key = visit.person.key
        told = [told_from(notices.open_content(visit.sealer, row)) for row in kept[key]]
        await _tell(visit, _gap(visit, taken[key], answered[key], told))


def _gap(visit: Visit, taken: Sequence[DoseSeen], answered: set[date], told: Sequence[Told]) -> Told | None:
    """At most one word a day; doses go first."""
    policy, wanted = shipped_policy(), visit.person.checkin_since if visit.person.checkin_at else None
    answers = Answers(frozenset(answered), local_day(wanted, visit.zone) if wanted else None)
    missed = rules.missed_notice(doses_by_day(taken), told, visit.today, policy.notices)
    return missed or rules.nudge(answers, told, visit.today, policy.notices, policy.enough)


async def _tell(visit: Visit, told: Told | None) -> None:
    if told is None:
        return
    content = notices.seal_content(visit.sealer, told.content())
    row = Notice(person_id=visit.person.key, told_at=visit.now, content_sealed=content)
    visit.session.add(row)
    await visit.session.flush()
    _ = card.tongue(visit)
    missed = told.kind is Kind.TWO_MISSED_DAYS
    if missed:
        rows = (
            (Choice(wording.today(_), Action("doses", "today")),),
            (card.to_care_team(_),),
        )
    else:
        rows = (
            (Choice(wording.check_in(_), Action("mood", "now")),),
            (Choice(wording.other_time(_), Action("mood", "at", "other")),),
        )
    visit.say(
        Message(
            wording.missed(_, told) if missed else wording.too_few(_, told),
            (*rows, (card.help_choice(visit),)),
            lane=Lane.CHECKIN,
            not_after=visit.now + STILL_WORTH_TELLING,
            dedupe_key=card.about(row.key),
            about=card.about(row.key),
        )
    )


ROOM = Room(name=NAME, wake=wake)
