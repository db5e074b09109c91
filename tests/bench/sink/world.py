"""What came to the sink, and what it is to hand out."""

import asyncio
import json
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

_SENDING = frozenset({"sendMessage", "sendPhoto", "sendDocument"})
_LONGEST_WAIT = 25.0

Fields = dict[str, Any]


@dataclass(slots=True)
class World:
    """Times are of CLOCK_MONOTONIC, which all processes of a machine share.

    `times`: when, method, chat (or the query that was answered), words. `shown`: the newest message with
    buttons of each chat, as its id and its keyboard.
    """

    latency: float = 0.0
    message_id: int = 0
    methods: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    times: list[tuple[float, str, str, str]] = field(default_factory=list)
    shown: dict[str, tuple[int, Any]] = field(default_factory=dict)
    waiting: deque[tuple[int, Any]] = field(default_factory=deque)
    fed_at: dict[int, float] = field(default_factory=dict)
    handed_at: dict[int, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, method: str, fields: Fields) -> Any:
        """One request of the Bot API; its result."""
        chat = str(fields.get("chat_id") or fields.get("callback_query_id") or "")
        self.methods[method] += 1
        self.times.append((time.monotonic(), method, chat, str(fields.get("text", ""))))
        if method == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
        if method in _SENDING:
            return self._send(chat, fields)
        if method.startswith("editMessage"):
            return _message(int(fields.get("message_id", 0)), chat)
        return True

    def _send(self, chat: str, fields: Fields) -> Any:
        self.sent[chat] += 1
        self.message_id += 1
        if keyboard := fields.get("reply_markup"):
            self.shown[chat] = (self.message_id, keyboard)
        return _message(self.message_id, chat)

    async def updates(self, fields: Fields) -> list[Any]:
        """What getUpdates returns, after waiting for it as long as was asked."""
        offset, limit = int(fields.get("offset") or 0), int(fields.get("limit") or 100)
        while self.waiting and self.waiting[0][0] < offset:
            self.waiting.popleft()
        if not self.waiting:
            await self._news(min(float(fields.get("timeout") or 0), _LONGEST_WAIT))
        now, handed = time.monotonic(), list(islice(self.waiting, limit))
        for update_id, _ in handed:
            self.handed_at.setdefault(update_id, now)
        return [update for _, update in handed]

    async def _news(self, seconds: float) -> None:
        self.news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self.news.wait()
        except TimeoutError:
            pass

    def steer(self, verb: str, wish: Fields) -> Any:
        """What the measuring side asks for. Raises ValueError for a verb that nobody knows."""
        match verb:
            case "latency":
                self.latency = float(wish["seconds"])
            case "reset":
                self._reset()
            case "feed":
                self._feed(wish["updates"])
            case "stats":
                return {"methods": self.methods, "chats": len(self.sent), "sent": sum(self.sent.values())}
            case "copies":
                return self.sent
            case "shown":
                return {chat: (number, _read(keyboard)) for chat, (number, keyboard) in self.shown.items()}
            case "times":
                return {"times": self.times, "fed": self.fed_at, "handed": self.handed_at}
            case other:
                raise ValueError(f"the sink does not know {other!r}")
        return {}

    def _reset(self) -> None:
        """Forget what came; what is shown in the chats stays there."""
        for kept in (self.methods, self.sent, self.times, self.fed_at, self.handed_at):
            kept.clear()

    def _feed(self, updates: list[Any]) -> None:
        now = time.monotonic()
        for update in updates:
            self.fed_at[update["update_id"]] = now
            self.waiting.append((update["update_id"], update))
        self.news.set()


def _message(message_id: int, chat: str) -> Fields:
    return {"message_id": message_id, "date": 1, "chat": {"id": int(chat or 0), "type": "private"}}


def _read(keyboard: Any) -> Any:
    """A form brings the keyboard as JSON inside of it."""
    return json.loads(keyboard) if isinstance(keyboard, str) else keyboard
