"""Where people are at home: country and language, at hand before they are needed."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.conversation.inbound import Origin
from bot.escalation.crisis.patience import Patience

LOOK_UP_SECONDS = 0.05
REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Home:
    """What a card needs to know of a person."""

    country: str | None
    language: str


LookUp = Callable[[Origin], Awaitable[Home | None]]


class Homes:
    """A cache of homes; on a miss the database gets 50 ms."""

    def __init__(self, look_up: LookUp, patience: Patience) -> None:
        """`look_up` reads a person's home from the database and may be slow or fail."""
        self._look_up, self._patience = look_up, patience
        self._known: OrderedDict[Origin, Home] = OrderedDict()

    def remember(self, origin: Origin, home: Home) -> None:
        """Keep a person's country and language at hand."""
        key = place(origin)
        self._known[key] = home
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def forget(self, origin: Origin) -> None:
        """An erased person leaves nothing here."""
        self._known.pop(place(origin), None)

    async def of(self, origin: Origin) -> Home | None:
        """The home of the person in a private chat, as far as it can be known in time."""
        if place(origin) not in self._known:
            # Where this takes longer than we wait, its answer still serves the next message.
            await self._patience.within(LOOK_UP_SECONDS, self._fetch(origin))
        return self._known.get(place(origin))

    async def _fetch(self, origin: Origin) -> None:
        home = await self._look_up(origin)
        if home is not None:
            self.remember(origin, home)


def place(origin: Origin) -> Origin:
    """An address without who spoke there and how."""
    return Origin(origin.platform, origin.account, origin.chat, "")
