"""The admins of a group are told in private that somebody may need help: never who, never what was said."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.message import Message
from bot.conversation.rights import Rights
from bot.conversation.text import bold, compose, paragraphs
from bot.conversation.visit import Visit
from bot.groups.moderation.aloud import sentence
from bot.groups.moderation.rules import MODERATORS_AGAIN
from storage import outbox, people
from storage.groups import Group
from storage.sealing import MasterKey


async def in_private(
    session: AsyncSession, master: MasterKey, group: Group, refs: Sequence[str], now: datetime
) -> list[Visit]:
    """Visits to those of these people who have a private chat with us."""
    place = (group.platform, group.account)
    found = [await people.with_sealer(session, master, *place, ref) for ref in refs]
    return [Visit(session, *known, now) for known in found if known is not None]


async def tell(
    session: AsyncSession, master: MasterKey, group: Group, caller: str, rights: Rights, now: datetime
) -> list[Visit]:
    """Visits to the admins who are told, once in ten minutes each. Raises Unasked.

    The admins are those of this moment, and kept nowhere. `caller` had the numbers themselves.
    """
    if not group.tells_moderators:
        return []
    refs = [ref for ref in rights.run_by(group.ref) or () if ref != caller]
    visits = [one for one in await in_private(session, master, group, refs, now) if one.person.reachable]
    about = f"group-cry:{group.key}"
    told = []
    for visit in visits:
        last = await outbox.last_said(session, visit.person.key, about)
        if last is None or now - last >= MODERATORS_AGAIN:
            visit.say(_message(group.key, visit.person.language, about, now))
            told.append(visit)
    return told


def _message(number: int, language: str, about: str, now: datetime) -> Message:
    title = compose(sentence("group", language), number=number)
    words = paragraphs(bold(title), sentence("moderators", language))
    return Message(words, about=about, not_after=now + 6 * MODERATORS_AGAIN)
