"""What this room does when its timer fires: tell once what newer zone data changes for somebody's times."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from bot.conversation.message import Message
from bot.conversation.quiet import quiet_until
from bot.conversation.visit import Visit
from bot.people import wording
from scheduler.lanes import Lane
from scheduler.localtime import all_zones
from scheduler.outlook import Moved, from_data
from storage import regimens
from storage.vocabulary import RegimenState

ROOM = "people"


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    news = [visit for visit in visits if visit.person.zone_news is not None and visit.person.listens]
    for visit in visits:
        visit.wake(ROOM, None)
    if not news:
        return
    homes: dict[int, set[str | None]] = defaultdict(set)
    for regimen, _ in await regimens.of_people(news[0].session, [visit.person.key for visit in news]):
        if regimen.state is RegimenState.ACTIVE:
            homes[regimen.person_id].add(regimen.home_zone)
    for visit in news:
        _tell(visit, homes[visit.person.key])


def _tell(visit: Visit, homes: Collection[str | None]) -> None:
    """Say it, unless nothing of theirs goes by such a clock; not in quiet hours, nor soon after a crisis."""
    until = _silent_until(visit)
    if until is not None:
        visit.wake(ROOM, until)
        return
    person, news = visit.person, visit.person.zone_news or {}
    here = None in homes or person.checkin_at is not None
    clocks = {home for home in homes if home is not None} | ({person.zone} if here else set())
    moves = _moves(visit, clocks)
    if moves:
        key = f"zones:{news.get('tzdata')}:{person.key}"
        text = wording.zone_news(visit.gettext, moves)
        visit.say(Message(text, lane=Lane.DIGEST, dedupe_key=key))
    person.zone_news = None


def _moves(visit: Visit, clocks: Collection[str | None]) -> list[tuple[str, Moved]]:
    """The changes still to come of these clocks, by zone."""
    found = (visit.person.zone_news or {}).get("zones", {})
    return [(key, from_data(found[key])) for key in sorted(found) if key in clocks and key in all_zones()]


def _silent_until(visit: Visit) -> datetime | None:
    person = visit.person
    if visit.calm:
        return person.calm_until
    return quiet_until(visit.now, visit.zone, person.quiet_from, person.quiet_until)
