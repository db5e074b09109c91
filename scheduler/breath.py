"""Long work in small pieces: between them others get their turn, a cry for help before all."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

T = TypeVar("T")

BREATH = 32  # pieces, of a fraction of a millisecond each


async def unhurried(items: Sequence[T]) -> AsyncIterator[T]:
    """The items, with a pause for everybody else after every few of them."""
    for number, item in enumerate(items, 1):
        yield item
        if number % BREATH == 0:
            await asyncio.sleep(0)
