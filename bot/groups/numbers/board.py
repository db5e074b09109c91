"""The message with the numbers: put up by an admin, kept up to date, and put up again when it is gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.collecting import Order
from bot.conversation.message import Message
from bot.conversation.text import Text
from bot.groups.moderation.aloud import sentence
from bot.groups.numbers.rules import ABOUT, ANEW, LOOK_AGAIN, Numbers, Readers, mark_of
from bot.groups.visit import ROOM, SUBJECT, GroupVisit
from scheduler.lanes import Lane
from storage import groups, outbox, timers
from storage.groups import Group
from storage.outbox import Ended, OutboxKind, OutboxState
from storage.timers import Setting
from storage.vocabulary import GroupState

_NOT_THERE = (OutboxState.EXPIRED, OutboxState.REFUSED, OutboxState.UNREACHABLE)


def put_up(visit: GroupVisit) -> None:
    """An admin wants the numbers to stand there, below everything that was said; the wake says them."""
    group = visit.group
    if group.resources_ref is not None:
        # Where Telegram does not let us delete it any more, it must not go on showing numbers.
        moved = Message(Text(sentence("numbers_moved", group.language)), lane=Lane.GROUP)
        visit.edit(group.resources_ref, moved)
        visit.orders.append(Order(OutboxKind.DELETE, moved, target=group.resources_ref))
    group.resources_ref, group.resources_shown = None, ANEW


def take_down(visit: GroupVisit) -> None:
    """They stay where they stand, but no longer above everything: nobody will keep them up to date."""
    if (ref := visit.group.resources_ref) is not None:
        visit.orders.append(Order(OutboxKind.UNPIN, Message(Text(""), lane=Lane.GROUP), target=ref))


async def refresh(visit: GroupVisit, numbers: Numbers) -> datetime | None:
    """Say or correct them if that is needed; when to look again."""
    group = visit.group
    if group.resources_shown is None or group.state is GroupState.GONE:
        return None
    said = numbers(group.country, group.language, visit.now.date(), Readers.BOARD)
    mark = mark_of(said.text)
    if mark != group.resources_shown:
        await visit.take_back(ABOUT)
        message = replace(said, choices=(), lane=Lane.GROUP, about=ABOUT, topic=group.topic, pin=True)
        if group.resources_ref is None:
            visit.say(message)
        else:
            visit.edit(group.resources_ref, message)
        group.resources_shown = mark
    return visit.now + LOOK_AGAIN


async def settled(session: AsyncSession, ended: Sequence[Ended]) -> None:
    """What became of it: where it stands, or that it has to be said anew."""
    for row in ended:
        if row.about != ABOUT or row.group_id is None:
            continue
        sent, gone = row.kind is OutboxKind.SEND, row.kind is OutboxKind.EDIT and row.astray
        if sent and row.state is OutboxState.DELIVERED and row.message_ref is not None:
            await groups.note_numbers(session, row.group_id, row.message_ref)
        elif gone or (sent and row.state in _NOT_THERE):
            await groups.note_numbers(session, row.group_id, None, resources_shown=ANEW)
            if gone and (at := await outbox.settled_at(session, row.row_id)) is not None:
                await timers.put(session, [Setting(row.group_id, ROOM, at, SUBJECT)])


async def look(session: AsyncSession, now: datetime) -> None:
    """Look at every group where they stand: what we know of a country may have changed."""
    found = await groups.with_numbers(session)
    await timers.put(session, [Setting(key, ROOM, now, SUBJECT) for key in found])


async def moved(session: AsyncSession, group: Group | None, now: datetime) -> None:
    """The group has a new reference, where nothing of what we said can be changed any more."""
    if group is not None and group.resources_shown == ANEW:
        await timers.put(session, [Setting(group.key, ROOM, now, SUBJECT)])
