"""What admins do in private: /group, the link from a group, and the buttons of its card."""

from typing import Any

from bot.conversation.catalogs import LANGUAGE_NAMES
from bot.conversation.message import Message
from bot.conversation.room import Command, Conversation, Room
from bot.conversation.visit import Visit
from bot.groups.doors.pointing import unsay
from bot.groups.moderation import dialogs as moderation_dialogs
from bot.groups.moderation import handlers as moderation
from bot.groups.numbers import board
from bot.groups.posts import dialogs as post_dialogs
from bot.groups.posts import handlers as posts
from bot.groups.pulse import handlers as pulses
from bot.groups.setup import card, dialogs
from bot.groups.setup import wording as setup
from bot.groups.setup.admission import GROUP, admitted, forbidden
from bot.groups.visit import ROOM as NAME
from bot.groups.visit import GroupVisit
from bot.groups.wake import about
from storage import group_posts
from storage.vocabulary import GroupState


async def begin(visit: Visit, _words: str) -> None:
    """`/group` in private: which group is meant shows only there."""
    visit.say(Message(setup.how_to_begin(visit.gettext)))


async def come_by_link(visit: Visit, argument: str) -> None:
    """An admin tapped the button in the group, perhaps in one of its topics."""
    group_id, _, topic = argument.partition(".")
    group = await admitted(visit, group_id)
    if group is not None:
        await card.show(visit, group, topic or None)


async def show(visit: Visit, argument: str) -> None:
    """The card again."""
    await come_by_link(visit, argument)


async def ask_zone(visit: Visit, argument: str) -> None:
    group = await admitted(visit, argument)
    if group is not None:
        await visit.open(dialogs.ZONE, {GROUP: group.group.key})


async def end_zone(visit: Visit, answers: dict[str, Any]) -> None:
    """The group goes by another clock."""
    group = await admitted(visit, str(answers[GROUP]))
    if group is None:
        return
    group.group.zone = answers["zone"]
    if group.group.state is GroupState.NEW:
        group.group.state = GroupState.ACTIVE
    await _changed(visit, group)


async def ask_country(visit: Visit, argument: str) -> None:
    group = await admitted(visit, argument)
    if group is not None:
        await visit.open(dialogs.COUNTRY, {GROUP: group.group.key, "zone": group.group.zone})


async def end_country(visit: Visit, answers: dict[str, Any]) -> None:
    """Crisis numbers of another country."""
    group = await admitted(visit, str(answers[GROUP]))
    if group is None:
        return
    group.group.country = answers["country"]
    await _changed(visit, group)


async def ask_language(visit: Visit, argument: str) -> None:
    group = await admitted(visit, argument)
    if group is not None:
        visit.show(card.languages(visit, group))


async def speak(visit: Visit, argument: str) -> None:
    """The library speaks another language there."""
    group_id, _, language = argument.partition(".")
    group = await admitted(visit, group_id)
    if group is not None and language in LANGUAGE_NAMES:
        group.group.language = language
        await _changed(visit, group)


async def topic(visit: Visit, argument: str) -> None:
    """Posts go to a part of the group, or to the group at large."""
    group_id, _, where = argument.partition(".")
    group = await admitted(visit, group_id)
    if group is not None:
        group.group.topic, group.group.topic_lost = where or None, False
        await _changed(visit, group)


async def pause(visit: Visit, argument: str) -> None:
    """No post goes out until an admin says so."""
    group = await admitted(visit, argument)
    if group is not None and group.group.state is GroupState.ACTIVE:
        group.group.state = GroupState.PAUSED
        for post in await group_posts.of_group(visit.session, group.group.key):
            await group.take_back(about(post.key))
        await _changed(visit, group)


async def resume(visit: Visit, argument: str) -> None:
    """Posts go out again, from now on."""
    group = await admitted(visit, argument)
    if group is not None and group.group.state is GroupState.PAUSED:
        group.group.state = GroupState.ACTIVE
        for post in await group_posts.of_group(visit.session, group.group.key):
            post.looked_until = visit.now
        await pulses.go_on(group)
        await _changed(visit, group)


async def ask_forget(visit: Visit, argument: str) -> None:
    group = await admitted(visit, argument)
    if group is not None:
        visit.show(card.sure(visit, group))


async def forget(visit: Visit, argument: str) -> None:
    """Everything that was set for a group is deleted, and no backup brings it back."""
    group = await admitted(visit, argument)
    if group is not None:
        visit.homes.add(group.group.ref)
        board.take_down(group)
        visit.elsewhere.remove(group)
        visit.partings.append(group)
        await visit.means.tombstones.lay_for_group(visit.session, group.group, visit.now)
        visit.show(Message(setup.forgotten(visit.gettext)))


async def _changed(visit: Visit, group: GroupVisit) -> None:
    visit.homes.add(group.group.ref)
    await card.stir(group)
    await card.show(visit, group)


BUTTONS = {
    "card": show,
    "zone": ask_zone,
    "country": ask_country,
    "language": ask_language,
    "speak": speak,
    "topic": topic,
    "pause": pause,
    "resume": resume,
    "forget": ask_forget,
    "forgotten": forget,
    "add": posts.add,
    "posts": posts.listed,
    "post": posts.one,
    "preview": posts.preview,
    "rest": posts.pause,
    "times": posts.change_times,
    "remove": posts.remove,
    **moderation.BUTTONS,
    **pulses.BUTTONS,
    "unsay": unsay,
}

ROOM = Room(
    name=NAME,
    commands={"group": Command(begin, setup.group_summary, before_consent=True)},
    buttons=BUTTONS,
    open_buttons=frozenset(BUTTONS),  # whoever runs a group need not take a medicine
    signed_links={"open": come_by_link},
    conversations=(
        Conversation(dialogs.ZONE, end_zone, forbidden=forbidden),
        Conversation(dialogs.COUNTRY, end_country, forbidden=forbidden),
        Conversation(post_dialogs.ADD, posts.end_add, forbidden=forbidden, for_others=True),
        Conversation(post_dialogs.TIMES, posts.end_times, forbidden=forbidden),
        Conversation(moderation_dialogs.QUIET, moderation.end_quiet, forbidden=forbidden),
        Conversation(pulses.TIMES, pulses.end_times, forbidden=forbidden),
    ),
)
