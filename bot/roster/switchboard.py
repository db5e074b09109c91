"""The switchboard: each parcel leaves through the bot that it is addressed from."""

from collections.abc import Callable, Collection
from typing import Protocol

from scheduler.outcomes import AccountRefused, NotSent, Outcome
from scheduler.parcel import Parcel
from scheduler.parcel import Platform as Way


class Refuse(Protocol):
    """Whoever has to know that an account was refused."""

    def __call__(self, error: AccountRefused) -> None: ...


class Switchboard:
    """The courier's platform: as many ways out as there are bots here, by account."""

    def __init__(self) -> None:
        self._lines: dict[str, tuple[Way, Callable[[AccountRefused], None]]] = {}

    @property
    def accounts(self) -> Collection[str]:
        """Those through which something can leave now."""
        return self._lines.keys()

    def plug(self, account: str, way: Way, refused: Refuse) -> None:
        """From now on parcels of this account leave here. `refused` is told once that the account is."""
        self._lines[account] = (way, refused)

    def unplug(self, account: str) -> None:
        """Nothing leaves through this account any more."""
        self._lines.pop(account, None)

    async def deliver(self, parcel: Parcel) -> Outcome:
        """What became of a parcel. That of a bot which went a moment ago has not been sent."""
        account = parcel.address.account
        way, refused = self._lines.get(account, (None, None))
        if way is None or refused is None:
            return NotSent()
        try:
            return await way.deliver(parcel)
        except AccountRefused as error:
            # The others go on; what is addressed from here waits for a token that is taken.
            if self._lines.get(account, (None, None))[0] is way:
                self.unplug(account)
                refused(error)
            return NotSent()
