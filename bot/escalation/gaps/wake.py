"""Once a day, in a batch: is there a gap to tell of? Nothing that was answered is opened for it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.conversation.away import absences
from bot.conversation.message import Action, Choice, Message
from bot.conversation.quiet import quiet_until
from bot.conversation.room import Room
from bot.conversation.spans import Spans, fell_into
from bot.conversation.visit import Visit
from bot.escalation.gaps import rules, wording
from bot.escalation.gaps.rules import Checkins
from bot.escalation.noticing import card
from bot.escalation.noticing.record import DoseSeen, doses_by_day
from bot.escalation.noticing.told import Kind, Told, told_from
from bot.escalation.noticing.wake import hours
from bot.escalation.recurrence.policy import shipped_policy
from scheduler.lanes import Lane
from storage import checkins, doses, notices, regimens
from storage.notices import Notice
from storage.vocabulary import RegimenState

NAME = "gaps"
STILL_WORTH_TELLING = timedelta(hours=9)
# A run of missed days that is as long was told of when it began.
LOOK_BACK = timedelta(days=15)


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    awake = [visit for visit in visits if visit.person.listens]
    for visit in visits:
        visit.wake(NAME, _next_look(visit) if visit.person.listens else None)
    away = await absences(awake[0].session, awake[0].now) if awake else ()
    ripe = [visit for visit in awake if _may_be_told(visit, away)]
    if not ripe:
        return
    found = zip(ripe, await _gaps(ripe), strict=True)
    await _tell([(visit, gap) for visit, gap in found if gap is not None])


def _may_be_told(visit: Visit, away: Spans) -> bool:
    """Within some hours after a look at which we were there; out of calm and quiet hours."""
    if hours(visit).silent_until(visit.now) is not None:
        return False
    return any(
        due <= visit.now < due + STILL_WORTH_TELLING and not fell_into(due, away) for due in _looks(visit)
    )


def _next_look(visit: Visit) -> datetime | None:
    return min((due for due in _looks(visit) if due > visit.now), default=None)


def _looks(visit: Visit) -> list[datetime]:
    """When this person is looked at: late in the morning of each day, or when their quiet hours end.

    Quiet hours that begin in the morning can put a day's look off until the next one.
    """
    person = visit.person
    mornings = (hours(visit).morning(visit.today + timedelta(days=n)) for n in range(-1, 3))
    return [
        quiet_until(morning, visit.zone, person.quiet_from, person.quiet_until) or morning
        for morning in mornings
        if morning is not None
    ]


async def _gaps(visits: Sequence[Visit]) -> list[Told | None]:
    """What is to be told to each, if anything; at most one word, and doses go first."""
    first = min(visit.today for visit in visits) - LOOK_BACK
    taken, asked, told = await _taken(visits, first), await _asked(visits, first), await _told(visits)
    policy = shipped_policy()
    return [
        rules.missed_notice(
            doses_by_day(taken[key]), told[key], visit.today, policy.notices, known_from=first
        )
        or (
            rules.nudge(asked[key], told[key], visit.today, policy.notices, policy.enough)
            if visit.person.notices and visit.person.checkin_at is not None
            else None
        )
        for visit in visits
        for key in [visit.person.key]
    ]


async def _taken(visits: Sequence[Visit], since: date) -> dict[int, list[DoseSeen]]:
    """The doses of medicines for the mood which are being taken, by person."""
    session, ids = visits[0].session, [visit.person.key for visit in visits]
    counts = {
        regimen.key
        for regimen, _ in await regimens.of_people(session, ids)
        if regimen.for_mood and regimen.state is RegimenState.ACTIVE
    }
    taken: dict[int, list[DoseSeen]] = defaultdict(list)
    for dose in await doses.seen_of_people(session, ids, since):
        if dose.regimen_id in counts:
            taken[dose.person_id].append(DoseSeen(dose.slot_date, dose.state, dose.reason))
    return taken


async def _asked(visits: Sequence[Visit], since: date) -> dict[int, Checkins]:
    """The days on which a check-in was asked, and answered, by person."""
    ids = [visit.person.key for visit in visits]
    asked: dict[int, dict[date, bool]] = {key: {} for key in ids}
    for person_id, day, answered in await checkins.answered_of_people(visits[0].session, ids, since):
        asked[person_id][day] = answered
    return {key: Checkins.of(days) for key, days in asked.items()}


async def _told(visits: Sequence[Visit]) -> dict[int, list[Told]]:
    """What each was told within the longest time that a rule looks back."""
    sealers = {visit.person.key: visit.sealer for visit in visits}
    span = timedelta(days=shipped_policy().notices.nudge_span_days + 1)
    told: dict[int, list[Told]] = defaultdict(list)
    for row in await notices.of_people(visits[0].session, list(sealers), visits[0].now - span):
        told[row.person_id].append(told_from(notices.open_content(sealers[row.person_id], row)))
    return told


async def _tell(gaps: Sequence[tuple[Visit, Told]]) -> None:
    if not gaps:
        return
    rows = [
        Notice(
            person_id=visit.person.key,
            told_at=visit.now,
            content_sealed=notices.seal_content(visit.sealer, told.content()),
        )
        for visit, told in gaps
    ]
    session = gaps[0][0].session
    session.add_all(rows)
    await session.flush()
    for (visit, told), row in zip(gaps, rows, strict=True):
        _say(visit, told, notices.about(row.key))


def _say(visit: Visit, told: Told, thing: str) -> None:
    _ = card.tongue(visit)
    missed = told.kind is Kind.TWO_MISSED_DAYS
    if missed:
        rows = (
            (Choice(wording.today(_), Action("doses", "today", apart=True)),),
            (card.to_care_team(_),),
        )
    else:
        rows = (
            (Choice(wording.check_in(_), Action("mood", "now", apart=True)),),
            (Choice(wording.other_time(_), Action("mood", "at", "other", apart=True)),),
        )
    visit.say(
        Message(
            wording.missed(_, told) if missed else wording.too_few(_, told),
            (*rows, (card.help_choice(visit),)),
            lane=Lane.CHECKIN,
            not_after=min(visit.now + STILL_WORTH_TELLING, hours(visit).until(visit.now)),
            dedupe_key=thing,
            about=thing,
        )
    )


ROOM = Room(name=NAME, wake=wake)
