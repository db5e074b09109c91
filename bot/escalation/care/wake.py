"""What this room does when its timer fires: remind of an appointment, ask after it, speak of a review."""

from bot.conversation.away import absences
from bot.conversation.catalogs import safety
from bot.conversation.spans import Spans
from bot.conversation.visit import Visit
from bot.escalation.care import asking, files, rules
from bot.escalation.care.file import File
from bot.escalation.care.rules import Here, Look
from bot.escalation.care.wording import ROOM
from bot.escalation.followup.rules import Hours, ask_until
from bot.escalation.recurrence.policy import CarePolicy, shipped_policy
from scheduler.localtime import local_day
from storage.care import CareFile
from storage.vocabulary import PersonState


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    if not visits:
        return
    rows = await files.rows(visits[0].session, [visit.person.key for visit in visits])
    away = await absences(visits[0].session, visits[0].now)
    for visit in visits:
        _look(visit, rows.get(visit.person.key), away)


def policy() -> CarePolicy:
    """Our constants."""
    return shipped_policy().care


def hours(visit: Visit) -> Hours:
    """When this person can be asked."""
    return Hours(visit.zone, visit.person.quiet_from, visit.person.quiet_until)


def _look(visit: Visit, row: CareFile | None, away: Spans) -> None:
    if not visit.person.state.settled:
        visit.wake(ROOM, None)
        return
    before = File() if row is None else files.opened(visit, row)
    here = _here(visit, away)
    look = rules.look(before, here, policy())
    _say(visit, look, here)
    if look.file != before:
        files.write(visit, row, look.file)
    visit.wake(ROOM, look.next_wake)


def _here(visit: Visit, away: Spans) -> Here:
    person = visit.person
    return Here(
        now=visit.now,
        hours=hours(visit),
        since=local_day(person.created_at, visit.zone),
        silent=person.state is not PersonState.ACTIVE or not person.reachable,
        calm_until=person.calm_until,
        away=away,
    )


def _say(visit: Visit, look: Look, here: Here) -> None:
    language = visit.person.language
    _ = safety(language)
    until = ask_until(visit.now, visit.now, here.hours)
    if look.remind is not None:
        begins = rules.begins_at(look.remind, here.hours)
        key = _key(visit, asking.VISIT)
        visit.say(asking.reminder(_, language, look.remind, look.file, visit.today, begins, key))
    elif look.ask:
        visit.say(asking.question(_, language, until, _key(visit, asking.FOLLOW)))
    elif look.review:
        again, key = policy().review_again_days, _key(visit, asking.REVIEW)
        last = look.file.last_review
        visit.say(asking.review(_, language, last, here.since, visit.today, again, until, key))


def _key(visit: Visit, thing: str) -> str:
    """Once a day is enough. A key is not sealed, so it tells no more than the sending itself."""
    return f"{thing}:{visit.person.key}:{visit.today.isoformat()}"
