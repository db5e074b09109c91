"""A visit: one person, one moment, one transaction. Rooms say here what should be said and done.

Nothing leaves before the transaction has committed: the visit only collects.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation import dialogs
from bot.conversation.catalogs import Gettext, catalog
from bot.conversation.collecting import Addressee, Collecting, Order
from bot.conversation.facts import Fact
from bot.conversation.hours import quiet_hours_of, zone_of
from bot.conversation.inbound import Press
from bot.conversation.letters import Letter, Receiver
from bot.conversation.message import Message
from bot.conversation.quiet import QuietHours
from bot.conversation.rights import Rights
from scheduler.localtime import local_day
from storage import dialogs as open_dialogs
from storage import people
from storage.bonds import NAMELESS, Name
from storage.grants import Grant
from storage.holding import hold_people
from storage.people import Person
from storage.sealing import MasterKey, Sealer
from storage.timers import Setting
from storage.told import Told
from storage.tombstones import Tombstones

DIALOG_RESTS = timedelta(hours=6)


def _no_address(_payload: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Means:
    """What a visit has besides its person: the keys of others, and what is kept outside the database.

    `link`: the address whose opening sends "/start payload"; None while the bot's name is not known.
    """

    master: MasterKey
    tombstones: Tombstones
    link: Callable[[str], str | None] = _no_address


@dataclass(slots=True)
class Visit(Collecting):
    """What a handler or a wake has in hand. `name` is what the platform calls whoever is here.

    `rights`: what the platform said of this person in groups. `homes`: the references of groups whose
    settings they changed. `elsewhere`: places other than private chats where something is done as well.
    `partings`: groups that are forgotten at the end of this visit; what is to be done there is tried once.
    `overdue`: whether doses of theirs fell due that nobody looked at; None while nobody has asked. `told_of`:
    whether caregivers may have been told something of them; False only where that was asked.
    """

    session: AsyncSession
    person: Person
    sealer: Sealer
    now: datetime
    press: Press | None = None
    orders: list[Order] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    timers: dict[str, datetime | None] = field(default_factory=dict)
    superseded: list[str] = field(default_factory=list)
    toast: str | None = None
    farewell: Message | None = None
    letters: list[Letter] = field(default_factory=list)
    beside: list["Visit"] = field(default_factory=list)
    name: Name = NAMELESS
    given: Means | None = None
    rights: Rights = field(default_factory=Rights)
    homes: set[str] = field(default_factory=set)
    elsewhere: list[Collecting] = field(default_factory=list)
    partings: list[Collecting] = field(default_factory=list)
    overdue: bool | None = None
    told_of: bool = True

    @property
    def means(self) -> Means:
        """The keys of others. Raises ValueError in a visit that only reads."""
        if self.given is None:
            raise ValueError("this visit has nothing but its person")
        return self.given

    @property
    def gettext(self) -> Gettext:
        """The person's language."""
        return catalog(self.person.language)

    @property
    def zone(self) -> ZoneInfo:
        """The person's zone."""
        return zone_of(self.person)

    @property
    def today(self) -> date:
        """The person's own day: the local date, or the one before until their day ends."""
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        """The person's own day at a moment."""
        return local_day(moment, self.zone, self.person.day_ends_at)

    @property
    def calm(self) -> bool:
        """True in the hours after a crisis: no streaks, no check-ins, no cheer."""
        return self.person.calm_until is not None and self.person.calm_until > self.now

    @property
    def quiet(self) -> QuietHours | None:
        """The person's quiet hours, if they have any."""
        return quiet_hours_of(self.person)

    async def receivers(self, ids: Collection[int]) -> dict[int, Receiver]:
        """Those of these people who are here, by id: to write letters to them, or to seal what is theirs."""
        found = await people.by_ids(self.session, list(ids))
        sealers = await people.sealers(self.session, self.means.master, list(ids))
        return {key: Receiver(person, sealers[key]) for key, person in found.items() if key in sealers}

    async def at(self, person_id: int) -> "Visit | None":
        """A visit at somebody else's, in the same moment and transaction; None for whoever is not here.

        What is said there goes to them. Nobody else works on them until the commit.
        """
        there = next((each for each in self.beside if each.person.key == person_id), None)
        if there is None:
            await hold_people(self.session, [person_id])
            host = (await self.receivers([person_id])).get(person_id)
            if host is None:
                return None
            there = Visit(self.session, host.person, host.sealer, self.now, given=self.given)
            self.beside.append(there)
        return there

    def letter(self, to: Receiver, message: Message, grant: Grant, told: Told | None = None) -> None:
        """Write to somebody else; it leaves if the consent holds then. `told` is kept if it is posted."""
        self.letters.append(Letter(to, message, grant, told))

    def supersede(self, about: str) -> None:
        """What is still pending about this thing must not go out any more."""
        self.superseded.append(about)

    def tell(self, fact: Fact) -> None:
        """Let other rooms know."""
        self.facts.append(fact)

    @property
    def addressee(self) -> Addressee:
        """The person."""
        return Addressee.person(self.person)

    @property
    def settings(self) -> list[Setting]:
        """The timers this visit sets."""
        return [Setting(self.person.key, room, at) for room, at in self.timers.items()]

    def context(self) -> dialogs.Context:
        """What a dialog may look at."""
        person = self.person
        return dialogs.Context(self.gettext, self.now, person.zone, person.day_ends_at, self.quiet)

    async def open(self, dialog: dialogs.Dialog, answers: dict[str, Any] | None = None) -> None:
        """Begin a dialog; an earlier open one is put aside."""
        await self.turn(dialog, dialogs.begin(dialog, self.context(), answers))

    async def turn(self, dialog: dialogs.Dialog, asked: dialogs.Asked) -> None:
        """Keep the place of a dialog and ask its question."""
        await self.keep(dialog, asked.place)
        message = dialogs.as_message(dialog, asked)
        if message.keyboard is not None:
            self.say(message)  # an edited message cannot bring a keyboard
        else:
            self.show(message)

    async def keep(self, dialog: dialogs.Dialog, place: dialogs.Place) -> None:
        """Store where a dialog stands."""
        sealed = self.sealer.seal("open_dialog", "place_sealed", json.dumps(place.answers))
        row = await open_dialogs.of_person(self.session, self.person.key)
        if row is None:
            row = open_dialogs.OpenDialog(
                person_id=self.person.key,
                name=dialog.name,
                step=place.step,
                revision=place.revision,
                place_sealed=sealed,
                moved_at=self.now,
            )
        row.name, row.step, row.revision, row.place_sealed = dialog.name, place.step, place.revision, sealed
        row.moved_at = self.now
        self.session.add(row)

    async def close(self) -> None:
        """Forget the open dialog."""
        await open_dialogs.close(self.session, self.person.key)

    async def place(self) -> tuple[str, dialogs.Place] | None:
        """The name and place of the open dialog; one that rested too long is closed.

        What somebody writes the next day is no answer to yesterday's question.
        """
        row = await open_dialogs.of_person(self.session, self.person.key)
        if row is None:
            return None
        if self.now - row.moved_at > DIALOG_RESTS:
            await self.close()
            return None
        answers = json.loads(self.sealer.open("open_dialog", "place_sealed", row.place_sealed))
        return row.name, dialogs.Place(row.step, answers, row.revision)
