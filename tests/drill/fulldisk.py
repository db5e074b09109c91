"""A disk that can be filled: a small one of our own, or a process that may not write any further.

As root, with the right to mount, the disk is a small tmpfs, and full means ENOSPC. Anybody else lowers the
limit on the size of files for the bot's own process (RLIMIT_FSIZE), and every write fails with EFBIG. SQLite
fails in both cases; which one it was is said in the figures.
"""

import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SIZE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Disk:
    """Where the bot keeps its data; `mounted` says which of the two ways it is."""

    folder: Path
    mounted: bool

    @property
    def how(self) -> str:
        """For the figures."""
        return "a full tmpfs, ENOSPC" if self.mounted else "RLIMIT_FSIZE, EFBIG"

    def fill(self, pid: int) -> None:
        """From now on nothing more can be written by the bot."""
        self._give_back_what_is_kept()
        if not self.mounted:
            self._limit(pid, 1)
            return
        with suppress(OSError), (self.folder / "filler").open("wb", buffering=0) as filler:
            while True:
                filler.write(bytes(4096))

    def free(self, pid: int) -> None:
        """There is room again."""
        if self.mounted:
            (self.folder / "filler").unlink()
        else:
            self._limit(pid, resource.RLIM_INFINITY)

    def _limit(self, pid: int, size: int) -> None:
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size if size != resource.RLIM_INFINITY else hard, hard))

    def _give_back_what_is_kept(self) -> None:
        """SQLite would write on for a while in the room that its journal holds already."""
        with sqlite3.connect(self.folder / "demo.db", timeout=10) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """A disk at `folder`, whichever way is open to us."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    options = ["-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if mount is None or umount is None or subprocess.run([mount, *options], capture_output=True).returncode:
        yield Disk(folder, mounted=False)
        return
    try:
        yield Disk(folder, mounted=True)
    finally:
        subprocess.run([umount, "-l", str(folder)], check=True)
