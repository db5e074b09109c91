"""Where the files of tests lie, in which order they run, and what holds for all that Hypothesis plays."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from tests.compiling import compile_once

# Time is measured where it is promised. Elsewhere a busy machine is no fault of a rule.
settings.register_profile("evenkeel", deadline=None)
settings.load_profile("evenkeel")


MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3  # noqa: S108  # of this user alone, as all that pytest makes


def pytest_configure() -> None:
    """In memory, where there is room: nothing here is about a disk that loses its power.

    A killed process finds all that it wrote there, too. `TMPDIR=/tmp` shows how long the disk takes.
    """
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None
    compile_once()


def pytest_collection_finish() -> None:
    """What was collected stays to the end: looking through it for garbage again and again costs seconds."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything else keeps its place."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
