"""An empty database with every table, on both engines."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scheduler.posthouse import PostHouse, open_house, open_house_on_postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[PostHouse]:
    on_file = request.param == "sqlite"
    async with open_house(tmp_path) if on_file else open_house_on_postgresql() as house:
        yield house
