"""What this room does when its timer fires or something was answered: it looks, and tells what it sees."""

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.facts import CareTeamNotNeeded, CareTeamSuggested
from bot.conversation.visit import Visit
from bot.escalation.noticing import card, reading, rules
from bot.escalation.noticing.chart import chart
from bot.escalation.noticing.look import Look
from bot.escalation.noticing.rules import STILL_WORTH_TELLING, Hours
from bot.escalation.noticing.told import Kind, Told
from bot.escalation.recurrence.policy import shipped_policy
from storage import notices, outbox, questionnaires
from storage.notices import Notice

SPREAD_MINUTES = 45
PEOPLE_AT_A_TIME = 25  # years of answers are held in memory for each
FALLBACK_INSTRUMENT = "phq9"


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    listening = []
    for visit in visits:
        if visit.person.listens and visit.person.notices:
            listening.append(visit)
        else:
            visit.wake(card.ROOM, None)  # whoever comes back is looked at then
    for first in range(0, len(listening), PEOPLE_AT_A_TIME):
        await _look_at(listening[first : first + PEOPLE_AT_A_TIME])


def hours(visit: Visit) -> Hours:
    """When this person may be told something."""
    person = visit.person
    minute = person.key % SPREAD_MINUTES
    return Hours(visit.zone, person.quiet_from, person.quiet_until, person.calm_until, minute)


async def offered(visit: Visit) -> str | None:
    """The questionnaire that may be offered now: the person's own, if the last one is long enough ago."""
    done = await questionnaires.done_of_people(visit.session, [visit.person.key])
    last = max((visit.day_of(row.done_at) for row in done if row.done_at), default=None)
    wanted = rules.wants_questionnaire(last, visit.today, shipped_policy().notices)
    return (visit.person.phq or FALLBACK_INSTRUMENT) if wanted else None


async def hold_back(visit: Visit) -> None:
    """React to calm hours, a pause, or a person who wants no notices: what is under way does not leave."""
    session, person_id = visit.session, visit.person.key
    for row in await notices.of_people(session, [person_id], visit.now - STILL_WORTH_TELLING):
        thing = notices.about(row.key)
        visit.supersede(thing)
        if await outbox.never_left(session, person_id, thing):
            await notices.take_back(session, row.key)  # what was never said can still be told
            visit.tell(CareTeamNotNeeded())


async def _look_at(visits: Sequence[Visit]) -> None:
    looks, told = await reading.looks(visits), await reading.told_all(visits)
    for visit, look, before in zip(visits, looks, told, strict=True):
        known = [each for _, each in before]
        step = rules.step(look, known, hours(visit), shipped_policy().notices, visit.now)
        if step.tell is not None:
            await _tell(visit, look, step.tell)
        visit.wake(card.ROOM, step.next_look)


async def _tell(visit: Visit, look: Look, told: Told) -> None:
    row = Notice(
        person_id=visit.person.key,
        told_at=visit.now,
        content_sealed=notices.seal_content(visit.sealer, told.content()),
    )
    visit.session.add(row)
    await visit.session.flush()
    thing, not_after = notices.about(row.key), hours(visit).until(visit.now)
    picture = chart(card.tongue(visit), visit.person.language, look, told)
    if picture is not None and told.kind is not Kind.CLEARED:
        visit.say(replace(picture, about=thing, not_after=not_after))
    offer = await offered(visit)
    visit.say(card.notice(visit, row.key, told, questionnaire=offer, not_after=not_after))
    if told.kind in (Kind.CONCERN, Kind.CONFIRMED):
        visit.tell(CareTeamSuggested())
