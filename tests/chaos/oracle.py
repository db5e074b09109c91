"""What happened: the stand-in's log of what it accepted, held against the rows of the database."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.standin.requestlog import Entry, RequestLog
from scheduler.lanes import Lane
from storage.database import Database
from storage.dose_events import DoseEvent
from storage.doses import Dose
from storage.outbox import OutboxKind, OutboxRow, OutboxState
from storage.people import Person
from storage.timers import Timer

# Faults after which the stand-in has done what it was asked, and the bot does not know.
UNSURE = frozenset({"accept_then_drop", "reset_after", "broken_json"})
_SLOT = re.compile(r"\w{3} \d{1,2} \w{3}, \d\d:\d\d")

Slot = tuple[int, str]  # whose, and how a reminder names it


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder that the platform accepted: by which request of the log, of which slot, when (aware).

    `unsure`: the bot cannot know.
    """

    number: int
    slot: Slot
    at: datetime
    unsure: bool


def sent(log: RequestLog, since: int = 0) -> list[Sent]:
    """Every reminder that was accepted after a request of the log, in order."""
    found = []
    for entry in log.since(since, "sendMessage"):
        named = _SLOT.search(str(entry.params.get("text", "")))
        if named and entry.chat is not None and _accepted(entry):
            found.append(Sent(entry.number, (entry.chat, named.group()), entry.time, entry.fault in UNSURE))
    return found


def _accepted(entry: Entry) -> bool:
    return entry.fault in UNSURE or entry.status == 200


def name_of(day: date, at: time) -> str:
    """How a reminder names a slot."""
    return f"{day:%a} {day.day} {day:%b}, {at:%H:%M}"


@dataclass(frozen=True, slots=True)
class Count:
    """What became of the reminders of a run."""

    doses: int
    accepted: int
    lost: int
    copies: int
    most: int
    unsure: int
    told: int
    strange: int
    unsettled: int
    contradictions: int

    def __str__(self) -> str:
        return ", ".join(f"{name} {getattr(self, name)}" for name in self.__slots__)


async def count(log: RequestLog, database: Database, expected: Iterable[Slot]) -> Count:
    """Hold log and database against each other.

    `expected` must have been accepted. Lost: it was not, and no message says that it could not be asked for.
    Strange: accepted without a dose in the database. Unsettled: rows still under way. Contradictions: the
    database says delivered, and the log has nothing, or there is no row for an expected dose.
    """
    reminders = sent(log)
    times = Counter(one.slot for one in reminders)
    async with database.reading() as session:
        doses = {
            (int(ref), name_of(day, at)): told
            for ref, day, at, told in await _slots(session, col(Dose.told_at))
        }
        rows = select(OutboxRow.ref, OutboxRow.state, func.count(), func.sum(OutboxRow.copies)).where(
            OutboxRow.lane == Lane.DOSE, OutboxRow.kind == OutboxKind.SEND
        )
        settled: list[Any] = list(await session.exec(rows.group_by(col(OutboxRow.ref), col(OutboxRow.state))))
    wanted = set(expected)
    heard = Counter(chat for chat, _ in times.elements())
    said = Counter[int]()
    for ref, state, number, _ in settled:
        said[int(ref)] += number if state is OutboxState.DELIVERED else 0
    return Count(
        doses=len(wanted),
        accepted=len(reminders),
        lost=len([slot for slot in wanted if slot not in times and doses.get(slot) is None]),
        copies=sum(times.values()) - len(times),
        most=max(times.values(), default=0),
        unsure=sum(one.unsure for one in reminders),
        told=len([slot for slot in wanted if slot not in times and doses.get(slot) is not None]),
        strange=len(set(times) - set(doses)),
        unsettled=sum(number for _, state, number, _ in settled if state in _UNDER_WAY),
        contradictions=len(wanted - set(doses)) + sum(said[ref] > heard[ref] for ref in said),
    )


_UNDER_WAY = (OutboxState.PENDING, OutboxState.LEASED)


async def due(database: Database) -> dict[Slot, datetime]:
    """When each dose was due."""
    async with database.reading() as session:
        found = await _slots(session, col(Dose.due_at))
        return {(int(ref), name_of(day, at)): instant for ref, day, at, instant in found}


async def _slots(session: AsyncSession, column: Any) -> Sequence[Any]:
    """Whose each dose is, its day and time, and something else of it."""
    columns = (col(Person.ref), col(Dose.slot_date), col(Dose.slot_time), column)
    whose = select_columns(*columns).join(Dose, col(Dose.person_id) == col(Person.id))
    return (await (await session.connection()).execute(whose)).all()


async def leased(database: Database, token: str) -> int:
    """Messages that this courier had claimed and not settled: what was in flight when it died."""
    async with database.reading() as session:
        rows = select(func.count()).where(
            OutboxRow.state == OutboxState.LEASED,
            OutboxRow.lease_token == token,
            OutboxRow.kind == OutboxKind.SEND,
        )
        return int((await session.exec(rows)).one())


async def any_leased(database: Database) -> bool:
    """Whether some message is claimed and not settled."""
    async with database.reading() as session:
        rows = select(OutboxRow.id).where(OutboxRow.state == OutboxState.LEASED).limit(1)
        return (await session.exec(rows)).first() is not None


async def earliest(database: Database, now: datetime, at_work: Collection[str]) -> datetime | None:
    """When something changes for a message under way: its time comes, or a dead worker's lease ends.

    None without any. What is due already may wait for another message, for the wake of a room, or for one of
    those `at_work` who has leased it; then it is `now`.
    """
    async with database.reading() as session:
        times = select(OutboxRow.not_before).where(OutboxRow.state == OutboxState.PENDING)
        held = select(OutboxRow.lease_until, OutboxRow.lease_token).where(
            OutboxRow.state == OutboxState.LEASED
        )
        leases = [now if token in at_work else until for until, token in await session.exec(held)]
        found = [at for at in (*await session.exec(times), *leases) if at is not None]
        asleep = (await session.exec(select(Timer.room).where(Timer.fire_at <= now).limit(1))).first()
    if asleep is not None:
        return now
    return min((at for at in found if at > now), default=now if found else None)


async def answers(database: Database, kind: str = "taken") -> Counter[Slot]:
    """How often each dose was recorded so."""
    async with database.reading() as session:
        recorded = Counter(await session.exec(select(DoseEvent.dose_id).where(DoseEvent.kind == kind)))
        slots = await _slots(session, col(Dose.id))
        return +Counter({(int(ref), name_of(day, at)): recorded[dose] for ref, day, at, dose in slots})


def missing(taps: Collection[Slot], recorded: Counter[Slot]) -> int:
    """Taps without their effect."""
    return sum(recorded[slot] == 0 for slot in taps)
