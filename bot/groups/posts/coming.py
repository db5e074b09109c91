"""What comes next in a group."""

from bot.conversation.text import Text
from bot.groups.posts import rules, wording
from bot.groups.posts.contents import subject_of
from bot.groups.pulse import wake as pulse
from bot.groups.visit import GroupVisit
from scheduler.timing import Planned, from_data
from storage import group_posts, pulses
from storage.vocabulary import GroupState

_SHOWN = 5


async def slots(visit: GroupVisit, count: int) -> list[tuple[str, Planned]]:
    """The next slots of all posts that are not paused, each with its subject, in order."""
    if visit.group.state is not GroupState.ACTIVE:
        return []
    plan = (await pulses.plans(visit.session, [visit.group.key])).get(visit.group.key)
    asked = pulse.coming(visit, plan, count) if plan is not None else []
    found = [(subject, slot) for subject, slot in asked if visit.quiet.until(slot.due_at) is None]
    found += [
        (subject_of(post), heard)
        for post in await group_posts.of_group(visit.session, visit.group.key)
        if not post.paused
        for slot in rules.next_of(from_data(post.timing), visit.zone, visit.now, count)
        if (heard := rules.after_quiet(slot, visit.quiet)) is not None
    ]
    return sorted(found, key=lambda one: one[1].due_at)[:count]


async def told(visit: GroupVisit) -> Text:
    """The answer to `/next`."""
    found = await slots(visit, _SHOWN)
    if not found:
        return wording.nothing_comes(visit.gettext)
    return wording.coming(visit.gettext, found, visit.zone.key)
