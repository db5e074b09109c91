"""Databases as the migrations leave them, made once and copied: making one takes longer than most tests."""

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from storage.database import Database
from storage.migration import migrate


def at(file: Path) -> str:
    """The URL of a SQLite file, which has every table and no row if it was not there."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(_bytes())
    return f"sqlite:///{file}"


def make(url: str) -> None:
    """Bring the tables of an empty database into their newest shape, also while an event loop runs."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, _make(url)).result()


@cache
def _bytes() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.db"
        make(f"sqlite:///{file}")
        return file.read_bytes()


async def _make(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()
