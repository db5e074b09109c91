"""The database of a story that is told on both engines."""

from collections.abc import Iterator

import pytest

from tests import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None is a file of the story's own; else an empty database of a real server."""
    if request.param == "sqlite":
        yield None
        return
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)
