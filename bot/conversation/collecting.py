"""What a moment collects: messages to send and edit, timers to set.

Nothing leaves before the transaction has committed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.conversation.catalogs import Gettext
from bot.conversation.inbound import Press
from bot.conversation.message import Message
from bot.conversation.tokens import owner_at, owner_of_group
from storage.grants import Grant
from storage.groups import Group
from storage.outbox import OutboxKind
from storage.people import Person
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Order:
    """One thing for the outbox: send a message, or edit, delete or unpin an earlier one.

    `target` is a platform message id; `target_row` an outbox row that will know it. `grant`: on whose consent
    it rests, when it tells a person something of somebody else. `sends`: how often what it takes the place of
    may have reached the person already.
    """

    kind: OutboxKind
    message: Message
    target: str | None = None
    target_row: int | None = None
    grant: Grant | None = None
    sends: int = 0


class Addressee(NamedTuple):
    """To whom something is said: a person or a group, and where. `owner`: for whom buttons are signed."""

    person_id: int | None
    group_id: int | None
    platform: str
    account: str
    ref: str
    owner: str

    @classmethod
    def person(cls, person: Person) -> "Addressee":
        """Somebody in their private chat."""
        account, ref = person.account, person.ref
        return cls(person.key, None, person.platform, account, ref, owner_at(account, ref))

    @classmethod
    def group(cls, group: Group) -> "Addressee":
        """A group, where everybody reads it."""
        where = (group.platform, group.account, group.ref)
        return cls(None, group.key, *where, owner_of_group(group.account, group.key))


class Collecting:
    """The common half of a visit to a person and one to a group."""

    __slots__ = ()

    now: datetime
    sealer: Sealer
    press: Press | None
    orders: list[Order]
    timers: dict[str, datetime | None]

    @property
    def gettext(self) -> Gettext:
        """The language of whoever is talked to."""
        raise NotImplementedError

    @property
    def addressee(self) -> Addressee:
        """Who is talked to."""
        raise NotImplementedError

    def say(self, message: Message, grant: Grant | None = None) -> None:
        """Send a message after the commit; with a grant, if that consent holds then."""
        self.orders.append(Order(OutboxKind.SEND, message, grant=grant))

    def show(self, message: Message, grant: Grant | None = None) -> None:
        """Turn the message whose button was pressed into this one; without a press, send it."""
        if self.press is not None and self.press.message is not None:
            self.edit(self.press.message, message, grant)
        else:
            self.say(message, grant)

    def edit(self, target: str, message: Message, grant: Grant | None = None) -> None:
        """Edit a message of ours in place; of several edits of one message, the last one counts."""
        self.orders[:] = [
            order for order in self.orders if order.kind is not OutboxKind.EDIT or order.target != target
        ]
        self.orders.append(Order(OutboxKind.EDIT, message, target=target, grant=grant))

    def wake(self, room: str, at: datetime | None) -> None:
        """When this room wants to look again; None for never."""
        self.timers[room] = at
