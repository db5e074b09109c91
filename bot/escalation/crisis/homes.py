"""Where people are at home: country and language, at hand before they are needed."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.conversation.inbound import Origin
from bot.escalation.crisis.patience import Patience
from bot.escalation.rules import Stay
from scheduler.clock import Clock
from storage.groups import Manner

LOOK_UP_SECONDS = 0.05
REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Home:
    """What a card needs to know of a person, or of a group.

    `hears_all`: a group whose admins chose that we take in what is not said to us.
    """

    country: str | None
    language: str
    hears_all: bool = False


LookUp = Callable[[Origin], Awaitable[Home | None]]


class Homes:
    """A cache of homes; on a miss the database gets 50 ms. A country chosen on a card holds twelve hours."""

    def __init__(self, look_up: LookUp, patience: Patience, clock: Clock, *, shared: bool = False) -> None:
        """`look_up` reads a person's home from the database and may be slow or fail.

        `shared`: other workers may know better than our memory, so the database is asked each time.
        """
        self._look_up, self._patience, self._clock, self._shared = look_up, patience, clock, shared
        self._known: OrderedDict[Origin, Home] = OrderedDict()
        self._chosen: OrderedDict[Origin, Stay] = OrderedDict()

    def remember(self, origin: Origin, home: Home) -> None:
        """Keep a person's country and language at hand."""
        key = place(origin)
        if key in self._known and self._known[key].country != home.country:
            self._chosen.pop(key, None)  # they have said since where they are at home
        self._known[key] = home
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def forget(self, origin: Origin) -> None:
        """An erased person leaves nothing here."""
        self._known.pop(place(origin), None)
        self.unchoose(origin)

    def choose(self, origin: Origin, country: str, home: Home | None) -> Stay:
        """The person says now that they are in this country; `home` as far as it is known."""
        key = place(origin)
        stay = Stay(country, self._minute(), home.country if home is not None else None)
        self._chosen[key] = stay
        self._chosen.move_to_end(key)
        if len(self._chosen) > REMEMBERED:
            self._chosen.popitem(last=False)
        return stay

    def unchoose(self, origin: Origin) -> None:
        """What was chosen holds no longer."""
        self._chosen.pop(place(origin), None)

    def stay(self, origin: Origin, home: Home | None, on_card: Stay | None) -> Stay | None:
        """Where the person is for now: what they chose last, while it holds. `on_card`: that of the button.

        Whoever has said since where they are at home is there.
        """
        kept = self._chosen.get(place(origin))
        if on_card is not None and home is not None and home.country != on_card.home:
            on_card = None
        now = self._minute()
        holding = [each for each in (kept, on_card) if each is not None and each.holds(now)]
        return max(holding, key=lambda each: each.minute or 0, default=None)

    def _minute(self) -> int:
        return int(self._clock.now().timestamp() // 60)

    async def hears_all(self, origin: Origin) -> bool:
        """Whether a group let us hear what is not said to us. In doubt it did not.

        That it did not is never remembered: a look-up is cheap, and they may have chosen so since.
        """
        known = self._known.get(place(origin))
        home = await self.of(origin, anew=known is None or not known.hears_all)
        return home is not None and home.hears_all

    async def of(self, origin: Origin, *, anew: bool = False) -> Home | None:
        """The home of the person in a private chat, as far as it can be known in time."""
        if anew or self._shared or place(origin) not in self._known:
            # Where this takes longer than we wait, its answer still serves the next message.
            await self._patience.within(LOOK_UP_SECONDS, self._fetch(origin))
        return self._known.get(place(origin))

    async def _fetch(self, origin: Origin) -> None:
        home = await self._look_up(origin)
        if home is not None:
            self.remember(origin, home)
        elif self._shared:
            self._known.pop(place(origin), None)  # erased by another worker


def home_of(manner: Manner | None) -> Home | None:
    """What a card goes by in a group.

    One of which nothing is known is asked for again: it may be moving to a new reference just now.
    """
    if manner is None or manner == Manner(None, "", hears_all=False):
        return None
    return Home(*manner)


def place(origin: Origin) -> Origin:
    """An address without who spoke there and how."""
    return Origin(origin.platform, origin.account, origin.chat, "")
