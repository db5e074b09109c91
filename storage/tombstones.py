"""Tombstones: what was erased or revoked, in a file outside the database, so that a backup cannot undo it.

Lines are only ever added. A line names its thing by a hash that needs the master key: nobody can read from
the file who it is about.

    1 erased 2026-11-29T18:00:00+00:00 <64 hexadecimal digits>
"""

import asyncio
import hmac
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, NamedTuple

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bonds
from storage.bonds import Bond
from storage.columns import LONG, word
from storage.groups import Group
from storage.people import Person
from storage.sealing import MasterKey
from storage.vocabulary import Scope

_FORMAT = "1"


class StoneKind(StrEnum):
    """ERASED and SILENT are about a person, ENDED and PAUSED about a bond, OFF and SET about a scope of one.

    SET: it was set in another way. SILENT: they paused everything, or blocked the bot. SPENT is about an
    invitation: somebody opened it, or a newer one took its place. FORGOTTEN is about a group.
    """

    ERASED = "erased"
    SILENT = "silent"
    SPENT = "spent"
    ENDED = "ended"
    PAUSED = "paused"
    OFF = "off"
    SET = "set"
    FORGOTTEN = "forgotten"


class Stone(NamedTuple):
    """One tombstone. `digest` says about whom or what, to whoever has the key."""

    kind: StoneKind
    at: datetime
    digest: str

    @property
    def line(self) -> str:
        """As it stands in the file."""
        return f"{_FORMAT} {self.kind} {self.at.astimezone(UTC).isoformat()} {self.digest}\n"


class OwedStone(SQLModel, table=True):
    """A tombstone that could not be written when it should have been."""

    __tablename__: ClassVar[str] = "owed_stone"

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    kind: StoneKind = Field(sa_type=word(StoneKind))
    at: datetime
    digest: str


class StonesUnwritable(Exception):
    """The file of tombstones cannot be written; the message says why in one plain sentence."""


def beside(key_file: Path) -> Path:
    """Where the file lies when nothing else is said."""
    return key_file.with_name(key_file.name + ".tombstones")


