"""Any order of deeds of two people and three caregivers, of crashes, and of backups put back.

The rules are what each of them can do, and what can go wrong. Beside the real house stands a `Record`. What
the claim takes or withholds, what the gate answers and what reaches the platform has to be what the record
says of that very instant, in both directions.
"""

import sys

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.caregivers.scoping import choices
from storage.outbox import OutboxState
from storage.vocabulary import Scope
from tests.caregivers.interleavings.ground import Ground
from tests.caregivers.interleavings.moves.backups import Backups
from tests.caregivers.interleavings.moves.choices import Choices
from tests.caregivers.interleavings.moves.invitations import Invitations
from tests.caregivers.interleavings.moves.letters import UNDER_WAY, Letters
from tests.caregivers.interleavings.moves.lives import Lives
from tests.caregivers.interleavings.record import Record
from tests.caregivers.interleavings.stage import CAREGIVERS, PEOPLE, Run, Start, hands, persons
from tests.caregivers.interleavings.tally import Tally

LONG_ENOUGH = 100  # rounds until the outbox has to be empty
TIED = (("alex", "anna"), ("alex", "carl"), ("bo", "dora"), ("bo", "alex"))


class Consents(Invitations, Choices, Lives, Letters, Backups):
    """All of them, in any order."""

    @classmethod
    def prepare(cls, ground: Ground, run: Run) -> Start:
        """Everybody has settled in, and most of them are tied as people are: by links, and a yes."""
        first = cls(ground, run, Tally(), Start(None, ground.house.clock.now(), Record()))
        ground.begin(first.start.at)
        for address in (*PEOPLE, *CAREGIVERS):
            first.settles_in(address)
        for address, hand in TIED:
            first.takes_on(address, hand, CAREGIVERS[0], True)
            first.switches_on(0, Scope.LOW_MOOD)
        return Start(ground.shelf.back_up(), ground.house.clock.now(), first.record)

    @rule(address=persons, hand=hands, thief=hands, confirmed=st.booleans())
    def takes_on(self, address: str, hand: str, thief: str, confirmed: bool) -> None:
        """The usual way in one go, an hour later, so that no wrong link stands in the way.

        A thief comes second, and the hand comes twice.
        """
        self.ground.house.clock.advance(3_601)
        if address == hand or address not in self.record.people or hand not in self.record.people:
            return
        self.invites(address)
        for opener in (hand, thief):
            self.opens(opener, 0)
        for agreer in (hand, hand):
            self.agrees(agreer, 0, True)
        if confirmed:
            self.confirms(0)
            self.switches_on(0, Scope.DOSE_NOT_RECORDED)

    def teardown(self) -> None:
        """In whatever state it ends, everybody is written once more; then all of it comes to an end."""
        if sys.exception() is not None:  # it has gone wrong already, or was cut short
            self.run(self.ground.die())
            return
        for who in list(self.record.people.values()):
            self.write(who, choices.TELLING[len(self.record.letters) % len(choices.TELLING)])
        for row, state in self.what_became().items():
            known = state in (OutboxState.DELIVERED, OutboxState.WITHHELD)
            unsure = state is OutboxState.UNSURE and row in self.doubtful
            lost = state is OutboxState.UNREACHABLE and self.record.letters[row].caregiver_id in self.blockers
            assert known or unsure or lost, f"letter {row} ended as {state}"

    def what_became(self) -> dict[int, OutboxState | None]:
        """What became of each letter, once nothing is under way any more."""
        before: dict[int, OutboxState] = {}
        for _ in range(LONG_ENOUGH):
            states = self.ground.states()
            ends = {row: states.get(row) for row in self.record.letters}
            if not UNDER_WAY & set(ends.values()):
                return ends
            if states == before:  # nothing moves by itself: a lease has to run out
                self.ground.house.clock.advance(50)
            before = states
            self.claims()
            self.asks(True)
        raise AssertionError("every letter ends")
