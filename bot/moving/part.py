"""The file of an export that is under way. Whatever breaks it off, its whole lines can be gone on with."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Begun:
    """What an earlier run left: whole lines, how many bytes they take, and the last of them."""

    lines: int = 0
    size: int = 0
    last: bytes = b""


NOTHING = Begun()


class Part:
    """A file beside the one that it becomes when it is complete."""

    def __init__(self, file: Path) -> None:
        self.file, self.path = file, file.with_name(f"{file.name}.part")

    def begun(self) -> Begun:
        """What is there already. Raises OSError, also when the complete file is there."""
        if self.file.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(self.file))
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return NOTHING
        with os.fdopen(descriptor, "rb") as lines:
            return _whole_lines(lines) if _is_ours(descriptor) else NOTHING

    @contextmanager
    def going_on(self, begun: Begun) -> Iterator[BinaryIO]:
        """To write more lines after these, or after NOTHING into a new file that only its owner can read.

        At the end of the block everything is on the disk, under the name of the complete file. When the
        block raises, the part stays what it is. Raises OSError.
        """
        if begun.lines:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_NOFOLLOW)
        else:
            self.path.unlink(missing_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as lines:
            lines.truncate(begun.size)
            lines.seek(begun.size)
            yield lines
            lines.flush()
            os.fsync(descriptor)
        self.path.rename(self.file)
        _sync(self.file.parent)


def _is_ours(descriptor: int) -> bool:
    """Nobody else has laid it there to read what is added to it."""
    about = os.fstat(descriptor)
    return stat.S_ISREG(about.st_mode) and about.st_uid == os.geteuid()


def _whole_lines(lines: BinaryIO) -> Begun:
    count, size, last = 0, 0, b""
    for line in lines:
        if not line.endswith(b"\n"):
            break  # torn
        count, size, last = count + 1, size + len(line), line
    return Begun(count, size, last)


def _sync(folder: Path) -> None:
    """A rename is on the disk when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