class Tombstones:
    """The file, and the hashes that stand in it."""

    def __init__(self, path: Path, master: MasterKey) -> None:
        self.path = path
        self._key = master.derive("tombstones")

    def person(self, platform: str, account: str, ref: str) -> str:
        """The digest of an address."""
        return self._digest("person", platform, account, ref)

    def bond(self, key: int, agreed_at: datetime) -> str:
        """The digest of a bond. A restored database gives its number again, but not at the same instant."""
        return self._digest("bond", str(key), agreed_at.astimezone(UTC).isoformat())

    def scope(self, key: int, agreed_at: datetime, kind: Scope) -> str:
        """The digest of a scope of a bond."""
        return self._digest("scope", self.bond(key, agreed_at), kind.value)

    def invite(self, token_hash: bytes) -> str:
        """The digest of an invitation."""
        return self._digest("invite", token_hash.hex())

    def group(self, key: int, wrapped: bytes) -> str:
        """The digest of a group as we knew it: wherever it moved, and not of one that is met again later."""
        return self._digest("group", str(key), wrapped.hex())

    async def lay_for(self, person: Person, now: datetime) -> None:
        """Before a person is erased. Raises StonesUnwritable; then they must not be."""
        digest = self.person(person.platform, person.account, person.ref)
        await self._lay([Stone(StoneKind.ERASED, now, digest)])

    async def lay_for_bond(self, session: AsyncSession, bond: Bond, kind: StoneKind, now: datetime) -> None:
        """Before a bond ends or rests: always possible, and owed while the file cannot be written."""
        await self._lay_or_owe(session, [Stone(kind, now, self.bond(bond.key, bond.agreed_at))])

    async def lay_for_scope(self, session: AsyncSession, bond: Bond, kind: Scope, now: datetime) -> None:
        """Before a scope is switched off, likewise."""
        digest = self.scope(bond.key, bond.agreed_at, kind)
        await self._lay_or_owe(session, [Stone(StoneKind.OFF, now, digest)])

    async def lay_for_settings(
        self, session: AsyncSession, bond: Bond, kinds: Sequence[Scope], now: datetime
    ) -> None:
        """When scopes are set in another way, at the instant that the log of consent has."""
        digests = [self.scope(bond.key, bond.agreed_at, kind) for kind in kinds]
        await self._lay_or_owe(session, [Stone(StoneKind.SET, now, digest) for digest in digests])

    async def lay_for_silence(self, session: AsyncSession, who: Sequence[Person], now: datetime) -> None:
        """When people pause everything or have blocked the bot; for those who share something."""
        sharing = await bonds.sharing(session, [person.key for person in who])
        silent = [person for person in who if person.key in sharing]
        digests = [self.person(person.platform, person.account, person.ref) for person in silent]
        await self._lay_or_owe(session, [Stone(StoneKind.SILENT, now, digest) for digest in digests])

    async def lay_for_invites(self, session: AsyncSession, hashes: Sequence[bytes], now: datetime) -> None:
        """Before invitations are used, or end because of a newer one."""
        spent = [Stone(StoneKind.SPENT, now, self.invite(token_hash)) for token_hash in hashes]
        await self._lay_or_owe(session, spent)

    async def lay_for_group(self, session: AsyncSession, group: Group, now: datetime) -> None:
        """Before a group is forgotten: always possible, and owed while the file cannot be written."""
        if group.wrapped is not None:
            await self._lay_or_owe(
                session, [Stone(StoneKind.FORGOTTEN, now, self.group(group.key, group.wrapped))]
            )

    async def pay(self, session: AsyncSession) -> None:
        """Write what is owed. Raises StonesUnwritable."""
        owed = list(await session.exec(select(OwedStone).order_by(col(OwedStone.id))))
        if owed:
            await self._lay([Stone(row.kind, row.at, row.digest) for row in owed])
            written = delete(OwedStone).where(col(OwedStone.id).in_([row.id for row in owed]))
            await session.exec(written)

    async def read(self) -> list[Stone]:
        """Every tombstone, in the order in which they were laid. Raises StonesUnwritable."""
        try:
            text = await asyncio.to_thread(self.path.read_text, "ascii", "replace")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unwritable("read", error) from error
        return [stone for line in text.splitlines() if (stone := _read(line)) is not None]

    async def _lay_or_owe(self, session: AsyncSession, stones: Sequence[Stone]) -> None:
        if not stones:
            return
        try:
            await self._lay(stones)
        except StonesUnwritable:
            session.add_all([OwedStone(**stone._asdict()) for stone in stones])

    async def _lay(self, stones: Sequence[Stone]) -> None:
        try:
            await asyncio.to_thread(_append, self.path, "".join(stone.line for stone in stones))
        except OSError as error:
            raise self._unwritable("written", error) from error

    def _unwritable(self, what: str, error: OSError) -> StonesUnwritable:
        return StonesUnwritable(f"The file of tombstones {self.path} cannot be {what}: {error.strerror}.")

    def _digest(self, *parts: str) -> str:
        return hmac.new(self._key, "\n".join(parts).encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _append(path: Path, text: str) -> None:
    """Add lines and wait for the disk. What an earlier crash left of a line stays a line of its own."""
    new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        file.write((("\n" if torn else "") + text).encode("ascii"))
        os.fsync(descriptor)
    if new:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(line: str) -> Stone | None:
    """A line; None for one that a crash has torn."""
    try:
        form, kind, at, digest = line.split(" ")
        stone = Stone(StoneKind(kind), datetime.fromisoformat(at), digest)
    except ValueError:
        return None
    whole = form == _FORMAT and stone.at.tzinfo is not None and len(digest) == 2 * sha256().digest_size
    return stone if whole else None
