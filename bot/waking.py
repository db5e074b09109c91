"""Between the wake loop and the rooms: people become visits, and visits become rows."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import post
from bot.conversation.room import Wake
from bot.conversation.tokens import Signer
from bot.conversation.visit import Means, Visit
from bot.groups.visit import GroupVisit, way_through
from bot.reactions import react
from scheduler.wakes import Woken
from storage import groups, outbox, people
from storage.groups import Group
from storage.sealing import MasterKey


@dataclass(frozen=True, slots=True)
class RoomWaker:
    """Wakes one room for a batch of people, in a constant number of statements besides the room's own."""

    wake_room: Wake
    means: Means
    signer: Signer

    async def wake(self, session: AsyncSession, subject_ids: list[int], now: datetime) -> Woken:
        """Run the room's wake and post what it said."""
        found = await people.by_ids(session, subject_ids)
        sealers = await people.sealers(session, self.means.master, subject_ids)
        visits = [
            Visit(session, person, sealers[key], now, given=self.means)
            for key, person in found.items()
            if key in sealers
        ]
        await self.wake_room(visits)
        for visit in visits:
            await react(visit)
        await session.flush()
        await post.supersede(visits)
        await outbox.post(session, await post.rows_of(visits, self.signer))
        await post.post_letters(visits, self.signer)
        return Woken([setting for visit in visits for setting in visit.settings])


@dataclass(frozen=True, slots=True)
class GroupWaker:
    """Wakes the room of groups for a batch of them. `link`: as in `Means`, of the bot of an account."""

    wake_room: Callable[[Sequence[GroupVisit]], Awaitable[None]]
    master: MasterKey
    signer: Signer
    link: Callable[[str, str], str | None]

    async def wake(self, session: AsyncSession, subject_ids: list[int], now: datetime) -> Woken:
        """Run the room's wake and post what it said."""
        found = await groups.hold(session, subject_ids)
        visits = [self._visit(session, group, now) for group in found.values()]
        await self.wake_room(visits)
        await session.flush()
        await outbox.post(session, await post.rows_of(visits, self.signer))
        return Woken([setting for visit in visits for setting in visit.settings])

    def _visit(self, session: AsyncSession, group: Group, now: datetime) -> GroupVisit:
        sealer = groups.sealer(self.master, group)
        way = way_through(self.signer, group.account, partial(self.link, group.account))
        return GroupVisit(session, group, sealer, now, way=way)
