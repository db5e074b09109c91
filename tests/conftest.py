"""The order of the tests: what takes longest begins first. And what holds for all that Hypothesis plays."""

import gc

import pytest
from hypothesis import settings

# Time is measured where it is promised. Elsewhere a busy machine is no fault of a rule.
settings.register_profile("evenkeel", deadline=None)
settings.load_profile("evenkeel")


def pytest_collection_finish() -> None:
    """What was collected stays to the end: looking through it for garbage again and again costs seconds."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything else keeps its place."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
