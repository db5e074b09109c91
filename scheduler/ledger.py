"""Pacing together: what this courier sends is told to the others, and what they send counts here too."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from scheduler.clock import Clock
from scheduler.pacing import Note, Pacing
from storage import ledger
from storage.leases import Claimed
from storage.ledger import Entry
from storage.outbox import OutboxKind

# The longest stretch that a limit looks back to, and a little more.
LOOK_BACK = timedelta(seconds=61)


class Ledger:
    """The side of one courier. Use it within the transaction that claims."""

    def __init__(self, pacing: Pacing, clock: Clock, worker: str) -> None:
        self._pacing, self._clock, self._worker = pacing, clock, worker
        pacing.noting = True
        self._seen = 0
        self._told = 0

    async def balance(self, session: AsyncSession, now: datetime) -> None:
        """Count what the others sent, and tell what was sent from here without a claim.

        Until the transaction ends no other courier claims, so that two never spend the same.
        """
        await ledger.alone(session)
        entries, self._seen = await ledger.read(session, self._worker, self._seen, now - LOOK_BACK)
        for entry, at in entries:
            self._learn(entry, at, now)
        spent = self._pacing.notes[:]
        await ledger.write(session, self._worker, [self._entry(note, now) for note in spent], now)
        self._told = len(spent)

    async def claimed(
        self, session: AsyncSession, rows: Iterable[Claimed], now: datetime, *, surplus: bool = False
    ) -> None:
        """Tell what was claimed here, before anybody else may claim."""
        entries = [
            Entry(row.address.account, row.address.ref, row.kind == OutboxKind.SEND, surplus=surplus)
            for row in rows
        ]
        await ledger.write(session, self._worker, entries, now)

    def committed(self) -> None:
        """What was told is told."""
        del self._pacing.notes[: self._told]
        self._told = 0

    async def sweep(self, session: AsyncSession, now: datetime) -> None:
        """Drop what is too old to count."""
        await ledger.forget(session, now - 2 * LOOK_BACK)

    def _learn(self, entry: Entry, at: datetime, now: datetime) -> None:
        then = self._clock.monotonic() - (now - at).total_seconds()
        if entry.held_until is None:
            self._pacing.learn(entry.account, entry.ref, then, sends=entry.sends, surplus=entry.surplus)
            return
        until = self._clock.monotonic() + (entry.held_until - now).total_seconds()
        self._pacing.learn_hold(entry.account, entry.ref, until, surplus=entry.surplus)

    def _entry(self, note: Note, now: datetime) -> Entry:
        if note.held_until is None:
            return Entry(note.account, note.ref, note.sends, surplus=note.surplus)
        held_until = now + timedelta(seconds=note.held_until - self._clock.monotonic())
        return Entry(note.account, note.ref, note.sends, held_until, note.surplus)
