"""The lines of a file by their numbers, none of them longer than what may be read at once."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO

# Bytes. Many years of four doses a day come to a third of it.
LONGEST = 64 * 2**20


def numbered(file: Path) -> Iterator[tuple[int, bytes | None]]:
    """Each line and its number, from 1; None for one that is too long. Blank ones are left out.

    Raises OSError.
    """
    with file.open("rb") as lines:
        for number in count(1):
            line = lines.readline(LONGEST + 1)
            if not line:
                return
            if len(line) > LONGEST:
                _pass_over(lines, line)
                yield number, None
            elif line.strip():
                yield number, line


def _pass_over(lines: BinaryIO, line: bytes) -> None:
    """To the end of a line that has been read in part."""
    while line and not line.endswith(b"\n"):
        line = lines.readline(LONGEST)
