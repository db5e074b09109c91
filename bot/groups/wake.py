"""What this room does when the timer of a group fires: posts that are due go out, check-ins come and end."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.conversation.message import Message
from bot.groups.doors.ways import private_row
from bot.groups.numbers import board
from bot.groups.numbers.rules import Numbers
from bot.groups.posts import contents, rules
from bot.groups.pulse import wake as pulse
from bot.groups.pulse.rules import earliest
from bot.groups.visit import ROOM, GroupVisit
from scheduler.lanes import Lane
from scheduler.timing import Planned, from_data
from storage import group_posts, pulses
from storage.group_posts import GroupPost
from storage.vocabulary import GroupState


def waking(numbers: Numbers) -> Callable[[Sequence[GroupVisit]], Awaitable[None]]:
    """What wakes this room; `numbers` are those of the countries."""

    async def wake(visits: Sequence[GroupVisit]) -> None:
        """Look at these groups, early, late or twice."""
        if not visits:
            return
        session, keys = visits[0].session, [visit.group.key for visit in visits]
        posts = await group_posts.of_groups(session, keys)
        plans, pending = await pulses.plans(session, keys), await pulses.pending(session, keys)
        for visit in visits:
            key = visit.group.key
            shown = await board.refresh(visit, numbers)
            posted = _look(visit, posts[key])
            asked = await pulse.look(visit, pulse.Kept(plans.get(key), pending[key]))
            visit.wake(ROOM, earliest([shown, posted, asked]))

    return wake


def _look(visit: GroupVisit, posts: Sequence[GroupPost]) -> datetime | None:
    """The posts that are due; when the next one is."""
    if visit.group.state is not GroupState.ACTIVE:
        return None
    active = [post for post in posts if not post.paused]
    for post in active:
        for slot in rules.due(from_data(post.timing), visit.zone, post.looked_until, visit.now):
            _post(visit, post, slot)
        post.looked_until = visit.now
    upcoming = [
        slot.due_at
        for post in active
        for slot in rules.next_of(from_data(post.timing), visit.zone, visit.now)
    ]
    return min(upcoming, default=None)


def _post(visit: GroupVisit, post: GroupPost, slot: Planned) -> None:
    text = contents.text_of(post, visit.sealer, visit.group)
    at = rules.comes(slot, visit.quiet, visit.now)
    if text is None or at is None:
        return
    visit.say(
        Message(
            text,
            lane=Lane.GROUP,
            not_before=at,
            not_after=slot.due_at + rules.LATEST,
            dedupe_key=rules.slot_key(post.key, slot),
            about=about(post.key),
            topic=visit.group.topic,
            choices=private_row(visit),
        )
    )
    post.shown += 1


def about(post_id: int) -> str:
    """What the messages of a post speak of."""
    return f"group-post:{post_id}"
