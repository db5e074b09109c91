"""What is kept about the check-ins of a group."""

from bot.conversation.calendar import described
from bot.conversation.catalogs import Gettext
from bot.conversation.text import Text
from bot.groups.pulse import wording
from bot.groups.pulse.questions import questions
from bot.groups.visit import GroupVisit
from scheduler.localtime import local
from scheduler.timing import from_data
from storage import pulses


async def rows(_: Gettext, visit: GroupVisit) -> list[tuple[str, Text | str]]:
    """Names and values; none for a group without check-ins."""
    key = visit.group.key
    plan = (await pulses.plans(visit.session, [key])).get(key)
    if plan is None:
        return []
    asked = questions().get(plan.question or "")
    timing = described(_, from_data(plan.timing)) if plan.timing else None
    picture = described(_, from_data(plan.picture_timing)) if plan.picture_timing else None
    question = asked.in_language(visit.group.language).question if asked is not None else None
    found = wording.settings(_, question, plan.hours, timing, picture)
    closes = await pulses.next_close(visit.session, key)
    if closes is not None:
        found.append(wording.open_one(_, local(closes, visit.zone)))
    return found
