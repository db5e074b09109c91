"""What this room does when its timer fires: the day after a hard one, it asks how it is now."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from bot.conversation.catalogs import safety
from bot.conversation.visit import Visit
from bot.escalation.followup import rules as followup
from bot.escalation.followup import wording as followup_wording
from bot.escalation.followup.rules import STILL_WORTH_ASKING, Hours
from bot.escalation.planning.editing import ROOM
from storage import crises, outbox
from storage.crises import CrisisEvent


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    if not visits:
        return
    session, ids = visits[0].session, [visit.person.key for visit in visits]
    awaiting: dict[int, list[CrisisEvent]] = defaultdict(list)
    for event in await crises.awaiting(session, ids):
        awaiting[event.person_id].append(event)
    asked = await crises.last_follow_ups(session, ids)
    for visit in visits:
        _look(visit, awaiting[visit.person.key], asked.get(visit.person.key))


def hours(visit: Visit) -> Hours:
    """When this person can be asked."""
    return Hours(visit.zone, visit.person.quiet_from, visit.person.quiet_until)


def _look(visit: Visit, events: Sequence[CrisisEvent], last_asked: datetime | None) -> None:
    wanted = {event.key: event.follow_up_at for event in events if event.follow_up_at is not None}
    step = followup.step(tuple(wanted.values()), last_asked, hours(visit), visit.now)
    if step.drop or not visit.person.state.settled:
        for event in events:
            event.follow_up_at = None
    elif step.ask and visit.person.reachable:
        _ask(visit, events, max(wanted.values()))
    # Who cannot be reached is looked at again when they are back.
    visit.wake(ROOM, step.next_wake)


def _ask(visit: Visit, events: Sequence[CrisisEvent], due: datetime) -> None:
    """One question for all of them, in the language of the newest."""
    newest = max(events, key=lambda event: (event.at, event.key))
    for event in events:
        event.followed_up_at = visit.now
    not_after = followup.ask_until(visit.now, due, hours(visit))
    words = safety(newest.language)
    visit.say(followup_wording.question(words, newest.language, newest.key, visit.now, not_after))


async def hold_back(visit: Visit) -> None:
    """A question that has not left yet waits: its cards are followed up with the newest one."""
    for key in await crises.asked_since(visit.session, visit.person.key, visit.now - STILL_WORTH_ASKING):
        thing = followup_wording.about_question(key)
        if await outbox.never_left(visit.session, visit.person.key, thing):
            visit.supersede(thing)
            await crises.take_back_question(visit.session, key)
