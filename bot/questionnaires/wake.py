"""What this room does when its timer fires: a questionnaire comes, or closes by itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.conversation.away import absences
from bot.conversation.message import Message
from bot.conversation.spans import Spans
from bot.conversation.visit import Visit
from bot.questionnaires import card, rules, wording
from bot.questionnaires.instrument import INSTRUMENTS, Instrument
from bot.questionnaires.rules import Habit
from scheduler.breath import unhurried
from storage import copies, questionnaires
from storage.questionnaires import Questionnaire
from storage.vocabulary import CheckinState, PersonState


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    if not visits:
        return
    session, ids = visits[0].session, [visit.person.key for visit in visits]
    last = await questionnaires.last_asked(session, ids)
    still: dict[int, list[Questionnaire]] = defaultdict(list)
    for row in await questionnaires.open_of_people(session, ids):
        still[row.person_id].append(row)
    away = await absences(session, visits[0].now)
    wanted = {visit.person.key: habit(visit, _day(visit, last), away) for visit in visits}
    asked = [visit for visit in visits if rules.asks_now(wanted[visit.person.key], visit.now)]
    anew = {visit.person.key for visit in asked}
    await _close(
        [
            (visit, row)
            for visit in visits
            for row in still[visit.person.key]
            if row.expires_at <= visit.now or visit.person.key in anew
        ]
    )
    for row in await _ask(asked):
        still[row.person_id].append(row)
    for visit in visits:
        now_wanted = habit(visit, visit.today) if visit.person.key in anew else wanted[visit.person.key]
        _look_again(visit, now_wanted, still[visit.person.key])


def _day(visit: Visit, last: Mapping[int, datetime]) -> date | None:
    at = last.get(visit.person.key)
    return visit.day_of(at) if at is not None else None


def habit(visit: Visit, last: date | None, away: Spans = ()) -> Habit:
    """When this person wants it; nothing comes during a pause or while they cannot be reached."""
    person = visit.person
    listening = person.phq is not None and person.state is PersonState.ACTIVE and person.reachable
    at = (person.checkin_at or rules.USUAL_TIME) if listening else None
    return Habit(
        at, visit.zone, last, person.phq_since, person.calm_until, person.day_ends_at, away, visit.quiet
    )


async def begin(visit: Visit, instrument: Instrument) -> Questionnaire:
    """The row of a new questionnaire; one that was open closes."""
    still = await questionnaires.open_of_people(visit.session, [visit.person.key])
    await _close([(visit, row) for row in still])
    row = _new(visit, instrument)
    visit.session.add(row)
    await visit.session.flush()
    return row


def _new(visit: Visit, instrument: Instrument) -> Questionnaire:
    return Questionnaire(
        person_id=visit.person.key,
        instrument=instrument.key,
        version=instrument.version,
        asked_at=visit.now,
        expires_at=visit.now + rules.OPEN_FOR,
    )


def _look_again(visit: Visit, wanted: Habit, still: Sequence[Questionnaire]) -> None:
    left = [row.expires_at for row in still if row.state is CheckinState.OPEN]
    following = rules.next_ask(wanted, visit.now)
    visit.wake(card.ROOM, min((*left, *([following] if following else [])), default=None))


async def _ask(visits: Sequence[Visit]) -> list[Questionnaire]:
    """Send each of these people the first question of what they chose."""
    asked = [(visit, _new(visit, INSTRUMENTS[phq])) for visit in visits if (phq := visit.person.phq)]
    fresh = [row for _, row in asked]
    if fresh:
        visits[0].session.add_all(fresh)
        await visits[0].session.flush()
    async for visit, row in unhurried(asked):
        visit.say(card.question(visit, row, row.expires_at))
    return fresh


async def _close(over: Sequence[tuple[Visit, Questionnaire]]) -> None:
    """They end without blame; what was answered is kept."""
    for visit, row in over:
        row.state = CheckinState.EXPIRED
        visit.supersede(card.about(row))
    if not over:
        return
    things = [card.about(row) for _, row in over]
    found = await copies.about(over[0][0].session, [visit.person.key for visit, _ in over], things)
    for visit, row in over:
        thing = card.about(row)
        closed = Message(wording.closed(visit.gettext, card.name_of(row)), about=thing)
        for copy in found.get(thing, []):
            if copy.message_ref is not None:
                visit.edit(copy.message_ref, closed)
