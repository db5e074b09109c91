"""Stories that are told on both engines."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.bots.town import Town, town


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None is a file of the story's own; else an empty database of a real server."""
    if request.param == "sqlite":
        yield None
        return
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture
async def both(tmp_path: Path, database_url: str | None) -> AsyncIterator[Town]:
    """Two bots, on each engine."""
    async with town(tmp_path, database_url) as found:
        yield found


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Town]:
    """Two bots on a file."""
    async with town(tmp_path) as found:
        yield found
