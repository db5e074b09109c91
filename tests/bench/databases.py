"""Databases with a crowd in them, on both engines; a run gets a copy, so that every round finds the same."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.bench.crowd import Crowd, settle
from tests.postgres import copy_of, drop_database, empty_database

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
ENGINES = (SQLITE, POSTGRESQL)

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Settled:
    """One database; nobody is connected to it. `file` is None on a server."""

    url: str
    key: Path
    file: Path | None

    @property
    def wish(self) -> dict[str, Any]:
        """What a worker must know to open it."""
        return {"database": self.url, "key": str(self.key)}

    @asynccontextmanager
    async def copied(self) -> AsyncIterator["Settled"]:
        """A copy, for as long as the block lasts."""
        copy = await asyncio.to_thread(self._copy)
        try:
            yield copy
        finally:
            await asyncio.to_thread(copy.remove)

    def _copy(self) -> "Settled":
        if self.file is None:
            return replace(self, url=copy_of(self.url))
        file = self.file.with_name(f"copy-{next(_numbers)}.db")
        shutil.copyfile(self.file, file)
        return replace(self, url=f"sqlite:///{file}", file=file)

    def remove(self) -> None:
        """Whoever is still connected to a server is cut off."""
        if self.file is None:
            drop_database(self.url)
            return
        for left in self.file.parent.glob(f"{self.file.name}*"):
            left.unlink()


@asynccontextmanager
async def settled(engine: str, folder: Path, crowd: Crowd) -> AsyncIterator[Settled]:
    """A new database of that engine with the crowd in it; its files lie in `folder`."""
    name = f"crowd-{next(_numbers)}"
    key, file = folder / f"{name}.key", folder / f"{name}.db" if engine == SQLITE else None
    url = f"sqlite:///{file}" if file else await asyncio.to_thread(empty_database)
    one = Settled(url, key, file)
    await settle(url, key, crowd)
    try:
        yield one
    finally:
        await asyncio.to_thread(one.remove)
