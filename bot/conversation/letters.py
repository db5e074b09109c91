"""Letters: what is said to somebody else than whose visit it is. Each rests on a live consent."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.conversation.catalogs import Gettext, catalog
from bot.conversation.collecting import Addressee
from bot.conversation.hours import quiet_hours_of, zone_of
from bot.conversation.message import Message
from bot.conversation.quiet import QuietHours
from storage.grants import Grant
from storage.people import Person
from storage.sealing import Sealer
from storage.told import Told


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody to whom a letter may go: their language, zone and quiet hours, and their key."""

    person: Person
    sealer: Sealer

    @property
    def addressee(self) -> Addressee:
        """Where a letter goes."""
        return Addressee.person(self.person)

    @property
    def gettext(self) -> Gettext:
        """Their language."""
        return catalog(self.person.language)

    @property
    def zone(self) -> ZoneInfo:
        """Their zone."""
        return zone_of(self.person)

    @property
    def quiet(self) -> QuietHours | None:
        """Their quiet hours, if they have any."""
        return quiet_hours_of(self.person)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to `to`. It leaves only while `grant` holds. `told` is its line in the person's log."""

    to: Receiver
    message: Message
    grant: Grant
    told: Told | None = None
