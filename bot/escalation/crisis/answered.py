"""What was answered already: updates, and how lately something went to a chat."""

from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.conversation.inbound import Inbound, Origin
from bot.escalation.crisis.alert import Alert
from bot.escalation.crisis.homes import LOOK_UP_SECONDS, place
from bot.escalation.crisis.patience import Patience
from scheduler.clock import Clock

REMEMBERED = 10_000

Key = TypeVar("Key")
Spot = TypeVar("Spot")

WasSeen = Callable[[Inbound], Awaitable[bool]]


class Answered:
    """Knows every update that was answered here, before and after its record was made."""

    def __init__(
        self, alerts: dict[int, Alert], was_seen: WasSeen, patience: Patience, *, shared: bool = False
    ) -> None:
        """`alerts` holds, by update, what is not recorded yet; `was_seen` asks the database.

        `shared`: an update may have been answered by another worker at any time, not before our start only.
        """
        self._alerts, self._was_seen, self._patience, self._shared = alerts, was_seen, patience, shared
        self._recorded: OrderedDict[int, None] = OrderedDict()
        self._served: OrderedDict[Origin, None] = OrderedDict()

    def __contains__(self, update_id: object) -> bool:
        return update_id in self._alerts or update_id in self._recorded

    def alert(self, update_id: int) -> Alert | None:
        """What is to be recorded about this update."""
        return self._alerts.get(update_id)

    def note(self, update_id: int, alert: Alert) -> None:
        """This update has been answered, or is about to be."""
        self._alerts[update_id] = alert

    def take_back(self, update_id: int) -> None:
        """This update was not answered after all."""
        self._alerts.pop(update_id, None)

    def drop(self, update_id: int) -> None:
        """This update was answered before we started."""
        self._keep(update_id)

    def recorded(self, update_id: int) -> None:
        """The record was committed. The same update may still be delivered again."""
        if update_id in self._alerts:
            self._keep(update_id)

    def serve(self, origin: Origin) -> None:
        """An update of this chat was committed since we started: none of before the start comes any more."""
        remember(self._served, place(origin))

    async def before_the_start(self, inbound: Inbound) -> bool:
        """True when the database says in time that this update was handled; in doubt it was not."""
        if place(inbound.origin) in self._served and not self._shared:
            return False
        return await self._patience.within(LOOK_UP_SECONDS, self._was_seen(inbound)) is True

    def _keep(self, update_id: int) -> None:
        self._alerts.pop(update_id, None)
        remember(self._recorded, update_id)


class Lately(Generic[Spot]):
    """Counts what went to each chat, or to each topic of a chat, within the last `seconds`."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._seconds, self._clock = seconds, clock
        self._sent: OrderedDict[Spot, deque[float]] = OrderedDict()

    def note(self, spot: Spot) -> None:
        """Something goes there now."""
        self._sent.setdefault(spot, deque(maxlen=REMEMBERED)).append(self._clock.monotonic())
        self._sent.move_to_end(spot)
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

    def take_back(self, spot: Spot) -> None:
        """What was noted last did not arrive."""
        if self._sent.get(spot):
            self._sent[spot].pop()

    def forget(self, spot: Spot) -> None:
        """What went there is of no account any more."""
        self._sent.pop(spot, None)

    def count(self, spot: Spot) -> int:
        """How many there were lately."""
        began = self._clock.monotonic() - self._seconds
        sent = self._sent.get(spot, deque())
        while sent and sent[0] < began:
            sent.popleft()
        return len(sent)


def remember(known: "OrderedDict[Key, None]", key: Key) -> None:
    """Keep the newest of them."""
    known[key] = None
    known.move_to_end(key)
    if len(known) > REMEMBERED:
        known.popitem(last=False)
