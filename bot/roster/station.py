"""A station: one bot at work, with everything it has to itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.conversation.visit import Means
from bot.conversation.whispers import Whispers
from bot.door import Door
from bot.drill.rehearsal import Rehearsal, operator
from bot.drill.witness import Witness
from bot.escalation.crisis.front import Front
from bot.groups.desk import Desk
from bot.herald import Herald
from bot.numbers import numbers_of
from bot.profile import profile
from bot.receiving import Intake, connections, intake, webhook_secret
from bot.rooms import COMMANDS
from bot.roster.premises import Premises
from bot.telegram.account import Account
from bot.telegram.crisis import CrisisSender
from bot.telegram.inbox import Inbox
from bot.telegram.intake import PLATFORM
from bot.telegram.links import DeepLinks
from bot.telegram.members import ChatMembers
from bot.telegram.profile import register
from bot.telegram.sender import TelegramSender
from bot.telegram.turns import Turns
from scheduler.outcomes import AccountRefused


@dataclass(slots=True)
class Station:
    """One bot. Nothing of what it remembers is shared with another: chats have the same numbers there."""

    account: Account
    sender: TelegramSender
    links: DeepLinks
    turns: Turns
    door: Door
    intake: Intake
    herald: Herald
    rehearsal: Rehearsal | None = None
    introduced: bool = False
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)
    _refused: asyncio.Event = field(default_factory=asyncio.Event)
    _why: AccountRefused | None = None

    @property
    def number(self) -> str:
        """The account of its addresses."""
        return self.account.number

    @property
    def idle(self) -> bool:
        """True when no update is in hand."""
        return self.intake.idle() and self.turns.idle and self.door.idle

    async def run(self, *, hears: bool) -> None:
        """Work until `stop`. Raises what it cannot go on with: TokenRefused, SecondPoller."""
        hearing = asyncio.create_task(self.intake.run() if hears else self._wait())
        parts = {
            hearing,
            asyncio.create_task(self._introduce()),
            asyncio.create_task(self._until_refused()),
        }
        waiting = set(parts)
        try:
            while hearing in waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for part in done:
                    part.result()
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)

    def stop(self) -> None:
        """End `run`: what is in hand comes to its end."""
        self._stopping.set()
        self.intake.stop()

    def refuse(self, error: AccountRefused) -> None:
        """A message could not leave, because the token is refused; `run` raises it."""
        self._why = error
        self._refused.set()

    async def _wait(self) -> None:
        await self._stopping.wait()

    async def _until_refused(self) -> None:
        await self._refused.wait()
        if self._why is not None:
            raise self._why

    async def _introduce(self) -> None:
        """Tell Telegram who we are, and learn by which name it knows us."""
        await asyncio.gather(self.links.learn(), register(self.account, profile()))
        self.introduced = True


@asynccontextmanager
async def open_station(premises: Premises, token: str) -> AsyncIterator[Station]:
    """The bot of this token; its connections are open inside the block."""
    async with connections(premises.settings, token) as (account, direct):
        try:
            yield _furnished(premises, account, direct)
        finally:
            premises.webhooks.close(account.number)


def _furnished(premises: Premises, account: Account, direct: CrisisSender) -> Station:
    vault, clock, settings = premises.vault, premises.clock, premises.settings
    whispers = Whispers(clock)
    sender, links, witness = TelegramSender(account, whispers), DeepLinks(account), Witness(direct, clock)
    members = ChatMembers(account)
    front = Front(
        premises.helplines,
        witness,
        clock,
        premises.look_up,
        sender.answer,
        premises.alerts.setdefault(account.number, {}),
        COMMANDS,
        clear_the_way=premises.clear_the_way,
        was_seen=premises.was_seen,
        open_plan=premises.open_plan,
        link=links.start,
        name=links.name,
        shared=not vault.database.is_sqlite,
    )
    door = Door(
        vault.database,
        clock,
        Means(vault.master, vault.tombstones, links.start),
        premises.signer,
        premises.router,
        front,
        premises.courier,
        sender,
        direct,
        Desk(premises.helplines.codes, COMMANDS, numbers_of(premises.helplines), links.name),
        members,
        whispers,
    )
    turns = Turns(front, door.handle, set_aside=door.apologise)
    secret = webhook_secret(vault.master, account.number)
    inbox = Inbox(vault.database, vault.master, clock, account.number, turns, front.call_for)
    heard = intake(settings, account, turns, secret, premises.webhooks, inbox)
    herald = Herald(vault.database, clock, vault.master, premises.signer, members, PLATFORM, account.number)
    station = Station(account, sender, links, turns, door, heard, herald)
    if settings.operator_chat is not None:
        chat = operator(settings.operator_chat, account.number)
        station.rehearsal = Rehearsal(chat, vault.database, clock, front, witness, premises.helplines)
    return station
