"""Button presses that wait for an answer; 15 seconds later they are too old."""

import asyncio
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from bot.standin.errors import QUERY_TOO_OLD, bad_request
from scheduler.clock import Clock

ANSWER_SECONDS = 15
FIRST_ID = 4_300_000_000_000_001


@dataclass(slots=True)
class Query:
    """One press, and what the bot answered."""

    id: str
    chat_id: int
    by: int
    at: float
    answer: dict[str, Any] | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)


class Queries:
    """The presses of this world."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = count(FIRST_ID)
        self._open: dict[str, Query] = {}

    def forget(self) -> None:
        """No press is waiting any more."""
        self._open.clear()

    def ask(self, chat_id: int, by: int) -> Query:
        """Somebody pressed a button just now."""
        now = self._clock.monotonic()
        self._forget_old(now)
        query = Query(str(next(self._ids)), chat_id, by, now)
        self._open[query.id] = query
        return query

    def _forget_old(self, now: float) -> None:
        for key, query in list(islice(self._open.items(), 8)):
            if now - query.at > ANSWER_SECONDS:
                del self._open[key]

    def pressed(self, query_id: str) -> Query:
        """A press that can still be answered; any other is refused."""
        query = self._open.get(query_id)
        if query is None or self._clock.monotonic() - query.at > ANSWER_SECONDS:
            raise bad_request(QUERY_TOO_OLD)
        return query

    def answer(self, query_id: str, answer: dict[str, Any]) -> Query:
        """The bot's answer; too late or to nothing is refused."""
        query = self.pressed(query_id)
        query.answer = answer
        query.answered.set()
        return query
