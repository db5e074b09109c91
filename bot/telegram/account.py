"""One bot account on Telegram, and the connections to it."""

import asyncio
import logging
from typing import Any

from telegram import Bot, InputFile
from telegram.request import BaseRequest

from bot.telegram.request import READ_SECONDS, AiohttpRequest, written

TELEGRAM = "https://api.telegram.org/bot"

# Belongs to no hierarchy, so that no configuration can turn it on.
_SILENT = logging.Logger("silent", logging.CRITICAL + 1)  # noqa: LOG001


def number_of(token: str) -> str:
    """The open part of a token: the number of its bot."""
    return token.partition(":")[0]


class Account(Bot):
    """python-telegram-bot's `Bot` over aiohttp. Use it as an async context manager.

    It differs in three ways: it never shows its token (the library's `repr`, DEBUG log and start do), it
    opens without asking Telegram (the network may be down when we start), and `call` reaches a method of the
    Bot API by name without building objects on the way out and back.
    """

    _LOGGER = _SILENT

    def __init__(
        self,
        token: str,
        *,
        base_url: str = TELEGRAM,
        connections: int = 64,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        """`base_url` is followed by the token; `connections` bounds the requests under way at once."""
        super().__init__(
            token,
            base_url=base_url,
            request=AiohttpRequest(connections, read_seconds),
            # Polling has a connection of its own, which no burst of messages can take away.
            get_updates_request=AiohttpRequest(2, read_seconds),
        )

    @property
    def number(self) -> str:
        """The bot's own id, which is the open part of its token: the `account` of our addresses."""
        return number_of(self.token)

    def __repr__(self) -> str:
        return f"Account({self.number})"

    async def initialize(self) -> None:
        """Open the connections."""
        await asyncio.gather(*(request.initialize() for request in self._request))
        self._requests_initialized = True

    async def call(
        self, method: str, parameters: dict[str, Any], *, read_seconds: float | None = None
    ) -> Any:
        """What a method of the Bot API returns, as JSON; `read_seconds` replaces the account's own limit.

        Raises telegram.error.TelegramError, of which `AiohttpRequest` has some kinds of its own.
        """
        limit = BaseRequest.DEFAULT_NONE if read_seconds is None else read_seconds
        if any(isinstance(value, InputFile) for value in parameters.values()):
            return await self._post(method, parameters, read_timeout=limit)
        # What is JSON already need not go through the library's objects, which cost more than the sending.
        url = f"{self.base_url}/{method}"
        request = self._request[0] if method == "getUpdates" else self.request
        return await request.post(url, written(parameters), read_timeout=limit)
