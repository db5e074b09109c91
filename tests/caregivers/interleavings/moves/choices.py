"""Taps about a bond: the person's, and the caregiver who leaves."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.caregivers import caring as their_side
from bot.caregivers import circle
from bot.caregivers.scoping import page
from bot.conversation.visit import Visit
from storage import caring, scopes
from storage.vocabulary import BondState, Review, Scope
from tests.caregivers.interleavings.record import MOODS_LAST
from tests.caregivers.interleavings.stage import Stage, kinds, sure, which

reviews = st.sampled_from(Review)


class Choices(Stage):
    """What is shared, and for how long."""

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
            self.tally.leavings += 1
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

    @rule(number=which, review=reviews)
    def asks_to_be_asked_first(self, number: int, review: Review) -> None:
        """Or not to be: whatever is set in another way has to be known to let anything out."""
        self.step()
        tie = self.a_tie(number, BondState.LIVE)
        if tie is not None:
            wish = f"{tie.key}.{review.value}"
            self.act(self.owner(tie), lambda visit: page.review(visit, wish))
            self.record.set_review(tie, review, self.revoked, self.now)

    @rule(number=which)
    def pauses(self, number: int) -> None:
        self.step()
        if tie := self.tap(number, circle.pause, BondState.LIVE):
            self.tally.leavings += 1
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
            self.tally.leavings += 1
            self.record.end(tie, self.revoked, self.now)

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
            self.tally.leavings += 1
            self.record.leave(tie, self.revoked, self.now)
