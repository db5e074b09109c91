"""What the stand-in asks of whoever can move time for the bot."""

from datetime import datetime
from typing import Protocol


class TimeMachine(Protocol):
    """Moves the bot's clock forward, and knows when the bot has nothing in hand."""

    async def advance(self, seconds: float) -> None:
        """Go forward; return when the bot has done all that became due, step by step."""
        ...

    async def advance_to_next(self) -> datetime | None:
        """Go to the next thing that happens, or stay and return None when nothing is planned."""
        ...

    async def settle(self, timeout: float) -> bool:
        """Wait until the bot is idle; False when it was still busy after `timeout` seconds."""
        ...

    async def kill(self) -> None:
        """Kill the bot the hard way and start it anew; may raise NotImplementedError."""
        ...
