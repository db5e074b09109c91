"""Any order of deeds of two people and three caregivers, of crashes, and of backups put back.

The rules are what each of them can do, and what can go wrong. Beside the real house stands a `Record`. What
the claim takes or withholds, what the gate answers and what reaches the platform has to be what the record
says of that very instant, in both directions.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.caregivers import caring as their_side
from bot.caregivers import circle, inviting, opening
from bot.caregivers.scoping import choices, page
from bot.conversation.message import Message
from bot.conversation.text import compose
from bot.conversation.visit import Visit
from bot.people import erasure, handlers
from scheduler.courier import Parcel
from scheduler.outcomes import Delivered, Outcome
from storage import bonds, caring, scopes, told
from storage.grants import Grant, Receipt
from storage.outbox import OutboxState
from storage.told import Told
from storage.vocabulary import BondState, Scope
from tests.caregivers.interleavings.ground import Deed, Ground
from tests.caregivers.interleavings.record import MOODS_LAST, Link, Record, Revocations, Somebody, Tie

PEOPLE, CAREGIVERS = ("alex", "bo"), ("anna", "carl", "dora")
WORDS = compose("As of 09:00, the 08:00 dose is not recorded.")
MOST_BACKUPS, MOST_UNDER_WAY = 3, 16
# Seconds: a moment, past a lease, past a link, past an unconfirmed bond, past low moods, past a consent.
WAITS = (*(1, 20, 50, 600) * 4, 31 * 60, 25 * 3_600, 16 * 86_400, 31 * 86_400, *(91 * 86_400,) * 3)
UNDER_WAY = frozenset({OutboxState.PENDING, OutboxState.LEASED})
LONG_ENOUGH = 100  # rounds until the outbox has to be empty
TIED = (("alex", "anna"), ("alex", "carl"), ("bo", "dora"), ("bo", "alex"))
Run = Callable[[Coroutine[Any, Any, Any]], Any]

persons = st.sampled_from(PEOPLE)
hands = st.sampled_from((*CAREGIVERS, *CAREGIVERS, *PEOPLE))
which = st.integers(0, 5)
sure = st.sampled_from((False, False, True))  # what ends something is rarer, or nothing is left to end
kinds = st.sampled_from(choices.TELLING)


@dataclass
class Tally:
    """What was played and looked at. A case is one letter that the claim or the gate decided on."""

    interleavings: int = 0
    steps: int = 0
    letters: int = 0
    claimed: int = 0
    withheld_at_claim: int = 0
    passed_gate: int = 0
    withheld_at_gate: int = 0
    sends: int = 0
    bonds: int = 0
    dead_links: int = 0
    crashes: int = 0
    restores: int = 0

    @property
    def cases(self) -> int:
        return self.claimed + self.withheld_at_claim + self.passed_gate + self.withheld_at_gate

    def __str__(self) -> str:
        counts = (f"{each.name.replace('_', ' ')}: {getattr(self, each.name):,}" for each in fields(self))
        return ", ".join((f"cases: {self.cases:,}", *counts))


@dataclass(frozen=True)
class Start:
    """How every interleaving begins."""

    database: bytes
    at: datetime
    record: Record


class Consents(RuleBasedStateMachine):
    """One house with a courier that stops at the gate until it is told to go on."""

    def __init__(self, ground: Ground, run: Run, tally: Tally, start: Start) -> None:
        super().__init__()
        self.ground, self.run, self.tally, self.start = ground, run, tally, start
        self.record, self.revoked = Record(), Revocations()
        self.backups: list[tuple[bytes, Record]] = []
        self.under_way = 0
        self.blockers: set[int] = set()
        self.doubtful: set[int] = set()
        self.wrong: list[str] = []
        tally.interleavings += 1

    @initialize()
    def begins(self) -> None:
        self.ground.stones.path.unlink(missing_ok=True)
        self.ground.put_back(self.start.database)
        self.ground.begin(self.start.at)
        self.ground.house.platform.script = self.arrives
        self.record = self.start.record.copy()

    @classmethod
    def prepare(cls, ground: Ground, run: Run) -> Start:
        """Everybody has settled in, and most of them are tied as people are: by links, and a yes."""
        first = cls(ground, run, Tally(), Start(b"", ground.house.clock.now(), Record()))
        ground.begin(first.start.at)
        for address in (*PEOPLE, *CAREGIVERS):
            first.settles_in(address)
        for address, hand in TIED:
            first.takes_on(address, hand, CAREGIVERS[0], True)
            first.switches_on(0, Scope.LOW_MOOD)
        return Start(ground.back_up(), ground.house.clock.now(), first.record)

    # In hand

    @property
    def now(self) -> Any:
        return self.ground.house.clock.now()

    def step(self) -> None:
        """No two deeds have the same instant."""
        self.tally.steps += 1
        self.ground.house.clock.advance(0.001)

    def settles_in(self, address: str) -> None:
        key = self.run(self.ground.settle_in(address))
        self.record.people[address] = Somebody(key, address, self.now)

    def act(self, who: Somebody, deed: Deed) -> list[int]:
        found: list[int] = self.run(self.ground.act(who.address, deed))
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

    # Invitations

    @rule(address=persons)
    def invites(self, address: str) -> None:
        self.step()
        if who := self.record.people.get(address):
            before = len(self.ground.payloads)
            self.act(who, lambda visit: inviting.invite(visit, ""))
            if len(self.ground.payloads) > before:
                key = max(self.run(self.ground.links()))
                self.record.invite(who, key, self.ground.payloads[-1], self.now)

    @precondition(lambda self: self.record.links)
    @rule(address=hands, number=which)
    def opens(self, address: str, number: int) -> None:
        self.step()
        who, link = self.record.people.get(address), self.a_link(number)
        if who is not None and link is not None:
            payload = link.payload
            self.act(who, lambda visit: opening.opened(visit, payload))
            self.record.open(who, link, self.now)
            self.links_are_as_recorded()

    @precondition(lambda self: self.record.links)
    @rule(address=hands, number=which, thief=st.booleans())
    def agrees(self, address: str, number: int, thief: bool) -> None:
        """Whoever has opened it, or anybody who has a question of ours open from before."""
        self.step()
        link = self.a_link(number)
        opener = self.record.by_key(link.opener) if link is not None and not thief else None
        who = opener or self.record.people.get(address)
        if who is None or link is None:
            return
        answers = {"invite": link.key, "agreed": "1", "name": "Alex"}
        can, before = self.record.can_agree(who, link, self.now), self.run(self.ground.standing())
        self.act(who, lambda visit: opening.agree(visit, answers))
        new = sorted(set(self.run(self.ground.standing())) - set(before))
        assert len(new) == can, f"{len(new)} bonds of an invitation that makes {int(can)}"
        for key in new:
            self.record.agree(who, link, key, self.now)
            self.tally.bonds += 1
        self.tally.dead_links += not can
        self.links_are_as_recorded()

    def links_are_as_recorded(self) -> None:
        real = self.run(self.ground.links())
        recorded = {link.key: (link.opener, link.opened, link.agreed) for link in self.record.links}
        assert real == recorded

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

    # What the person does about a bond

    @rule(number=which)
    def confirms(self, number: int) -> None:
        self.step()
        if tie := self.tap(number, circle.confirm, BondState.AGREED):
            self.record.confirm(tie, self.revoked, self.now)

    @rule(number=which)
    def denies(self, number: int) -> None:
        self.step()
        tie = self.tap(number, circle.deny, BondState.AGREED)
        if tie is not None and tie.state is BondState.AGREED:
            self.record.end(tie, self.revoked, self.now)

    @rule(number=which, kind=kinds)
    def switches_on(self, number: int, kind: Scope) -> None:
        self.step()
        tie = self.a_tie(number, BondState.LIVE)
        if tie is not None and tie.caregiver is not None:
            key, until = tie.key, self.now + MOODS_LAST if kind is Scope.LOW_MOOD else None

            async def switch(visit: Visit) -> None:
                if bond := await page.owned(visit, str(key)):
                    await scopes.switch_on(visit.session, bond, kind, visit.now, confirmed_until=until)

            self.act(self.owner(tie), switch)
            self.record.switch_on(tie, kind, self.now)

    @rule(number=which, kind=kinds)
    def switches_off(self, number: int, kind: Scope) -> None:
        self.step()
        tie = self.a_tie(number, BondState.LIVE)
        if tie is not None:
            key, off = tie.key, kind if kind in tie.on else next(iter(tie.on), kind)

            async def switch(visit: Visit) -> None:
                if bond := await page.owned(visit, str(key)):
                    await self.ground.stones.lay_for_scope(visit.session, bond, off, visit.now)
                    await scopes.switch_off(visit.session, bond, off, visit.now)

            self.act(self.owner(tie), switch)
            self.record.switch_off(tie, off, self.revoked, self.now)

    @rule(number=which)
    def pauses(self, number: int) -> None:
        self.step()
        if tie := self.tap(number, circle.pause, BondState.LIVE):
            self.record.pause(tie, self.revoked, self.now)

    @rule(number=which)
    def goes_on(self, number: int) -> None:
        self.step()
        if tie := self.tap(number, circle.go_on, BondState.PAUSED):
            self.record.go_on(tie, self.now)

    @rule(number=which)
    def renews(self, number: int) -> None:
        self.step()
        if tie := self.tap(number, circle.renew, BondState.LIVE):
            self.record.renew(tie, self.now)

    @rule(number=which, sure=sure)
    def ends(self, number: int, sure: bool) -> None:
        self.step()
        if sure and (tie := self.tap(number, circle.end, BondState.LIVE, BondState.PAUSED)):
            self.record.end(tie, self.revoked, self.now)

    # What the caregiver does

    @rule(number=which, sure=sure)
    def leaves(self, number: int, sure: bool) -> None:
        """By their own entry for the person, if there is one."""
        self.step()
        tie = self.a_tie(number, BondState.LIVE, BondState.AGREED)
        who = self.record.by_key(tie.caregiver) if tie is not None else None
        if tie is None or who is None or not sure:
            return
        between = [each.key for each in self.record.between(tie.person, tie.caregiver)]
        pressed: list[int] = []

        async def leave(visit: Visit) -> None:
            entries = await caring.of_bonds(visit.session, between)
            if entries:
                pressed.append(max(entries))
                await their_side.leave(visit, str(entries[max(entries)].key))

        self.act(who, leave)
        if pressed:
            self.record.leave(tie, self.revoked, self.now)

    # What people do about themselves

    @rule(address=persons, sure=sure)
    def pauses_or_resumes_everything(self, address: str, sure: bool) -> None:
        self.step()
        who = self.record.people.get(address)
        if who is not None and (sure or who.paused):
            self.act(who, self._resume if who.paused else lambda visit: handlers.pause(visit, ""))
            who.paused = not who.paused
            if not who.paused:
                self.record.back(who, self.now)

    @staticmethod
    async def _resume(visit: Visit) -> None:
        await handlers.resume(visit, "")
        await visit.session.flush()
        await bonds.begin_anew(visit.session, visit.person.key, visit.now)

    @rule(address=persons, sure=sure)
    def blocks_or_unblocks_us(self, address: str, sure: bool) -> None:
        self.step()
        who = self.record.people.get(address)
        if who is not None and (sure or who.away):
            self.act(who, self._unblock if who.away else self._block)
            who.away = not who.away
            self.blockers.add(who.key)
            if not who.away:
                self.record.back(who, self.now)

    @staticmethod
    async def _block(visit: Visit) -> None:
        visit.person.reachable = False

    @staticmethod
    async def _unblock(visit: Visit) -> None:
        visit.person.reachable = True
        await visit.session.flush()
        await bonds.begin_anew(visit.session, visit.person.key, visit.now)

    @rule(address=hands, sure=sure)
    def erases_everything_or_comes_back(self, address: str, sure: bool) -> None:
        self.step()
        who = self.record.people.get(address)
        if who is None:
            self.settles_in(address)
        elif sure:
            self.act(who, lambda visit: erasure.erase(visit, ""))
            self.revoked.erased[address] = self.now
            self.record.erase(who, self.now)

    # Letters and the courier

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
            Receipt(Grant(tie.key, scope), to)
            for tie in self.record.ties.values()
            if tie.person == who.key and tie.state is not BondState.ENDED and (to := tie.caregiver)
            for scope in (*list(tie.on)[:1], kind)
        ]

        async def write(visit: Visit) -> None:
            receivers = await visit.receivers({receipt.caregiver_id for receipt in receipts})
            sealed = told.seal_text(visit.sealer, WORDS.plain)
            for receipt in receipts:
                bond_id, scope = receipt.grant
                entry = Told(
                    bond_id=bond_id, person_id=who.key, kind=scope, text_sealed=sealed, made_at=visit.now
                )
                visit.letter(receivers[receipt.caregiver_id], Message(WORDS), receipt.grant, entry)

        rows = self.act(who, write)
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
        before = self.run(self.ground.states())
        self.run(self.ground.round())
        after = self.run(self.ground.states())
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

    def may_leave(self, parcel: Parcel) -> bool:
        assert parcel.grant is not None
        assert parcel.person_id is not None
        return self.record.lets_out(Receipt(parcel.grant, parcel.person_id), self.now)

    def arrives(self, parcel: Parcel) -> Outcome:
        """At the platform."""
        self.tally.sends += 1
        if not self.may_leave(parcel):
            self.wrong.append(f"letter {parcel.row_id} was sent without consent")
        return Delivered(f"m{self.tally.sends}")

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

    # Backups

    @rule()
    def a_backup_is_made(self) -> None:
        self.step()
        self.backups = [*self.backups, (self.ground.back_up(), self.record.copy())][-MOST_BACKUPS:]

    @precondition(lambda self: self.backups)
    @rule(number=which)
    def a_backup_is_put_back(self, number: int) -> None:
        self.step()
        backup, record = self.backups[number % len(self.backups)]
        self.run(self.ground.restore(backup))
        self.tally.restores += 1
        self.record = record.copy()
        self.record.revoke_again(self.revoked)
        self.doubtful.update(self.record.letters)
        self.bonds_are_as_recorded()

    def bonds_are_as_recorded(self) -> None:
        real = self.run(self.ground.standing())
        assert set(real) == set(self.record.ties)
        for key, tie in self.record.ties.items():
            state, caregiver, on = real[key]
            assert (state, caregiver) == (tie.state, tie.caregiver)
            assert on == frozenset(tie.on) or state is BondState.ENDED, "what has ended lets out nothing"

    def teardown(self) -> None:
        """Whatever is still under way comes to an end."""
        for _ in range(LONG_ENOUGH):
            states = self.run(self.ground.states())
            if not UNDER_WAY & {states[row] for row in self.record.letters if row in states}:
                break
            self.ground.house.clock.advance(50)
            self.claims()
            self.asks(True)
        else:
            raise AssertionError("every letter ends")
        ends = {row: states.get(row) for row in self.record.letters}
        for row, state in ends.items():
            known = state in (OutboxState.DELIVERED, OutboxState.WITHHELD)
            unsure = state is OutboxState.UNSURE and row in self.doubtful
            lost = state is OutboxState.UNREACHABLE and self.record.letters[row].caregiver_id in self.blockers
            assert known or unsure or lost, f"letter {row} ended as {state}"
