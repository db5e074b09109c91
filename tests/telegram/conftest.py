"""A wire, and an account at its end."""

from collections.abc import AsyncIterator

import pytest

from bot.telegram.account import Account
from tests.telegram.wire import TOKEN, Wire, open_wire


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with open_wire() as wire:
        yield wire


@pytest.fixture
async def account(wire: Wire) -> AsyncIterator[Account]:
    async with Account(TOKEN, base_url=wire.url, read_seconds=0.5) as account:
        yield account
