"""Opening the vault: the database with the key that belongs to it."""

import errno
import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from scheduler.localtime import tzdata_version
from storage import deployment
from storage.database import Database, DatabaseUnusable
from storage.deployment import Deployment
from storage.migration import migrate, pending
from storage.replay import replay
from storage.sealing import KeyUnusable, MasterKey, read_key, read_or_create_key
from storage.tombstones import Tombstones, beside

_log = structlog.get_logger(__name__)


class InUse(Exception):
    """Another process has this database open."""


@dataclass(frozen=True, slots=True)
class Vault:
    """A database that is migrated and whose key was recognised. `lock` is held while the process lives."""

    database: Database
    master: MasterKey
    tombstones: Tombstones
    lock: int | None

    async def close(self) -> None:
        """Close the database and let go of the lock."""
        await self.database.close()
        if self.lock is not None:
            os.close(self.lock)


async def open_vault(database_url: str, key_file: Path, tombstones: Path | None = None) -> Vault:
    """Open, migrate, check the key, and do again what the tombstones say: the database may be a restored one.

    A new database gets a new key. A database whose key is missing or wrong is an error, never a new key.
    Without a file of `tombstones` it is the one beside the key.
    Raises KeyUnusable, DatabaseUnusable, StonesUnwritable or InUse, each with a plain sentence.
    """
    database = Database(database_url)
    lock = _lock(database.path)
    try:
        await _migrated(database)
        master = await _with_key(database, key_file)
        stones = _tombstones(key_file, master, tombstones)
        await _replayed(database, stones)
    except BaseException:
        await database.close()
        if lock is not None:
            os.close(lock)
        raise
    return Vault(database, master, stones, lock)


async def open_beside(database_url: str, key_file: Path, tombstones: Path | None = None) -> Vault:
    """The vault for a command that has little to do, also while another process has this database open.

    It holds no lock: one transaction at a time is all it may do. A new database is made, an old one
    migrated; one that is old and that somebody has open raises InUse. Raises the rest as `open_vault` does.
    """
    database = Database(database_url)
    try:
        if not existed(database_url) or await pending(database):
            await _made(database_url, key_file, tombstones)
        master = await _with_key(database, key_file)
        return Vault(database, master, _tombstones(key_file, master, tombstones), None)
    except SQLAlchemyError as error:
        await database.close()
        raise _unusable(database, error) from error
    except BaseException:
        await database.close()
        raise


async def _made(database_url: str, key_file: Path, tombstones: Path | None) -> None:
    vault = await open_vault(database_url, key_file, tombstones)
    await vault.close()


def _tombstones(key_file: Path, master: MasterKey, path: Path | None) -> Tombstones:
    return Tombstones(path or beside(key_file), master)


async def _replayed(database: Database, tombstones: Tombstones) -> None:
    try:
        done = await replay(database, tombstones)
    except SQLAlchemyError as error:
        raise _unusable(database, error) from error
    if done:
        _log.warning("tombstones_replayed", count=done)


def in_use(database_url: str) -> bool:
    """True when a process has this file open, or when it is a server, where nobody can say."""
    path = Database(database_url).path
    if path is None:
        return True
    try:
        lock = _lock(path)
    except InUse:
        return True
    if lock is not None:
        os.close(lock)
    return False


def existed(database_url: str) -> bool:
    """True when there is something where the database should be, or when it is a server."""
    path = Database(database_url).path
    return path is None or path.exists()


async def _migrated(database: Database) -> None:
    try:
        await migrate(database)
    except (SQLAlchemyError, OSError) as error:
        raise _unusable(database, error) from error


async def _with_key(database: Database, key_file: Path) -> MasterKey:
    try:
        return await _recognised(database, key_file)
    except SQLAlchemyError as error:
        raise _unusable(database, error) from error


def _unusable(database: Database, error: Exception) -> DatabaseUnusable:
    reason = str(getattr(error, "orig", error)).splitlines()[0]
    where = database.path or "the server"
    return DatabaseUnusable(f"The database ({where}) cannot be opened: {reason}.")


async def _recognised(database: Database, key_file: Path) -> MasterKey:
    async with database.reading() as session:
        known = await deployment.read(session)
    if known is not None:
        master = read_key(key_file)
        if not master.recognises(known.key_check):
            raise KeyUnusable(f"The key file {key_file} does not belong to this database.")
        return master
    master = read_or_create_key(key_file)
    try:
        async with database.transaction() as session:
            session.add(Deployment(key_check=master.check_value(), tzdata=tzdata_version()))
    except IntegrityError:  # another worker was first
        return await _recognised(database, key_file)
    return master


def _lock(path: Path | None) -> int | None:
    """One process per SQLite file; the lock ends with the process, however it ends."""
    if path is None:
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EWOULDBLOCK, errno.EAGAIN}:
            raise InUse(f"Another process has the database {path} open. Stop it first.") from None
        raise DatabaseUnusable(f"The folder {path.parent} cannot be written: {error.strerror}.") from None
    if not path.exists():
        # SQLite takes an empty file for a new database, and its journal files take their mode from it.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return descriptor
