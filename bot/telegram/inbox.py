"""The inbox: updates are laid here when they come faster than they can be handled.

Telegram shows at most a hundred updates that are not acknowledged. A cry for help behind them would be seen
late. So a crowd is stored at once, all in one transaction, and acknowledged; each update keeps its turn.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import structlog

from bot.telegram.intake import EPHEMERAL_ID
from bot.telegram.turns import Turns
from scheduler.clock import Clock
from storage import inbox
from storage.database import Database
from storage.sealing import MasterKey

# What another worker kept is its own as long as it lives; a turn takes a fraction of this.
ABANDONED: Final = timedelta(seconds=60)
LOOK_SECONDS: Final = 30.0

_CROWD: Final = 50  # so many in hand, and room is made
_LONGEST_QUEUE: Final = 5_000  # what lies beyond waits at Telegram

_PARTS: Final = ("message", "edited_message")
_WHO_AND_WHERE: Final = (
    "message_id", EPHEMERAL_ID, "date", "chat", "from", "sender_chat", "message_thread_id",
)  # fmt: skip

Update = dict[str, Any]

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class InHand:
    """An update that is not acknowledged yet. `kept` is set when it lies in the inbox."""

    update: Update
    turn: asyncio.Task[None]
    kept: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def safe(self) -> bool:
        """True when Telegram need not bring it again: it is kept, or its turn is over."""
        return self.kept.is_set() or self.turn.done()


class Inbox:
    """The stored updates of one account."""

    def __init__(
        self,
        database: Database,
        master: MasterKey,
        clock: Clock,
        account: str,
        turns: Turns,
        call_for: Callable[[int], str | None],
    ) -> None:
        """`call_for`: the bare command in place of an update that was answered as a cry for help, else None.

        Its words are not stored.
        """
        self._database, self._master, self._clock = database, master, clock
        self._account, self._turns, self._call_for = account, turns, call_for
        self._followed: set[int] = set()
        self._handled: set[int] = set()
        self._keeping: asyncio.Task[None] | None = None
        self._clearing: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """True when nothing that lies here is in hand."""
        return not self._followed

    def make_room(self, in_hand: Mapping[int, InHand]) -> None:
        """Begin to keep what is in hand if it is a crowd; what is kept need not be shown again."""
        if (self._keeping is None or self._keeping.done()) and self._crowd(in_hand):
            self._keeping = asyncio.create_task(self._keep(in_hand))

    def follow(self, update_id: int, one: InHand) -> None:
        """This update lies here; let go of it when its turn ends well."""
        one.kept.set()
        self._followed.add(update_id)
        one.turn.add_done_callback(lambda turn: self._ended(update_id, turn))

    async def close(self) -> None:
        """Nothing more is kept. Returns when what was handled is removed, or cannot be now."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._clearing is not None:
            await self._clearing

    def _crowd(self, in_hand: Mapping[int, InHand]) -> dict[int, InHand]:
        """Those that were screened and are not safe yet, if they are many."""
        waiting = {
            number: one for number, one in in_hand.items() if not one.safe and self._turns.screened(number)
        }
        return waiting if len(waiting) >= _CROWD and len(self._followed) < _LONGEST_QUEUE else {}

    async def _keep(self, in_hand: Mapping[int, InHand]) -> None:
        while crowd := self._crowd(in_hand):
            bodies = {number: json.dumps(self._body(number, one.update)) for number, one in crowd.items()}
            try:
                async with self._database.transaction() as session:
                    await inbox.put(session, self._master, self._account, bodies, self._clock.now())
            except Exception as error:
                # They stay where they are: at Telegram.
                _log.warning("updates_not_kept", count=len(bodies), error=type(error).__name__)
                return
            for number, one in crowd.items():
                self.follow(number, one)

    def _body(self, update_id: int, update: Update) -> Update:
        call = self._call_for(update_id)
        return update if call is None else without_words(update, call)

    def _ended(self, update_id: int, turn: asyncio.Task[None]) -> None:
        self._followed.discard(update_id)
        if turn.cancelled() or turn.exception() is not None:
            return
        self._handled.add(update_id)
        if self._clearing is None or self._clearing.done():
            self._clearing = asyncio.create_task(self._clear())

    async def left(self, older_than: timedelta = timedelta(0)) -> list[Update]:
        """What was kept so long ago and is not handled yet, in its order. Raises when it cannot be read."""
        async with self._database.reading() as session:
            until = self._clock.now() - older_than
            bodies = await inbox.kept(session, self._master, self._account, until)
        return [json.loads(body) for body in bodies]

    async def _clear(self) -> None:
        while self._handled:
            handled = frozenset(self._handled)
            try:
                async with self._database.transaction() as session:
                    await inbox.drop(session, self._account, handled)
            except Exception as error:
                # They are tried again with the next, and after a restart they have no second effect.
                _log.warning("inbox_not_cleared", error=type(error).__name__)
                return
            self._handled -= handled


def without_words(update: Update, call: str) -> Update:
    """A cry for help as a bare call for it: what somebody wrote in a crisis is stored nowhere."""
    for part in _PARTS:
        if isinstance(message := update.get(part), dict):
            bare = {name: message[name] for name in _WHO_AND_WHERE if name in message}
            return {"update_id": update["update_id"], "message": {**bare, "text": call}}
    return update
