"""The token of a bot opens for that bot alone, and a master key is made once."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import bots
from storage.bots import Bot
from storage.database import Database
from storage.migration import migrate
from storage.sealing import CannotOpen, MasterKey, read_key, read_or_create_key

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
MASTER = MasterKey(bytes(32))


async def test_a_sealed_token_opens_for_its_own_bot_and_key_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'evenkeel.db'}")
    await migrate(database)
    async with database.transaction() as session:
        assert await bots.put(session, MASTER, "22", "two", "22:secret-of-two", NOON)
        assert not await bots.put(session, MASTER, "22", "two", "22:newer-of-two", NOON)
    async with database.reading() as session:
        [row] = await bots.every(session)
    await database.close()
    assert bots.open_token(MASTER, row) == "22:newer-of-two"
    assert b"newer" not in row.token_sealed
    moved = Bot(account="33", name="three", token_sealed=row.token_sealed, added_at=NOON)
    with pytest.raises(CannotOpen):
        bots.open_token(MASTER, moved)
    with pytest.raises(CannotOpen):
        bots.open_token(MasterKey(b"x" * 32), row)


@pytest.mark.parametrize("moment", ["fsync", "link"])
def test_two_processes_that_make_the_key_at_once_use_the_same_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The second one comes while the first is in the middle of it."""
    file, quicker = tmp_path / "keys" / "evenkeel.key", list[MasterKey]()
    real: Callable[..., None] = getattr(os, moment)

    def interrupted(*given: object, **more: object) -> None:
        monkeypatch.setattr(os, moment, real)
        quicker.append(read_or_create_key(file))
        real(*given, **more)

    monkeypatch.setattr(os, moment, interrupted)
    slower = read_or_create_key(file)
    assert quicker[0].derive("x") == slower.derive("x") == read_key(file).derive("x")
    assert [found.name for found in file.parent.iterdir()] == [file.name]
    assert file.stat().st_mode & 0o777 == 0o600
