"""What this room does when its timer fires: a questionnaire comes, or closes by itself."""

from collections import defaultdict
from datetime import date

from bot.conversation.message import Message
from bot.conversation.quiet import quiet_until
from bot.conversation.visit import Visit
from bot.questionnaires import card, rules, wording
from bot.questionnaires.instrument import INSTRUMENTS, Instrument
from bot.questionnaires.rules import Habit
from scheduler.localtime import local_day
from storage import copies, questionnaires
from storage.questionnaires import Questionnaire
from storage.vocabulary import CheckinState, PersonState


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    if not visits:
        return
    session, ids = visits[0].session, [visit.person.key for visit in visits]
    asked = await questionnaires.last_asked(session, ids)
    still: dict[int, list[Questionnaire]] = defaultdict(list)
    for row in await questionnaires.open_of_people(session, ids):
        still[row.person_id].append(row)
    for visit in visits:
        at = asked.get(visit.person.key)
        last = local_day(at, visit.zone) if at is not None else None
        await _look(visit, habit(visit, last), still[visit.person.key])


def habit(visit: Visit, last: date | None) -> Habit:
    """When this person wants it; nothing comes during a pause or while they cannot be reached."""
    person = visit.person
    listening = person.phq is not None and person.state is PersonState.ACTIVE and person.reachable
    at = (person.checkin_at or rules.USUAL_TIME) if listening else None
    return Habit(at, visit.zone, last, person.phq_since, person.calm_until)


async def begin(visit: Visit, instrument: Instrument) -> Questionnaire:
    """The row of a new questionnaire; one that was open closes."""
    for still in await questionnaires.open_of_people(visit.session, [visit.person.key]):
        await _close(visit, still)
    row = Questionnaire(
        person_id=visit.person.key,
        instrument=instrument.key,
        version=instrument.version,
        asked_at=visit.now,
        expires_at=visit.now + rules.OPEN_FOR,
    )
    visit.session.add(row)
    await visit.session.flush()
    return row


async def _look(visit: Visit, wanted: Habit, still: list[Questionnaire]) -> None:
    for row in still:
        if row.expires_at <= visit.now:
            await _close(visit, row)
    if rules.asks_now(wanted, visit.now) and visit.person.phq is not None:
        still = [await _ask(visit, INSTRUMENTS[visit.person.phq])]
        wanted = habit(visit, visit.today)
    left = [row.expires_at for row in still if row.state is CheckinState.OPEN]
    following = rules.next_ask(wanted, visit.now)
    visit.wake(card.ROOM, min((*left, *([following] if following else [])), default=None))


async def _ask(visit: Visit, instrument: Instrument) -> Questionnaire:
    row = await begin(visit, instrument)
    person = visit.person
    quiet = quiet_until(visit.now, visit.zone, person.quiet_from, person.quiet_until) is not None
    visit.say(card.question(visit, row, row.expires_at, quiet=quiet))
    return row


async def _close(visit: Visit, row: Questionnaire) -> None:
    """It ends without blame; what was answered is kept."""
    row.state = CheckinState.EXPIRED
    thing = card.about(row)
    visit.supersede(thing)
    found = await copies.about(visit.session, [visit.person.key], [thing])
    for copy in found.get(thing, []):
        if copy.message_ref is not None:
            text = wording.closed(visit.gettext, card.name_of(row))
            visit.edit(copy.message_ref, Message(text, about=thing))
