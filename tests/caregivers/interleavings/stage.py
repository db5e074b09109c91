"""What every move has in hand: the real house, the record beside it, and whoever is to act."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from bot.caregivers.scoping import choices
from bot.conversation.visit import Visit
from scheduler.outcomes import Delivered, Outcome
from scheduler.parcel import Parcel
from storage.vocabulary import BondState
from tests.caregivers.interleavings.ground import Deed, Ground
from tests.caregivers.interleavings.record import Link, Record, Revocations, Somebody, Tie
from tests.caregivers.interleavings.tally import Tally

PEOPLE, CAREGIVERS = ("alex", "bo"), ("anna", "carl", "dora")
Run = Callable[[Coroutine[Any, Any, Any]], Any]

persons = st.sampled_from(PEOPLE)
hands = st.sampled_from((*CAREGIVERS, *CAREGIVERS, *PEOPLE))
which = st.integers(0, 5)
sure = st.sampled_from((False, False, True))  # what ends something is rarer, or nothing is left to end
kinds = st.sampled_from(choices.TELLING)


@dataclass(frozen=True)
class Start:
    """How every interleaving begins."""

    database: Any
    at: datetime
    record: Record


class Stage(RuleBasedStateMachine):
    """One house with a courier that stops at the gate until it is told to go on."""

    def __init__(self, ground: Ground, run: Run, tally: Tally, start: Start) -> None:
        super().__init__()
        self.ground, self.run, self.tally, self.start = ground, run, tally, start
        self.record, self.revoked = Record(), Revocations()
        self.backups: list[tuple[Any, Record]] = []
        self.under_way = 0
        self.blockers: set[int] = set()
        self.doubtful: set[int] = set()
        self.wrong: list[str] = []
        tally.cases += 1

    @initialize()
    def begins(self) -> None:
        self.ground.stones.path.unlink(missing_ok=True)
        self.ground.shelf.put_back(self.start.database)
        self.ground.begin(self.start.at)
        self.ground.house.platform.script = self.arrives
        self.record = self.start.record.copy()
        self.backups = [(self.start.database, self.start.record)]  # as of the night before

    @property
    def now(self) -> datetime:
        return self.ground.house.clock.now()

    def step(self) -> None:
        """No two deeds have the same instant."""
        self.tally.steps += 1
        self.ground.house.clock.advance(0.001)

    def settles_in(self, address: str) -> None:
        key = self.run(self.ground.settle_in(address))
        self.record.people[address] = Somebody(key, address, self.now)

    def act(self, who: Somebody, deed: Deed, *, speaks: bool = True) -> list[int]:
        """Somebody does something; by that alone they are heard of again."""
        if speaks:
            self.record.hear(who, self.now)
        found: list[int] = self.run(self.ground.act(who.address, deed, speaks=speaks))
        return found

    def a_link(self, number: int) -> Link | None:
        """One of the newest, or None."""
        newest = self.record.links[-4:]
        return newest[-1 - number % len(newest)] if newest else None

    def a_tie(self, number: int, *states: BondState) -> Tie | None:
        """One of the newest bonds, in one of these states if any is."""
        ties = sorted(self.record.ties.values(), key=lambda tie: tie.agreed_at)
        wanted = [tie for tie in ties if tie.state in states] or ties
        newest = wanted[-6:]
        return newest[-1 - number % len(newest)] if newest else None

    def owner(self, tie: Tie) -> Somebody:
        found = self.record.by_key(tie.person)
        assert found is not None
        return found

    def tap(self, number: int, deed: Callable[[Visit, str], Any], *states: BondState) -> Tie | None:
        """The person presses a button of one bond; which."""
        tie = self.a_tie(number, *states)
        if tie is not None:
            key = str(tie.key)
            self.act(self.owner(tie), lambda visit: deed(visit, key))
        return tie

    def may_leave(self, parcel: Parcel) -> bool:
        assert parcel.receipt is not None
        return self.record.lets_out(parcel.receipt, self.now)

    def arrives(self, parcel: Parcel) -> Outcome:
        """At the platform."""
        self.tally.sends += 1
        if not self.may_leave(parcel):
            self.wrong.append(f"letter {parcel.row_id} was sent without consent")
        return Delivered(f"m{self.tally.sends}")
