"""Letters on their way: written, claimed, asked for at the gate, and a process that is killed meanwhile."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.conversation.message import Message
from bot.conversation.text import compose
from bot.conversation.visit import Visit
from storage import told
from storage.grants import Grant, Receipt
from storage.outbox import OutboxState
from storage.told import Told
from storage.vocabulary import BondState, Scope
from tests.caregivers.interleavings.record import Somebody
from tests.caregivers.interleavings.stage import PEOPLE, Stage, kinds, persons

WORDS = compose("As of 09:00, the 08:00 dose is not recorded.")
MOST_UNDER_WAY = 16
# Seconds: a moment, past a lease, past a link, past an unconfirmed bond, past low moods, past a consent.
WAITS = (*(1, 20, 50, 600) * 4, 31 * 60, 25 * 3_600, 16 * 86_400, 31 * 86_400, *(91 * 86_400,) * 3)
UNDER_WAY = frozenset({OutboxState.PENDING, OutboxState.LEASED})


class Letters(Stage):
    """What is written, and who lets it out."""

    @precondition(lambda self: self.under_way < MOST_UNDER_WAY)
    @rule(kind=kinds, claimed=st.booleans())
    def everybody_is_written(self, kind: Scope, claimed: bool) -> None:
        """By whatever scope is on, and by one that may be off: whoever writes does not always know."""
        self.step()
        for who in [self.record.people[address] for address in PEOPLE if address in self.record.people]:
            self.write(who, kind)
        if claimed:
            self.claims()

    @precondition(lambda self: self.under_way < MOST_UNDER_WAY)
    @rule(address=persons, kind=kinds)
    def one_writes(self, address: str, kind: Scope) -> None:
        self.step()
        if who := self.record.people.get(address):
            self.write(who, kind)

    def write(self, who: Somebody, kind: Scope) -> None:
        """A letter for each bond of one person by a scope that is on, and one by this scope."""
        receipts = [
            Receipt(Grant(tie.key, scope), to, self.now)
            for tie in self.record.ties.values()
            if tie.person == who.key and tie.state is not BondState.ENDED and (to := tie.caregiver)
            for scope in (*list(tie.on)[:1], kind)
        ]
        if not receipts:
            return

        async def write(visit: Visit) -> None:
            receivers = await visit.receivers({receipt.caregiver_id for receipt in receipts})
            sealed = told.seal_text(visit.sealer, WORDS.plain)
            for receipt in receipts:
                bond_id, scope = receipt.grant
                entry = Told(
                    bond_id=bond_id, person_id=who.key, kind=scope, text_sealed=sealed, made_at=visit.now
                )
                visit.letter(receivers[receipt.caregiver_id], Message(WORDS), receipt.grant, entry)

        rows = self.act(who, write, speaks=False)
        self.record.letters |= dict(zip(rows, receipts, strict=True))
        self.tally.letters += len(rows)
        self.under_way += len(rows)

    @rule()
    def the_courier_claims(self) -> None:
        self.step()
        self.claims()

    @rule()
    def the_courier_carries(self) -> None:
        """With nothing between the claim and the gate but what was there before."""
        self.step()
        self.claims()
        self.asks(True)
        self.claims()

    def claims(self) -> None:
        """Who is claimed has consent at this instant, and who is withheld has none."""
        before = self.ground.states()
        self.run(self.ground.round())
        after = self.ground.states()
        for row, state in after.items():
            if state is before.get(row) or row not in self.record.letters:
                continue
            live = self.record.lets_out(self.record.letters[row], self.now)
            if state is OutboxState.LEASED:
                self.tally.claimed += 1
                assert live, f"letter {row} was claimed without consent"
            elif state is OutboxState.WITHHELD and row not in self.ground.gate.held_back:
                self.tally.withheld_at_claim += 1
                assert not live, f"letter {row} was withheld with consent"
        self.ground.gate.held_back.clear()
        self.under_way = len([row for row in self.record.letters if after.get(row) in UNDER_WAY])

    @precondition(lambda self: self.ground.gate.waiting)
    @rule(everybody=st.booleans())
    def the_gate_is_asked(self, everybody: bool) -> None:
        self.step()
        self.asks(everybody)

    def asks(self, everybody: bool) -> None:
        """What the gate says is what the record says; what reaches the platform is looked at by itself."""
        waiting = self.ground.gate.waiting
        answers = self.run(self.ground.open_gate(list(waiting) if everybody else waiting[:1]))
        for parcel, answer in answers:
            assert answer == self.may_leave(parcel), f"the gate says {answer} of letter {parcel.row_id}"
            self.tally.passed_gate += answer
            self.tally.withheld_at_gate += not answer
        assert self.wrong == []

    @rule()
    def we_are_killed(self) -> None:
        """What was claimed stays so until its lease runs out."""
        self.step()
        self.tally.crashes += 1
        self.dies()

    def dies(self) -> None:
        self.doubtful.update(self.record.letters)
        self.run(self.ground.die())

    @rule(seconds=st.sampled_from(WAITS))
    def time_passes(self, seconds: int) -> None:
        self.step()
        self.ground.house.clock.advance(seconds)
