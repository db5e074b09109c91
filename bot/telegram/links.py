"""Addresses that open a private chat with this bot."""

import asyncio
from typing import Final

from bot.telegram.account import Account
from bot.telegram.profile import username_of

_PAUSE: Final = 30.0


class DeepLinks:
    """Knows the bot's name once Telegram has said it; the network may be down when we start."""

    def __init__(self, account: Account, *, pause: float = _PAUSE) -> None:
        self._account = account
        self._pause = pause
        self._name: str | None = None

    async def learn(self) -> None:
        """Ask until Telegram says the name. Raises TokenRefused."""
        self._name = await username_of(self._account)
        while self._name is None:
            await asyncio.sleep(self._pause)
            self._name = await username_of(self._account)

    def name(self) -> str | None:
        """What the bot is called in groups; None while that is not known."""
        return self._name

    def start(self, payload: str) -> str | None:
        """The address whose opening sends "/start payload"; None while the name is not known."""
        return f"https://t.me/{self._name}?start={payload}" if self._name else None
