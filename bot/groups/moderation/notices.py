"""Notices to the members: posted first, and what they speak of holds once the platform has taken them."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.message import Message
from bot.conversation.text import Text
from bot.groups.moderation.aloud import sentence
from bot.groups.moderation.rules import Matter, Notice, notice_in
from bot.groups.visit import GroupVisit
from scheduler.lanes import Lane
from storage import groups, outbox
from storage.outbox import Ended, OutboxKind, OutboxState


async def switch(group: GroupVisit, matter: Matter, *, on: bool) -> bool:
    """Begin or end it, and tell the members. True when anything was said.

    Off at once; on as soon as the platform has taken the notice.
    """
    await group.take_back(Notice(matter, on=True).about)
    if getattr(group.group, matter.column) is on:
        return False
    if not on:
        setattr(group.group, matter.column, False)
    notice = Notice(matter, on)
    said = Message(text(notice, group.group.language), lane=Lane.REPLY, about=notice.about)
    group.say(said)
    return True


def text(notice: Notice, language: str) -> Text:
    """The words of a notice."""
    return Text(sentence(notice.key, language))


async def settled(session: AsyncSession, ended: Sequence[Ended]) -> None:
    """What members were told of holds from now on."""
    for row in ended:
        notice = notice_in(row.about)
        taken = row.kind is OutboxKind.SEND and row.state is OutboxState.DELIVERED
        if notice is not None and taken and row.group_id is not None:
            changes = {notice.matter.column: True} if notice.on else {}
            at = await outbox.settled_at(session, row.row_id)
            await groups.note_notice(session, row.group_id, at, changes)
