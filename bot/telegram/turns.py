"""Who is served when: the crisis step at once, then each chat in order, all chats side by side."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from bot.conversation.inbound import Inbound
from scheduler.mishap import traits
from storage.database import is_unavailable

Front = Callable[[Inbound], Awaitable[object]]
Handle = Callable[[Inbound], Awaitable[object]]

_FIRST_PAUSE: Final = 0.25
_LONGEST_PAUSE: Final = 5.0
_TRIES_OF_POISON: Final = 3

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Chat:
    """The two queues of a chat. An asyncio lock serves in the order of asking."""

    front: asyncio.Lock = field(default_factory=asyncio.Lock)
    handle: asyncio.Lock = field(default_factory=asyncio.Lock)
    in_hand: int = 0


class Turns:
    """Gives every update its turn.

    The front step of an update waits for nothing but earlier front steps of its chat: it goes on while
    `handle` fails because the database is away. `handle` is tried until it succeeds; an update that fails
    three times for another reason than the database is set aside, so that it does not block those behind it.
    """

    def __init__(
        self,
        front: Front,
        handle: Handle,
        *,
        set_aside: Handle | None = None,
        first_pause: float = _FIRST_PAUSE,
    ) -> None:
        """`set_aside` is told of an update that failed three times, so that its sender can be."""
        self._front = front
        self._handle = handle
        self._set_aside = set_aside
        self._first_pause = first_pause
        self._chats: dict[str, _Chat] = {}
        self._screened: set[int] = set()
        self._fronts = 0
        self._no_front = asyncio.Event()
        self._no_front.set()

    @property
    def idle(self) -> bool:
        """True when no update is in hand."""
        return not self._chats

    def screened(self, update_id: int) -> bool:
        """True when the front step of an update in hand is over."""
        return update_id in self._screened

    async def fronts_end(self, seconds: float) -> None:
        """Returns when no front step is in hand, at the latest after so many seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._no_front.wait()

    async def take(self, inbound: Inbound) -> None:
        """Returns when the effects of the update are committed, or it was set aside."""
        key = inbound.origin.chat
        chat = self._chats.setdefault(key, _Chat())
        chat.in_hand += 1
        queued = chat.front.locked()
        try:
            with self._a_front():
                async with chat.front:
                    await self._screen(replace(inbound, queued=queued))
            self._screened.add(inbound.update_id)
            async with chat.handle:
                await self._handled(inbound)
        finally:
            self._screened.discard(inbound.update_id)
            chat.in_hand -= 1
            if not chat.in_hand:
                del self._chats[key]

    @contextlib.contextmanager
    def _a_front(self) -> Iterator[None]:
        self._fronts += 1
        self._no_front.clear()
        try:
            yield
        finally:
            self._fronts -= 1
            if not self._fronts:
                self._no_front.set()

    async def _screen(self, inbound: Inbound) -> None:
        try:
            await self._front(inbound)
        except Exception as error:
            _log.error("crisis_step_failed", update=inbound.update_id, **traits(error))

    async def _handled(self, inbound: Inbound) -> None:
        pause, failures = self._first_pause, 0
        while True:
            try:
                await self._handle(inbound)
                return
            except Exception as error:
                failures += not is_unavailable(error)
                _log.warning("update_uncommitted", update=inbound.update_id, **traits(error))
                if failures >= _TRIES_OF_POISON:
                    _log.error("update_set_aside", update=inbound.update_id, **traits(error))
                    if self._set_aside is not None:
                        await self._set_aside(inbound)
                    return
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, no secret
            pause = min(2 * pause, _LONGEST_PAUSE)
