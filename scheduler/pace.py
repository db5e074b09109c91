"""The courier's pace: what may leave now or in a moment. Without a Pacing, everything may.

When more waits than may leave, a place in the line is free again at a moment that is known before. To claim
the message for it takes a while; so the claim looks ahead by that much, and the message is held back until
its place is free. Otherwise each place would be lost for as long as a claim takes.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Final

import structlog

from scheduler.clock import Clock
from scheduler.outcomes import Landing, NotSent, SurplusRefused, hold_seconds
from scheduler.pacing import Beyond, Pacing, Surplus
from scheduler.parcel import Parcel
from storage.leases import Claimed, Held
from storage.outbox import OutboxKind

AHEAD_MOST = 0.1
# How long an account does without its surplus after the platform would not grant it, or was too busy for it.
SURPLUS_REFUSED_SECONDS, SURPLUS_BUSY_SECONDS = 3_600.0, 300.0

_UNLIMITED: Final = 2**31
_MOST_HELD = 1_000

_log = structlog.get_logger(__name__)


class Pace:
    """What one courier may send. `ahead` is in seconds, and looks from now."""

    def __init__(self, pacing: Pacing | None, clock: Clock) -> None:
        self._pacing, self._clock = pacing, clock

    @property
    def surplus(self) -> Surplus:
        """Whether more may leave than the accounts' budgets hold."""
        return "off" if self._pacing is None else self._pacing.surplus(self._clock.monotonic())

    def room(self, ahead: float = 0.0) -> int:
        """How many messages the account with the most room may send within its budget."""
        return _UNLIMITED if self._pacing is None else self._pacing.free(self._clock.monotonic() + ahead)

    def beyond(self, within: Sequence[Claimed] = (), ahead: float = 0.0) -> Beyond:
        """What may leave as surplus, when these leave within the budgets."""
        if self._pacing is None:
            return Beyond(0, [], thrifty=True)
        spoken_for = Counter(row.address.account for row in within)
        return self._pacing.beyond(self._clock.monotonic() + ahead, spoken_for)

    def held(self, ahead: float = 0.0) -> Held:
        """Whom a claim leaves alone: the chats that have to wait, and accounts without room."""
        if self._pacing is None:
            return Held()
        at = self._clock.monotonic() + ahead
        return Held(list(self._pacing.held(at))[:_MOST_HELD], self._pacing.exhausted(at))

    def told_to_wait(self, longer_than: float) -> Held:
        """Chats and whole accounts that the platform told to wait for more than so many seconds from now."""
        told = self._told(longer_than)
        return Held([pair for pair in told if pair[1]], [account for account, ref in told if not ref])

    def told_relief(self) -> float | None:
        """Seconds until the first of those whom the platform told to wait may go on; None without any."""
        told = self._told()
        return min(told.values()) - self._clock.monotonic() if told else None

    def _told(self, longer_than: float = 0.0) -> dict[tuple[str, str], float]:
        """By (account, ref), and until when; a whole account has an empty ref."""
        return {} if self._pacing is None else self._pacing.holds(self._clock.monotonic() + longer_than)

    def exceeds(self, row: Claimed) -> bool:
        """Whether a row that nobody claimed has to count on the surplus."""
        if self._pacing is None:
            return False
        now, sends = self._clock.monotonic(), row.kind == OutboxKind.SEND
        return self._pacing.exceeds(row.address.account, row.lane, now, sends=sends)

    def reserve(self, row: Claimed, *, known: bool, surplus: bool, ahead: float) -> float | None:
        """Take a place for a row: the monotonic moment at which it is free, at most `ahead` seconds from now.

        None without one. `known`: the other couriers have been told that it leaves. `surplus`: it is to count
        on the surplus.
        """
        now = self._clock.monotonic()
        if self._pacing is None:
            return now
        address, sends = row.address, row.kind == OutboxKind.SEND
        wait = self._pacing.reserve(
            address.account,
            address.ref,
            row.lane,
            now,
            sends=sends,
            known=known,
            surplus=surplus,
            patience=ahead,
        )
        return now + wait if wait <= ahead else None

    async def turn(self, row: Claimed, at: float, *, surplus: bool) -> float:
        """Wait until a place is free. The monotonic moment at which the message leaves.

        What leaves late, because the loop had other work, counts from then.
        """
        if self._pacing is None:
            return at
        if (wait := at - self._clock.monotonic()) > 0:
            await asyncio.sleep(wait)
        left = self._clock.monotonic()
        if left > at:
            address, sends = row.address, row.kind == OutboxKind.SEND
            self._pacing.left_late(address.account, address.ref, at, left, sends=sends, surplus=surplus)
        return max(at, left)

    def relief(self, *, together: bool) -> float:
        """Seconds until somebody who has to wait may go; `together`: until a handful may.

        Infinity when nobody has to wait.
        """
        if self._pacing is None:
            return float("inf")
        now = self._clock.monotonic()
        return self._pacing.relief(now, together=together) - now

    def learn(self, parcel: Parcel, left: float, landing: Landing) -> None:
        """What left then has landed now.

        A chat or an account that was told to wait is left alone; a surplus that was refused, too.
        """
        if self._pacing is None:
            return
        if not parcel.surplus:
            self._pacing.answered(parcel.address.account, left, self._clock.monotonic())
        if isinstance(landing, SurplusRefused):
            self._do_without_surplus(self._pacing, parcel.address.account, SURPLUS_REFUSED_SECONDS)
        if not isinstance(landing, NotSent) or landing.retry_after is None:
            return
        if parcel.surplus:
            self._do_without_surplus(self._pacing, parcel.address.account, SURPLUS_BUSY_SECONDS)
        address, until = parcel.address, self._clock.monotonic() + hold_seconds(landing.retry_after)
        if landing.whole_account:
            self._pacing.hold_account(address.account, until)
        else:
            self._pacing.hold(address.account, address.ref, until)

    def _do_without_surplus(self, pacing: Pacing, account: str, seconds: float) -> None:
        """Keep to the budget for a while; of those that were on their way together one is told of."""
        if pacing.hold_surplus(account, self._clock.monotonic(), seconds):
            _log.warning("surplus_refused", account=account, for_s=seconds)
