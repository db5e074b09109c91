"""What this room does when its timer fires: a check-in comes, or closes by itself."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from bot.checkins import card, rules, wording
from bot.checkins.rules import Habit
from bot.conversation.away import absences
from bot.conversation.message import Message
from bot.conversation.spans import Spans
from bot.conversation.visit import Visit
from scheduler.breath import unhurried
from storage import checkins, copies
from storage.checkins import Checkin
from storage.vocabulary import CheckinState, PersonState

_LOOK_BACK = timedelta(days=3)


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    if not visits:
        return
    session, ids = visits[0].session, [visit.person.key for visit in visits]
    since = min(visit.today for visit in visits) - _LOOK_BACK
    done: dict[int, set[date]] = defaultdict(set)
    for person_id, day in await checkins.days_of_people(session, ids, since):
        done[person_id].add(day)
    still: dict[int, list[Checkin]] = defaultdict(list)
    for checkin in await checkins.open_of_people(session, ids):
        still[checkin.person_id].append(checkin)
    await _close(visits, still)
    away = await absences(session, visits[0].now)
    wanted = {visit.person.key: habit(visit, done[visit.person.key], away) for visit in visits}
    for checkin in await _ask(visits, wanted):
        still[checkin.person_id].append(checkin)
        wanted[checkin.person_id] = wanted[checkin.person_id].with_day(checkin.day)
    for visit in visits:
        _look_again(visit, wanted[visit.person.key], still[visit.person.key])


def habit(visit: Visit, done: Collection[date], away: Spans = ()) -> Habit:
    """When this person wants the check-in; nothing comes during a pause or while they cannot be reached."""
    person = visit.person
    listening = person.state is PersonState.ACTIVE and person.reachable
    at = person.checkin_at if listening else None
    return Habit(
        at, visit.zone, done, person.calm_until, person.checkin_since, person.day_ends_at, away, visit.quiet
    )


def _look_again(visit: Visit, wanted: Habit, still: Sequence[Checkin]) -> None:
    left = [checkin.expires_at for checkin in still if checkin.state is CheckinState.OPEN]
    following = rules.next_ask(wanted, visit.now)
    visit.wake(card.ROOM, min((*left, *([following] if following else [])), default=None))


async def _ask(visits: Sequence[Visit], wanted: Mapping[int, Habit]) -> list[Checkin]:
    """Open the check-ins whose time has come, and send the first question of each."""
    asked: list[tuple[Visit, Checkin]] = []
    for visit in visits:
        day = rules.asks_now(wanted[visit.person.key], visit.now)
        if day is not None:
            asked.append((visit, _new(visit, wanted[visit.person.key], day)))
    fresh = [checkin for _, checkin in asked]
    visits[0].session.add_all(fresh)
    await visits[0].session.flush()
    async for visit, checkin in unhurried(asked):
        visit.say(card.question(visit, checkin, checkin.expires_at))
    return fresh


async def begin(visit: Visit, wanted: Habit, day: date) -> Checkin:
    """The row of a new check-in."""
    checkin = _new(visit, wanted, day)
    visit.session.add(checkin)
    await visit.session.flush()
    return checkin


def _new(visit: Visit, wanted: Habit, day: date) -> Checkin:
    return Checkin(
        person_id=visit.person.key,
        day=day,
        asked_at=visit.now,
        expires_at=rules.closes_at(wanted, visit.now),
    )


async def _close(visits: Sequence[Visit], still: Mapping[int, Sequence[Checkin]]) -> None:
    """Check-ins that are over end without blame; what was answered is kept."""
    over = [
        (visit, checkin)
        for visit in visits
        for checkin in still.get(visit.person.key, ())
        if checkin.expires_at <= visit.now
    ]
    for visit, checkin in over:
        card.let_rest(visit, checkin)
        visit.supersede(card.about(checkin))
    if not over:
        return
    things = [card.about(checkin) for _, checkin in over]
    found = await copies.about(visits[0].session, [visit.person.key for visit, _ in over], things)
    for visit, checkin in over:
        thing = card.about(checkin)
        closed = Message(wording.closed(visit.gettext, checkin.day), about=thing)
        for copy in found.get(thing, []):
            if copy.message_ref is not None:
                visit.edit(copy.message_ref, closed)
