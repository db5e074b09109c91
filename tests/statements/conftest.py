"""A post house on each engine, and as many as a test wants."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.scheduler.posthouse import PostHouse, open_house, open_house_on_postgresql

Opening = Callable[[], AbstractAsyncContextManager[PostHouse]]


@pytest.fixture(params=["sqlite", "postgresql"])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Opening:
    """Opens a post house on a new database of its own."""
    if request.param == "postgresql":
        return open_house_on_postgresql
    return lambda: open_house(Path(mkdtemp(dir=tmp_path)))
