"""Between the wake loop and the rooms: people become visits, and visits become rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot import post
from bot.conversation.room import Wake
from bot.conversation.tokens import Signer
from bot.conversation.visit import Means, Visit
from bot.reactions import react
from scheduler.wakes import Woken
from storage import outbox, people


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
