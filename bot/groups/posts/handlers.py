"""Adding, seeing, pausing and removing posts, in private. Each step is open to admins of the group alone."""

from typing import Any

from bot.conversation.calendar import described
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.text import Text, paragraphs
from bot.conversation.visit import Visit
from bot.groups.moderation import wording as moderation
from bot.groups.posts import contents, dialogs, rules, wording
from bot.groups.setup import wording as setup
from bot.groups.setup.admission import GROUP, admitted
from bot.groups.setup.card import stir
from bot.groups.setup.dialogs import ZONE
from bot.groups.visit import ROOM, GroupVisit
from bot.groups.wake import about
from scheduler.timing import from_data
from storage import group_posts
from storage.group_posts import GroupPost
from storage.vocabulary import GroupState

_AHEAD = 3


async def add(visit: Visit, argument: str) -> None:
    """Ask for a new post."""
    group = await admitted(visit, argument)
    if group is None:
        return
    if group.group.zone is None:
        visit.toast = setup.zone_first(visit.gettext)
        await visit.open(ZONE, {GROUP: group.group.key})
    elif len(await group_posts.of_group(visit.session, group.group.key)) >= rules.MOST_POSTS:
        visit.toast = wording.too_many(visit.gettext, rules.MOST_POSTS)
    else:
        known = {GROUP: group.group.key, "zone": group.group.zone, "language": group.group.language}
        await visit.open(dialogs.ADD, known)


async def end_add(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep a new post."""
    group = await admitted(visit, str(answers[GROUP]))
    if group is None:
        return
    own = answers["subject"] == contents.OWN
    post = GroupPost(
        group_id=group.group.key,
        subject=None if own else answers["subject"],
        text_key=None if own else answers["key"],
        words_sealed=contents.seal(group.sealer, answers["words"]) if own else None,
        timing=answers["timing"],
        looked_until=visit.now,
    )
    visit.session.add(post)
    await visit.session.flush()
    if group.group.state is GroupState.NEW:
        group.group.state = GroupState.ACTIVE
    await stir(group)
    await _show(visit, group, post)


async def listed(visit: Visit, argument: str) -> None:
    """All posts of a group, with a button for each."""
    group = await admitted(visit, argument)
    if group is not None:
        await _list(visit, group)


async def one(visit: Visit, argument: str) -> None:
    """One post by itself."""
    found = await _post(visit, argument)
    if found is not None:
        await _show(visit, *found)


async def preview(visit: Visit, argument: str) -> None:
    """Show in private what goes out next, just as it will stand there."""
    found = await _post(visit, argument)
    if found is not None:
        group, post = found
        text = contents.text_of(post, group.sealer, group.group)
        visit.say(Message(text or wording.taken_out(visit.gettext)))


async def pause(visit: Visit, argument: str) -> None:
    """A post rests, or goes on from now."""
    found = await _post(visit, argument)
    if found is None:
        return
    group, post = found
    post.paused, post.looked_until = not post.paused, visit.now
    await _take_back(group, post)
    await stir(group)
    await _show(visit, group, post)


async def remove(visit: Visit, argument: str) -> None:
    """A post is taken out."""
    found = await _post(visit, argument)
    if found is None:
        return
    group, post = found
    await _take_back(group, post)
    await group_posts.remove(visit.session, group.group.key, post.key)
    await stir(group)
    visit.toast = wording.removed(visit.gettext)
    await _list(visit, group)


async def change_times(visit: Visit, argument: str) -> None:
    """Ask for other times of a post."""
    found = await _post(visit, argument)
    if found is not None:
        group, post = found
        known = {GROUP: group.group.key, "post": post.key, "zone": group.group.zone}
        await visit.open(dialogs.TIMES, known | {"subject": contents.subject_of(post)})


async def end_times(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep the other times."""
    found = await _post(visit, f"{answers[GROUP]}.{answers['post']}")
    if found is None:
        return
    group, post = found
    post.timing, post.looked_until = answers["timing"], visit.now
    await _take_back(group, post)
    await stir(group)
    await _show(visit, group, post)


async def _take_back(group: GroupVisit, post: GroupPost) -> None:
    """What of it still waits is not said any more."""
    await group.take_back(about(post.key))


async def _post(visit: Visit, argument: str) -> tuple[GroupVisit, GroupPost] | None:
    group_id, _, post_id = argument.partition(".")
    group = await admitted(visit, group_id)
    if group is None:
        return None
    post = await group_posts.find(visit.session, group.group.key, int(post_id)) if post_id.isdigit() else None
    if post is None:
        await _list(visit, group)
        return None
    return group, post


async def _list(visit: Visit, group: GroupVisit) -> None:
    _, key = visit.gettext, group.group.key
    posts = await group_posts.of_group(visit.session, key)
    numbers = [
        Choice(str(number), Action(ROOM, "post", f"{key}.{post.key}")) for number, post in enumerate(posts, 1)
    ]
    rows = [tuple(numbers[start : start + 5]) for start in range(0, len(numbers), 5)]
    below: Choices = (
        (Choice(setup.add_post(_), Action(ROOM, "add", str(key))),),
        (Choice(setup.back(_), Action(ROOM, "card", str(key))),),
    )
    visit.show(Message(wording.posts(_, key, [_line(visit, post) for post in posts]), (*rows, *below)))


async def _show(visit: Visit, group: GroupVisit, post: GroupPost) -> None:
    _, which = visit.gettext, f"{group.group.key}.{post.key}"
    posting = not post.paused and group.group.state is GroupState.ACTIVE
    slots = rules.next_of(from_data(post.timing), group.zone, visit.now, _AHEAD) if posting else ()
    ahead = [heard for slot in slots if (heard := rules.after_quiet(slot, group.quiet)) is not None]
    turn = wording.go_on(_) if post.paused else wording.pause(_)
    buttons = (
        (Choice(wording.preview(_), Action(ROOM, "preview", which, apart=True)),),
        (
            Choice(wording.change_times(_), Action(ROOM, "times", which)),
            Choice(turn, Action(ROOM, "rest", which)),
        ),
        (Choice(wording.remove(_), Action(ROOM, "remove", which)),),
        (Choice(setup.back(_), Action(ROOM, "posts", str(group.group.key))),),
    )
    never = moderation.never_comes(_) if slots and not ahead else ""
    visit.show(Message(paragraphs(wording.one(_, _line(visit, post), ahead), never), buttons))


def _line(visit: Visit, post: GroupPost) -> Text:
    timing = described(visit.gettext, from_data(post.timing))
    return wording.post_line(visit.gettext, contents.subject_of(post), timing, paused=post.paused)
