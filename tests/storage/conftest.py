"""An empty database file with every table."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scheduler.posthouse import PostHouse, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[PostHouse]:
    async with open_house(tmp_path) as house:
        yield house
