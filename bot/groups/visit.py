"""A visit to a group: one group, one moment, one transaction. What is said stands before everybody there."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.catalogs import Gettext, catalog
from bot.conversation.collecting import Addressee, Collecting, Order
from bot.conversation.hours import FALLBACK_ZONE
from bot.conversation.inbound import Press
from bot.conversation.message import Action, Message, Whisper
from bot.conversation.quiet import QuietHours
from bot.conversation.rights import Rights
from bot.conversation.tokens import Signer
from bot.conversation.visit import Means, Visit
from bot.conversation.whispers import Ear, Whispers
from scheduler.localtime import zone
from storage import outbox
from storage.groups import Group
from storage.outbox import OutboxKind
from storage.sealing import Sealer
from storage.timers import Setting

ROOM = "groups"
SUBJECT = "group"
LATEST_WHISPER = timedelta(seconds=15)  # so long the platform lets us answer words that nobody else saw
Way = Callable[[Action | str], str | None]


def nowhere(_: Action | str) -> str | None:
    """No address leads to us."""
    return None


def way_through(signer: Signer, account: str, link: Callable[[str], str | None]) -> Way:
    """The addresses of the private chat with a bot; `link` knows them by what follows /start."""

    def way(goal: Action | str) -> str | None:
        return link(goal if isinstance(goal, str) else signer.word(goal, account))

    return way


@dataclass(slots=True)
class GroupVisit(Collecting):
    """What is in hand while a group is talked to, or looked at by a wake.

    `topic` is where the words came from that are answered; `rights` and `ear` are those of who wrote them.
    `way`: the address of the private chat with us that begins with an action or a word; None when it is not
    known.
    `beside`: private chats in which something is said as well; `means` opens them.
    """

    session: AsyncSession
    group: Group
    sealer: Sealer
    now: datetime
    press: Press | None = None
    topic: str | None = None
    rights: Rights = field(default_factory=Rights)
    way: Way = nowhere
    orders: list[Order] = field(default_factory=list)
    timers: dict[str, datetime | None] = field(default_factory=dict)
    toast: str | None = None
    means: Means | None = None
    beside: list[Visit] = field(default_factory=list)
    ear: Ear | None = None
    whispers: Whispers | None = None

    @property
    def gettext(self) -> Gettext:
        """The group's language."""
        return catalog(self.group.language)

    @property
    def zone(self) -> ZoneInfo:
        """The group's zone."""
        return zone(self.group.zone or FALLBACK_ZONE)

    @property
    def quiet(self) -> QuietHours:
        """When nothing is posted there by itself."""
        return QuietHours(self.zone, self.group.quiet_from, self.group.quiet_until)

    @property
    def addressee(self) -> Addressee:
        """The group."""
        return Addressee.group(self.group)

    @property
    def settings(self) -> list[Setting]:
        """The timers this visit sets."""
        return [Setting(self.group.key, room, at, SUBJECT) for room, at in self.timers.items()]

    def answer(self, message: Message) -> None:
        """Answer where the words came from: what nobody else saw, so that nobody else sees the answer."""
        if self.hidden:
            self.confide(message, aloud=False)
        else:
            self.say(replace(message, topic=self.topic))

    def confide(self, message: Message, *, aloud: bool) -> None:
        """Whisper to whoever wrote. `aloud`: where that cannot be it is said to all; else it is not said."""
        slip = None
        if self.ear is not None and self.ear.person and self.whispers is not None:
            slip = self.whispers.slip(self.group.ref, self.ear)
        if slip is not None:
            latest = None if aloud else self.now + LATEST_WHISPER
            message = replace(message, whisper=Whisper(slip, aloud), not_after=latest)
        if slip is not None or aloud:
            self.say(replace(message, topic=self.topic))

    @property
    def hidden(self) -> bool:
        """Whether nobody else saw the words that are answered."""
        return self.ear is not None and self.ear.words is not None

    async def change(self, about: str, message: Message) -> None:
        """What stands there about this thing, or is on its way there, becomes this message."""
        for shown in await outbox.said_in_group(self.session, self.group.key, about):
            self.orders.append(Order(OutboxKind.EDIT, message, shown.target, shown.target_row))

    async def take_back(self, about: str) -> None:
        """What still waits about this thing is not said any more."""
        await outbox.supersede_in_group(self.session, self.group.key, [about], self.now)
