"""A courier with the real database and a platform that does as it is told."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from bot.conversation.visit import Means
from scheduler.clock import SteerableClock
from scheduler.courier import Courier
from scheduler.lanes import Lane
from scheduler.outcomes import Delivered, Outcome
from scheduler.pacing import Pacing
from scheduler.parcel import Parcel
from storage import leases, outbox, people
from storage.database import Database
from storage.outbox import OutboxKind, OutboxRow, OutboxState, Posting
from storage.people import Person
from storage.sealing import MasterKey, Sealer
from storage.tombstones import Tombstones
from tests import made, postgres

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PLATFORM, ACCOUNT = "standin", "bot"
Script = Callable[[Parcel], Outcome | Awaitable[Outcome]]


class ObedientPlatform:
    """Accepts everything, unless a script says otherwise; remembers what reached the people."""

    def __init__(self) -> None:
        self.tried: list[Parcel] = []
        self.accepted: list[Parcel] = []
        self.script: Script | None = None
        self._refs = itertools.count(1)

    async def deliver(self, parcel: Parcel) -> Outcome:
        self.tried.append(parcel)
        if self.script is not None:
            outcome = self.script(parcel)
            return outcome if isinstance(outcome, Outcome) else await outcome
        return self.accept(parcel)

    def accept(self, parcel: Parcel) -> Delivered:
        """Let it reach the person."""
        self.accepted.append(parcel)
        return Delivered(f"m{next(self._refs)}")

    @property
    def bodies(self) -> list[str]:
        return [parcel.body for parcel in self.accepted]

    def copies_of(self, row_id: int) -> int:
        return sum(parcel.row_id == row_id for parcel in self.accepted)


@dataclass
class PostHouse:
    """Everything a test of the courier needs."""

    database: Database
    clock: SteerableClock
    platform: ObedientPlatform = field(default_factory=ObedientPlatform)
    master: MasterKey = field(default_factory=lambda: MasterKey(bytes(32)))
    pacing: Pacing = field(default_factory=Pacing)
    sealers: dict[int, Sealer] = field(default_factory=dict)
    refs: dict[int, str] = field(default_factory=dict)

    @property
    def means(self) -> Means:
        """What visits have; nothing is ever laid into this file of tombstones."""
        return Means(self.master, Tombstones(Path("/nonexistent/tombstones"), self.master))

    def courier(self, **options: Any) -> Courier:
        """A courier as after a start of the process; unpaced unless told otherwise."""
        given: dict[str, Any] = {"pace": False, "jitter": lambda: 0.5} | options
        return Courier(self.database, self.clock, self.platform, self.master, self.pacing, **given)

    async def person(self, ref: str) -> int:
        return (await self.crowd([ref]))[0]

    async def crowd(self, refs: Sequence[str]) -> list[int]:
        ids = []
        async with self.database.transaction() as session:
            for ref in refs:
                person = Person(platform=PLATFORM, account=ACCOUNT, ref=ref, created_at=self.clock.now())
                sealer = await people.add(session, self.master, person)
                self.sealers[person.key], self.refs[person.key] = sealer, ref
                ids.append(person.key)
        return ids

    def row(self, person: int, body: str, lane: Lane = Lane.DOSE, **fields: Any) -> Posting:
        """A message for a person, not yet posted; `within` gives its lifetime in seconds."""
        now = self.clock.now()
        if (within := fields.pop("within", None)) is not None:
            fields["not_after"] = now + timedelta(seconds=within)
        given: dict[str, Any] = {"account": ACCOUNT, "ref": self.refs[person]}
        given |= {"created_at": now, "not_before": now} | fields
        return Posting(
            person_id=person,
            platform=PLATFORM,
            lane=lane,
            body_sealed=self.sealers[person].seal("outbox", "body_sealed", body),
            **given,
        )

    async def post(self, *rows: Posting) -> list[int]:
        async with self.database.transaction() as session:
            return await outbox.post(session, rows)

    async def write(self, person: int, body: str, lane: Lane = Lane.DOSE, **fields: Any) -> int:
        """Post one message; its row id."""
        return (await self.post(self.row(person, body, lane, **fields)))[0]

    async def edit(self, person: int, body: str, lane: Lane = Lane.REPLY, **fields: Any) -> int:
        return await self.write(person, body, lane, kind=OutboxKind.EDIT, **fields)

    async def read(self, row_id: int) -> OutboxRow:
        async with self.database.reading() as session:
            return (await session.exec(select(OutboxRow).where(OutboxRow.id == row_id))).one()

    async def state(self, row_id: int) -> OutboxState:
        return (await self.read(row_id)).state

    async def rows(self) -> list[OutboxRow]:
        async with self.database.reading() as session:
            return list(await session.exec(select(OutboxRow).order_by(col(OutboxRow.id))))

    async def claim(self, holder: str = "other", seconds: float = 46, limit: int = 100) -> list[int]:
        """Lease as another process would; the row ids."""
        now = self.clock.now()
        async with self.database.transaction() as session:
            until = now + timedelta(seconds=seconds)
            return [row.row_id for row in await leases.claim(session, now, until, holder, limit)]

    async def set_reachable(self, person: int, reachable: bool) -> None:
        async with self.database.transaction() as session:
            await session.exec(update(Person).where(col(Person.id) == person).values(reachable=reachable))

    async def carry(self, courier: Courier | None = None) -> None:
        """Let a courier do all that can be done at this instant."""
        assert await (courier or self.courier()).run_until_quiet()

    async def carry_what_may_go(self, courier: Courier) -> None:
        """Let a courier send what its pacing allows while the clock stands still."""
        before = -1
        while before < len(self.platform.tried):
            before = len(self.platform.tried)
            await courier.run_until_quiet(timeout=0)

    async def live_through(self, courier: Courier, seconds: float) -> None:
        """Jump from one pending row to the next, carrying at each stop, until `seconds` have passed."""
        end = self.clock.now() + timedelta(seconds=seconds)
        await self.carry(courier)
        while True:
            async with self.database.reading() as session:
                upcoming = await leases.earliest(session, self.clock.now())
            if upcoming is None or upcoming > end:
                break
            self.clock.advance_to(upcoming)
            await self.carry(courier)
        self.clock.advance_to(end)
        await self.carry(courier)


@asynccontextmanager
async def open_house(path: Path, kind: type[Database] = Database) -> AsyncIterator[PostHouse]:
    """A post house on a new database file, its clock standing still."""
    async with _house(kind(made.at(path / "evenkeel.db"))) as house:
        yield house


@asynccontextmanager
async def open_house_on_postgresql() -> AsyncIterator[PostHouse]:
    """The same on a new database of a real server."""
    url = postgres.new_database()
    async with _house(Database(url)) as house:
        yield house
    postgres.drop_database(url)


@asynccontextmanager
async def _house(database: Database) -> AsyncIterator[PostHouse]:
    try:
        yield PostHouse(database, SteerableClock(START, frozen=True))
    finally:
        await database.close()


@asynccontextmanager
async def running(courier: Courier) -> AsyncIterator[Courier]:
    """The courier's own loop beside the test."""
    task = asyncio.create_task(courier.run())
    try:
        yield courier
    finally:
        await courier.drain()
        await task


def kill_flights() -> int:
    """What SIGKILL does to messages on their way: nobody hears of them again. How many there were."""
    flights = [task for task in asyncio.all_tasks() if task.get_name().startswith("flight-")]
    for flight in flights:
        flight.cancel()
    return len(flights)


async def until(condition: Callable[[], bool]) -> None:
    """Let the others run until something is true."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.002)
