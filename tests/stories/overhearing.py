"""Reads every message and every change of one in a group, as everybody there could have read them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.standin.view import buttons_of
from bot.standin.world import Chat, World

_MINUTE = timedelta(seconds=60)
_OVER = "This check-in is over."
_SMALL = re.compile(r"(?<![\d:.])[0-4](?![\d:.])")


@dataclass(slots=True)
class Overheard:
    """One message of the bot's, when it was said or changed. `by_one`: only this member could read it."""

    at: datetime
    words: str
    anew: bool
    by_one: int | None = None


@dataclass(slots=True)
class Listener:
    """Listens in one group of a stand-in's world, from now on."""

    world: World
    ref: int
    heard: list[Overheard] = field(default_factory=list)

    def __post_init__(self) -> None:
        post, replace = self.world.post, self.world.replace

        def posted(chat: Chat, author: dict[str, Any] | None, content: dict[str, Any]) -> dict[str, Any]:
            message = post(chat, author, content)
            self._hear(chat, message, anew=True)
            return message

        def replaced(chat: Chat, message: dict[str, Any]) -> dict[str, Any]:
            self._hear(chat, message, anew=False)
            return replace(chat, message)

        self.world.post, self.world.replace = posted, replaced  # type: ignore[method-assign]
        self._overhear_whispers()

    def _overhear_whispers(self) -> None:
        whisper = self.world.whisper

        def whispered(
            chat: Chat, author: dict[str, Any], receiver: dict[str, Any], content: dict[str, Any]
        ) -> dict[str, Any]:
            message = whisper(chat, author, receiver, content)
            self._hear(chat, message, anew=True, by_one=receiver["id"])
            return message

        self.world.whisper = whispered  # type: ignore[method-assign]

    def _hear(self, chat: Chat, message: dict[str, Any], *, anew: bool, by_one: int | None = None) -> None:
        if chat.id != self.ref or message.get("from", {}).get("id") != self.world.bot["id"]:
            return
        labels = [button["text"] for row in buttons_of(message) for button in row]
        words = "\n".join([message.get("text", ""), message.get("caption", ""), *labels])
        self.heard.append(Overheard(self.world.clock.now(), words, anew, by_one))

    def whispers(self) -> list[Overheard]:
        """What one member alone could read, whoever that was."""
        return [one for one in self.heard if one.by_one is not None]

    def betrayals(self, canaries: Iterable[str]) -> list[str]:
        """What was said there and holds a canary, or a small number where totals stand."""
        wanted = [canary.casefold() for canary in canaries]
        personal = [one.words for one in self.heard if any(c in one.words.casefold() for c in wanted)]
        totals = [one.words.partition(_OVER)[0] for one in self.heard if _OVER in one.words]
        return personal + [words for words in totals if _SMALL.search(words)]

    def most_in_a_minute(self) -> int:
        """The most messages within any sixty seconds."""
        times = [one.at for one in self.heard if one.anew]
        return max((sum(at <= other < at + _MINUTE for other in times) for at in times), default=0)
