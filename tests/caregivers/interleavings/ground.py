"""The real side: the house's own handlers, courier and gate on a real database, and its backups."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import post
from bot.conversation.facts import CameBack
from bot.conversation.inbound import Words
from bot.conversation.router import notice_reachable
from bot.conversation.tokens import Signer
from bot.conversation.visit import Means, Visit
from bot.gate import ConsentGate
from scheduler.clock import SteerableClock
from scheduler.courier import Courier
from scheduler.parcel import Parcel
from storage import bonds, people
from storage.bonds import Name
from storage.holding import hold_address
from storage.outbox import OutboxState
from storage.people import Person
from storage.replay import replay
from storage.tombstones import Tombstones
from storage.vocabulary import BondState, PersonState, Scope
from tests.caregivers.interleavings.shelves import shelf_of
from tests.scheduler.posthouse import ACCOUNT, PLATFORM, PostHouse, kill_flights

SIGNER = Signer(b"key")
ANYTHING = Words("Hello")
Deed = Callable[[Visit], Awaitable[None]]
# state, caregiver and what is on, by the number of the bond
Standing = dict[int, tuple[BondState, int | None, frozenset[Scope]]]


@dataclass
class Waiting:
    """A message that was claimed and is about to be asked for at the gate."""

    parcel: Parcel
    opens: asyncio.Event
    flight: "asyncio.Task[None]"


class HeldGate(ConsentGate):
    """The house's gate; it is asked when the machine says so, and its answers are kept."""

    def __init__(self, house: PostHouse) -> None:
        super().__init__(house.database, house.clock)
        self.waiting: list[Waiting] = []
        self.answers: list[tuple[Parcel, bool]] = []
        self.held_back: set[int] = set()

    async def may_send(self, parcel: Parcel) -> bool:
        flight = asyncio.current_task()
        assert flight is not None
        waiting = Waiting(parcel, asyncio.Event(), flight)
        self.waiting.append(waiting)
        await waiting.opens.wait()
        answer = await super().may_send(parcel)
        self.answers.append((parcel, answer))
        if not answer:
            self.held_back.add(parcel.row_id)
        return answer


@dataclass
class Ground:
    """One house, whose database is put back before each example."""

    house: PostHouse
    stones: Tombstones
    payloads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shelf = shelf_of(self.house.database)

    def begin(self, at: datetime) -> None:
        """A process begins: its courier knows of nothing."""
        self.house.clock = SteerableClock(at, frozen=True)
        self.gate = HeldGate(self.house)
        self.courier: Courier = self.house.courier(gate=self.gate, slots=16)

    @property
    def means(self) -> Means:
        return Means(self.house.master, self.stones, self._link)

    def _link(self, payload: str) -> str:
        self.payloads.append(payload)
        return f"https://example.invalid/?start={payload}"

    # Deeds

    async def settle_in(self, address: str) -> int:
        """Somebody new, who agreed to everything."""
        async with self.house.database.transaction() as session:
            given: dict[str, Any] = {"platform": PLATFORM, "account": ACCOUNT, "ref": address}
            person = Person(created_at=self.house.clock.now(), state=PersonState.ACTIVE, **given)
            await people.add(session, self.house.master, person)
            return person.key

    async def act(self, who: str, deed: Deed, *, speaks: bool = True) -> list[int]:
        """As the door does: hold whoever acts, act, set the timers, post the letters, commit.

        `speaks`: they say or press something; else something is done for them.
        """
        async with self.house.database.transaction() as session:
            await hold_address(session, PLATFORM, ACCOUNT, who)
            found = await people.with_sealer(session, self.house.master, PLATFORM, ACCOUNT, who)
            assert found is not None, who
            person, sealer = found
            now, name = self.house.clock.now(), Name(who.title())
            visit = Visit(session, person, sealer, now, name=name, given=self.means)
            if speaks:
                await notice_reachable(visit, ANYTHING)
                await self._welcome(visit)
            await deed(visit)
            await session.flush()
            await post.set_timers([visit])
            return [row.key for row in await post.post_letters([visit], SIGNER)]

    async def _welcome(self, visit: Visit) -> None:
        """What the house does, of all that it does when somebody comes back, that has to do with consent."""
        if visit.facts:
            assert visit.facts == [CameBack()]
            await visit.session.flush()
            await bonds.begin_anew(visit.session, [visit.person.key], visit.now)
            visit.facts.clear()

    # The courier

    async def round(self) -> None:
        await self.courier.round()
        for _ in range(3):  # whoever was claimed comes to the gate
            await asyncio.sleep(0)

    async def open_gate(self, waiting: Sequence[Waiting]) -> list[tuple[Parcel, bool]]:
        """Let some of those who wait be asked for, and leave or land; what the gate said."""
        self.gate.answers.clear()
        for one in waiting:
            self.gate.waiting.remove(one)
            one.opens.set()
        if waiting:
            await asyncio.wait([one.flight for one in waiting])
        return list(self.gate.answers)

    async def die(self) -> list[int]:
        """The process is killed and another one begins; the rows that were on their way."""
        aloft = [one.parcel.row_id for one in self.gate.waiting]
        kill_flights()
        for _ in range(3):
            await asyncio.sleep(0)
        self.begin(self.house.clock.now())
        return aloft

    # Looks, with as little between as there can be

    def states(self) -> dict[int, OutboxState]:
        """What became of each message."""
        return {key: OutboxState(state) for key, state in self.shelf.rows("SELECT id, state FROM outbox")}

    def links(self) -> dict[int, tuple[int | None, bool, bool]]:
        """Of each invitation: who opened it, whether anybody did, whether they agreed."""
        rows = self.shelf.rows("SELECT id, opened_by, used_at, agreed_at FROM invite")
        return {key: (by, used is not None, agreed is not None) for key, by, used, agreed in rows}

    def standing(self) -> Standing:
        """Every bond as it is."""
        on: dict[int, set[Scope]] = defaultdict(set)
        for key, kind in self.shelf.rows("SELECT bond_id, kind FROM scope"):
            on[key].add(Scope(kind))
        rows = self.shelf.rows("SELECT id, state, caregiver_id FROM bond ORDER BY id")
        return {key: (BondState(state), caregiver, frozenset(on[key])) for key, state, caregiver in rows}

    # Backups

    async def restore(self, backup: Any) -> None:
        """The process ends, the copy is put back, and the next one begins as `open_vault` lets it."""
        await self.die()
        self.shelf.put_back(backup)
        await replay(self.house.database, self.stones)
