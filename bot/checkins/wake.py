"""What this room does when its timer fires: a check-in comes, or closes by itself."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from bot.checkins import card, rules, wording
from bot.checkins.rules import Habit
from bot.conversation.message import Message
from bot.conversation.quiet import quiet_until
from bot.conversation.visit import Visit
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
    for visit in visits:
        await _look(visit, habit(visit, done[visit.person.key]), still[visit.person.key])


def habit(visit: Visit, done: Collection[date]) -> Habit:
    """When this person wants the check-in; nothing comes during a pause or while they cannot be reached."""
    person = visit.person
    listening = person.state is PersonState.ACTIVE and person.reachable
    at = person.checkin_at if listening else None
    return Habit(at, visit.zone, done, person.calm_until, person.checkin_since)


async def _look(visit: Visit, wanted: Habit, still: Sequence[Checkin]) -> None:
    for checkin in still:
        if checkin.expires_at <= visit.now:
            await _close(visit, checkin)
    day = rules.asks_now(wanted, visit.now)
    fresh = [await ask(visit, wanted, day)] if day is not None else []
    left = [checkin.expires_at for checkin in (*still, *fresh) if checkin.state is CheckinState.OPEN]
    following = rules.next_ask(wanted.with_day(day), visit.now)
    visit.wake(card.ROOM, min((*left, *([following] if following else [])), default=None))


async def ask(visit: Visit, wanted: Habit, day: date) -> Checkin:
    """Open the check-in of a day and send its first question."""
    checkin = await begin(visit, wanted, day)
    person = visit.person
    quiet = quiet_until(visit.now, visit.zone, person.quiet_from, person.quiet_until) is not None
    visit.say(card.question(visit, checkin, checkin.expires_at, quiet=quiet))
    return checkin


async def begin(visit: Visit, wanted: Habit, day: date) -> Checkin:
    """The row of a new check-in."""
    checkin = Checkin(
        person_id=visit.person.key,
        day=day,
        asked_at=visit.now,
        expires_at=rules.closes_at(wanted, visit.now),
    )
    visit.session.add(checkin)
    await visit.session.flush()
    return checkin


async def _close(visit: Visit, checkin: Checkin) -> None:
    """A check-in ends without blame; what was answered is kept."""
    card.let_rest(visit, checkin)
    thing = card.about(checkin)
    visit.supersede(thing)
    found = await copies.about(visit.session, [visit.person.key], [thing])
    for copy in found.get(thing, []):
        if copy.message_ref is not None:
            visit.edit(copy.message_ref, Message(wording.closed(visit.gettext, checkin.day), about=thing))
