"""Fetches updates by long polling and acknowledges them only when their effects are committed."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any, Final

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.account import Account
from bot.telegram.inbox import ABANDONED, LOOK_SECONDS, Inbox, InHand, Update
from bot.telegram.intake import KINDS, NO_ID, to_inbound
from bot.telegram.outcomes import TokenRefused, retry_after
from bot.telegram.turns import Turns
from scheduler.outcomes import hold_seconds

_POLL_SECONDS: Final = 25
_REPLY_SECONDS: Final = 10.0
_WINDOW: Final = 100
_BREATH: Final = 0.25
_SHORT_BREATH: Final = 0.05
_TAKE_UP_SECONDS: Final = 5.0
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_CONFLICTS_BORNE: Final = 3
_CONFLICT_PAUSE: Final = 5.0
_LAST_WORK_SECONDS: Final = 5.0
_REMEMBERED: Final = 10_000

_log = structlog.get_logger(__name__)


class SecondPoller(Exception):
    """Somebody else receives the updates of this token: a second process, or a webhook."""

    def __init__(self) -> None:
        super().__init__(
            "Another process or a webhook receives this bot's updates. "
            "A bot token belongs to one deployment; stop the other one, or give it a token of its own."
        )


class Receiver:
    """Long polling whose offset never runs ahead of the database.

    An update is acknowledged once its turn and those of all before it are over. Until then Telegram shows it
    again and again, together with what came later, at most 100 updates. When so many come that this window
    fills, they are kept in the inbox and acknowledged, so that the crisis step sees what comes behind them.
    While nothing can be stored, it sees every new text within the window; what lies beyond waits at Telegram
    (24 hours at most).
    """

    def __init__(
        self,
        account: Account,
        turns: Turns,
        inbox: Inbox | None = None,
        *,
        breath: float = _BREATH,
        first_pause: float = _FIRST_PAUSE,
        conflict_pause: float = _CONFLICT_PAUSE,
        last_work_seconds: float = _LAST_WORK_SECONDS,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """`breath` is how long we wait for the turns in hand before we look for new updates again.

        While new ones keep coming it is shorter. Without an `inbox` only what is handled is acknowledged.
        """
        self._account = account
        self._turns = turns
        self._inbox = inbox
        self._breath = breath
        self._first_pause = first_pause
        self._conflict_pause = conflict_pause
        self._last_work_seconds = last_work_seconds
        self._look_seconds = look_seconds
        self._offset: int | None = None
        # In the order of arrival; an update stays until it and all before it are committed or kept.
        self._in_hand: dict[int, InHand] = {}
        self._turns_going: set[asyncio.Task[None]] = set()
        self._left: dict[int, InHand] = {}
        self._taken_up = False
        self._known: dict[int, None] = {}
        self._stopping = asyncio.Event()
        self._failures = 0
        self._conflicts = 0

    def idle(self) -> bool:
        """True when no update is in hand."""
        return not self._turns_going

    async def run(self) -> None:
        """Receive until `stop`. Raises TokenRefused and SecondPoller; every other trouble is sat out."""
        adopting = asyncio.create_task(self._adopt())
        try:
            while not self._stopping.is_set():
                await self._take_up()
                await self._round()
            await self._finish()
        finally:
            adopting.cancel()
            for turn in tuple(self._turns_going):
                turn.cancel()

    def stop(self) -> None:
        """End `run`: no further updates, those in hand are finished and acknowledged."""
        self._stopping.set()

    async def _take_up(self) -> None:
        """What was kept and not handled before the last stop comes first, as soon as it can be read."""
        if self._taken_up or self._inbox is None:
            return
        try:
            async with asyncio.timeout(_TAKE_UP_SECONDS):
                left = await self._inbox.left()
        except Exception as error:
            _log.warning("inbox_not_read", error=type(error).__name__)
            return
        self._taken_up = True
        self._begin_left(self._inbox, left)

    async def _adopt(self) -> None:
        """What another worker kept and did not handle, because it lost the right to poll. Hearing goes on."""
        while self._inbox is not None:
            await asyncio.sleep(self._look_seconds)
            if not self._taken_up or not self._inbox.idle:  # to open a crowd of our own would take long
                continue
            try:
                left = await self._inbox.left(ABANDONED)
            except Exception as error:
                _log.warning("inbox_not_read", error=type(error).__name__)
            else:
                self._begin_left(self._inbox, left)

    def _begin_left(self, inbox: Inbox, left: list[Update]) -> None:
        for update in left:
            if (turn := self._begin(update)) is not None:
                one = self._left[update["update_id"]] = InHand(update, turn)
                inbox.follow(update["update_id"], one)

    async def _round(self) -> None:
        updates = await self._unless_stopping(self._fetched())
        new = [self._take(update) for update in updates or ()]
        if self._inbox is not None:
            self._inbox.make_room(self._in_hand)
        await self._settle(min(self._breath, _SHORT_BREATH) if any(new) else self._breath)

    async def _fetched(self) -> list[Update]:
        """The next updates; empty after trouble and its pause."""
        # With work in hand Telegram repeats it at once, so waiting there would be no waiting at all.
        patience = 0 if self._in_hand else _POLL_SECONDS
        try:
            updates = await self._poll(patience)
        except InvalidToken:
            raise TokenRefused from None
        except Conflict as error:
            await self._bear_conflict(error)
        except Exception as error:
            await self._sit_out(error)
        else:
            self._failures = self._conflicts = 0
            return updates
        return []

    async def _poll(self, patience: int, limit: int = _WINDOW) -> list[Update]:
        wish = {"offset": self._offset, "limit": limit, "timeout": patience, "allowed_updates": KINDS}
        updates = await self._account.call("getUpdates", wish, read_seconds=patience + _REPLY_SECONDS)
        if not isinstance(updates, list):
            raise TelegramError("getUpdates returned no list")
        return [update for update in updates if isinstance(update, dict)]

    def _take(self, update: Update) -> bool:
        """True when it is new."""
        if (left := self._left.pop(update.get("update_id", NO_ID), None)) is not None:
            # Telegram does not know yet that we have it.
            self._in_hand[update["update_id"]] = left
            return False
        turn = self._begin(update)
        if turn is not None:
            self._in_hand[update["update_id"]] = InHand(update, turn)
        return turn is not None

    def _begin(self, update: Update) -> asyncio.Task[None] | None:
        """The turn of an update that was not seen before."""
        update_id = update.get("update_id")
        if not isinstance(update_id, int) or update_id in self._known:
            return None
        self._known[update_id] = None
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        turn = asyncio.create_task(self._turns.take(to_inbound(update, self._account.number)))
        self._turns_going.add(turn)
        turn.add_done_callback(self._turns_going.discard)
        return turn

    async def _settle(self, seconds: float) -> None:
        """Give the handlers some time, then move the offset past what is safe without a gap."""
        open_turns = [one.turn for one in self._in_hand.values() if not one.safe]
        if open_turns:
            await self._unless_stopping(asyncio.wait(open_turns, timeout=seconds))
        while self._in_hand and next(iter(self._in_hand.values())).safe:
            update_id = next(iter(self._in_hand))
            one = self._in_hand.pop(update_id)
            if one.turn.done():
                one.turn.result()
            # Not the highest id ever: after a quiet week Telegram starts again from a random number.
            self._offset = update_id + 1

    async def _finish(self) -> None:
        """Let what is in hand come to its end, then tell Telegram how far we got."""
        if self._turns_going:
            await asyncio.wait(self._turns_going, timeout=self._last_work_seconds)
        await self._settle(0)
        if self._inbox is not None:
            await self._inbox.close()
        if self._offset is None:
            return
        try:
            await self._poll(0, limit=1)
        except Exception as error:
            _log.warning("last_updates_unacknowledged", error=type(error).__name__)

    async def _bear_conflict(self, error: Conflict) -> None:
        self._conflicts += 1
        _log.error("second_poller", telegram_says=error.message)
        if self._conflicts >= _CONFLICTS_BORNE:
            raise SecondPoller
        await asyncio.sleep(self._conflict_pause)

    async def _sit_out(self, error: Exception) -> None:
        longest = min(self._first_pause * 2**self._failures, _LONGEST_PAUSE)
        self._failures = min(self._failures + 1, 16)
        pause = longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
        if isinstance(error, RetryAfter):
            pause = max(pause, hold_seconds(retry_after(error)))
        _log.warning("polling_paused", seconds=round(pause, 1), error=type(error).__name__)
        await asyncio.sleep(pause)

    async def _unless_stopping(self, work: Coroutine[Any, Any, Any]) -> Any:
        """The result of `work`; None as soon as `stop` is called, however long the work would wait."""
        task, stop = asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            task.cancel()
            stop.cancel()
            await asyncio.wait({task, stop})
