"""An empty database on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The empty database that people move to."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'there.db'}"
        return
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)
