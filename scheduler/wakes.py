"""The wake loop: whose timer is due is looked at by its room, a batch of subjects in one transaction.

A timer is only a hint. The room computes from the subject's state what follows, so that waking early, late or
twice does no harm.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from scheduler.clock import Clock
from scheduler.mishap import traits
from storage import timers
from storage.database import Database, is_unavailable
from storage.holding import hold_free
from storage.timers import Setting

PUSH_BACK_FIRST, PUSH_BACK_MOST = 60.0, 3600.0
SOONEST = timedelta(seconds=1)  # a room that wants to be woken in the past cannot hold up the others

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Woken:
    """When a room wants to be woken again. A subject it does not name is not woken again."""

    settings: Sequence[Setting] = field(default_factory=tuple)


class Room(Protocol):
    """One room of the house, as the wake loop sees it."""

    async def wake(self, session: AsyncSession, subject_ids: list[int], now: datetime) -> Woken:
        """Look at these subjects; changes and messages go into the session's transaction."""
        ...


@dataclass(frozen=True, slots=True)
class _Batch:
    """Subjects of one kind, due in one room."""

    room: str
    kind: str
    subjects: list[int]
    now: datetime


class _Failed(Exception):
    """A room raised while it looked at a batch."""

    def __init__(self, batch: _Batch) -> None:
        super().__init__(f"the room {batch.room!r} raised")
        self.batch = batch


class WakeLoop:
    """Wakes the rooms. One subject that a room cannot bear never holds up the others."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rooms: Mapping[str, Room],
        batch: int = 250,
        *,
        stir: Callable[[], None] | None = None,
        log_key: bytes | None = None,
    ) -> None:
        """`stir` is called after each committed batch: there may be something to carry.

        `log_key` hashes the subjects in logs; without one the hashes differ from run to run.
        """
        self._database, self._clock, self._rooms, self._size = database, clock, dict(rooms), batch
        self._stir = stir
        self._log_key = log_key or secrets.token_bytes(32)
        self._failures: dict[tuple[str, str, int], int] = {}
        self._strangers: set[str] = set()
        self._in_trouble = False
        self._one_tick = asyncio.Lock()

    async def tick(self) -> int:
        """Wake everything that is due now; how many wakes. Raises only what the database raises.

        One after the other: whoever asks whether anything is due must not pass over what another tick holds.
        """
        async with self._one_tick:
            return await self._wake_all()

    async def _wake_all(self) -> int:
        woken, passing_over = 0, set(self._strangers)
        while True:
            batch, count = await self._one_batch(passing_over)
            woken += count
            if not batch.room:
                return woken
            if not count:
                # Nobody there can be woken now: all are being talked to, or we do not know the room.
                passing_over.add(batch.room)
            elif self._stir is not None:
                self._stir()

    async def beat(self) -> None:
        """A tick that waits out trouble with the database: the next beat tries again."""
        try:
            await self.tick()
        except Exception as error:
            if not is_unavailable(error):
                raise
            if not self._in_trouble:
                _log.warning("database_unavailable", error=type(error).__name__)
            self._in_trouble = True
        else:
            self._in_trouble = False

    async def earliest(self) -> datetime | None:
        """When the next wake is due."""
        async with self._database.reading() as session:
            return await timers.earliest(session, self._rooms)

    async def _one_batch(self, passing_over: Collection[str]) -> tuple[_Batch, int]:
        try:
            async with self._database.transaction() as session:
                batch = await self._due(session, passing_over)
                if batch.subjects:
                    await self._wake(session, batch)
        except _Failed as failed:
            batch = failed.batch
            await self._one_by_one(batch)
        else:
            self._forgive(batch)
        return batch, len(batch.subjects)

    async def _due(self, session: AsyncSession, passing_over: Collection[str]) -> _Batch:
        now = self._clock.now()
        found = await timers.due(session, now, self._size, passing_over)
        room, kind = (found[0].room, found[0].subject_kind) if found else ("", "")
        if room not in self._rooms:
            self._mention(room)
            return _Batch(room, kind, [], now)
        batch = _Batch(room, kind, [timer.subject_id for timer in found], now)
        return replace(batch, subjects=await _held(session, batch))

    async def _wake(self, session: AsyncSession, batch: _Batch) -> None:
        """Raises _Failed when the room raised anything but trouble with the database."""
        try:
            woken = await self._rooms[batch.room].wake(session, list(batch.subjects), batch.now)
            await session.flush()
        except Exception as error:
            if is_unavailable(error):
                raise
            raise _Failed(batch) from error
        silent = [Setting(subject, batch.room, None, batch.kind) for subject in batch.subjects]
        await timers.put(session, [*silent, *(_not_at_once(s, batch.now) for s in woken.settings)])

    async def _one_by_one(self, batch: _Batch) -> None:
        for subject in batch.subjects:
            alone = replace(batch, subjects=[subject])
            try:
                async with self._database.transaction() as session:
                    if not await _held(session, alone):
                        continue  # somebody works on them; the timer is still due
                    await self._wake(session, alone)
            except _Failed as failed:
                await self._push_back(alone, failed.__cause__)
            else:
                self._forgive(alone)

    def _forgive(self, batch: _Batch) -> None:
        for subject in batch.subjects:
            self._failures.pop((batch.room, batch.kind, subject), None)

    async def _push_back(self, batch: _Batch, error: BaseException | None) -> None:
        """Look at this subject again later, each time later still."""
        subject = batch.subjects[0]
        key = (batch.room, batch.kind, subject)
        failures = self._failures[key] = self._failures.get(key, 0) + 1
        delay = min(PUSH_BACK_FIRST * 2.0 ** (failures - 1), PUSH_BACK_MOST)
        setting = Setting(subject, batch.room, batch.now + timedelta(seconds=delay), batch.kind)
        async with self._database.transaction() as session:
            await timers.put(session, [setting])
        _log.error(
            "wake_failed",
            room=batch.room,
            subject=self._alias(batch.kind, subject),
            failures=failures,
            again_in=delay,
            **traits(error),
        )

    def _mention(self, stranger: str) -> None:
        if stranger:
            self._strangers.add(stranger)
            _log.warning("timers_of_unknown_room", room=stranger)

    def _alias(self, kind: str, subject: int) -> str:
        return hmac.new(self._log_key, f"{kind}|{subject}".encode(), "sha256").hexdigest()[:12]


async def _held(session: AsyncSession, batch: _Batch) -> list[int]:
    """The subjects that are ours until the transaction ends; whoever is talked to just now can wait."""
    return await hold_free(session, batch.subjects) if batch.kind == "person" else batch.subjects


def _not_at_once(setting: Setting, now: datetime) -> Setting:
    if setting.fire_at is None or setting.fire_at > now:
        return setting
    return replace(setting, fire_at=now + SOONEST)
