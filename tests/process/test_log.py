"""What cannot be logged stops nothing."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from bot import log

FULL = Path("/dev/full")  # every write to it fails as on a full disk


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Logging is set up for the whole process; afterwards it is as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.usefixtures("logging_as_before")
def test_a_log_on_a_full_disk_does_not_stop_who_writes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = FULL.open("w", buffering=1)
    monkeypatch.setattr("sys.stderr", stream)
    log.configure()
    structlog.get_logger().info("crisis_answered")
    with pytest.raises(OSError, match="No space left"):
        stream.write("a line\n")  # the stream itself does fail
    monkeypatch.undo()
    with pytest.raises(OSError, match="No space left"):
        stream.close()
