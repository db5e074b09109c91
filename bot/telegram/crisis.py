"""The way out for a crisis answer: no database, no queue, connections of its own."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Final

import structlog

from bot.conversation.message import Action, Message
from bot.conversation.sheet import Sheet, sheet_of
from bot.telegram import methods
from bot.telegram.account import TELEGRAM, Account
from scheduler.outcomes import Delivered, Moved, NotSent, Outcome, Unsure

_PAUSES: Final = (0.0, 0.5, 1.5)
_LONGEST_HOLD: Final = 3.0
_CONNECTIONS: Final = 8
# A second copy of a helpline card harms nobody; waiting for a lost reply might.
_READ_SECONDS: Final = 5.0

_log = structlog.get_logger(__name__)


class CrisisSender:
    """Sends at once and says whether it arrived. Use it as an async context manager."""

    def __init__(self, token: str, *, base_url: str = TELEGRAM, pauses: tuple[float, ...] = _PAUSES) -> None:
        """`pauses` are the seconds before each try; there are as many tries as pauses."""
        self._account = Account(
            token, base_url=base_url, connections=_CONNECTIONS, read_seconds=_READ_SECONDS
        )
        self._pauses = pauses

    async def __aenter__(self) -> "CrisisSender":
        await self._account.initialize()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._account.shutdown()

    async def send(self, ref: str, message: Message, sign: Callable[[Action], str]) -> bool:
        """True when Telegram accepted the message within three tries. Never raises.

        An unsure try is repeated at once: twice is better than not at all.
        """
        try:
            return await self._send(ref, sheet_of(message, sign))
        except Exception as error:
            _log.error("crisis_message_failed", error=type(error).__name__)
            return False

    async def _send(self, ref: str, sheet: Sheet) -> bool:
        outcome: Outcome = NotSent(None)
        for pause in self._pauses:
            await asyncio.sleep(max(pause, _hold(outcome)))
            outcome = await methods.send(self._account, ref, sheet)
            if isinstance(outcome, Moved):
                ref = outcome.new_ref
            elif not isinstance(outcome, NotSent | Unsure):
                break
        if not isinstance(outcome, Delivered):
            _log.error("crisis_message_undelivered", outcome=type(outcome).__name__)
        return isinstance(outcome, Delivered)


def _hold(outcome: Outcome) -> float:
    """How long the chat asked us to wait, as far as a crisis can."""
    wish = outcome.retry_after if isinstance(outcome, NotSent) else None
    return min(wish or 0.0, _LONGEST_HOLD)
