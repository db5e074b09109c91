"""The herald: tells the admins of a group, in private, what went wrong there.

Who they are is asked of the platform when there is something to tell, and kept nowhere. Only those who have a
private chat with the bot can be told.
"""

from collections.abc import Sequence
from typing import Protocol

import structlog

from bot import post
from bot.conversation.message import Message
from bot.conversation.tokens import Signer
from bot.groups.moderation import telling
from bot.groups.setup import wording
from scheduler.clock import Clock
from scheduler.mishap import traits
from storage import groups, outbox
from storage.database import Database, is_unavailable
from storage.groups import Group
from storage.sealing import MasterKey

_log = structlog.get_logger(__name__)


class Admins(Protocol):
    """What the herald needs of the platform. None: it did not say."""

    async def admins(self, chat: str) -> list[str] | None: ...


class Herald:
    """Looks now and then, for one account."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        master: MasterKey,
        signer: Signer,
        admins: Admins,
        platform: str,
        account: str,
    ) -> None:
        self._database, self._clock, self._master, self._signer = database, clock, master, signer
        self._admins, self._platform, self._account = admins, platform, account

    async def beat(self) -> None:
        """Tell what is to be told. Without the database or the platform the next beat tries again."""
        try:
            async with self._database.reading() as session:
                found = await groups.without_their_topic(session, self._platform, self._account)
            for group in found:
                admins = await self._admins.admins(group.ref)
                if admins is not None:
                    await self._tell(group, admins)
        except Exception as error:
            if not is_unavailable(error):
                raise
            _log.warning("admins_not_told", **traits(error))

    async def _tell(self, group: Group, admins: Sequence[str]) -> None:
        async with self._database.transaction() as session:
            held = (await groups.hold(session, [group.key])).get(group.key)
            if held is None or not held.topic_lost:
                return
            held.topic_lost = False
            visits = await telling.in_private(session, self._master, held, admins, self._clock.now())
            for visit in visits:
                visit.say(Message(wording.topic_is_gone(visit.gettext, held.key)))
            await session.flush()
            await outbox.post(session, await post.rows_of(visits, self._signer))
