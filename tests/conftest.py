"""The order of the tests: what takes longest begins first."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything else keeps its place."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
