"""Links: made, opened by whoever has them, agreed to."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from bot.caregivers import inviting, opening
from tests.caregivers.interleavings.stage import Stage, hands, persons, which


class Invitations(Stage):
    """How somebody becomes a caregiver, or does not."""

    @rule(address=persons)
    def invites(self, address: str) -> None:
        self.step()
        if who := self.record.people.get(address):
            before = len(self.ground.payloads)
            self.act(who, lambda visit: inviting.invite(visit, ""))
            if len(self.ground.payloads) > before:
                key = max(self.ground.links())
                self.record.invite(who, key, self.ground.payloads[-1], self.revoked, self.now)

    @precondition(lambda self: self.record.links)
    @rule(address=hands, number=which)
    def opens(self, address: str, number: int) -> None:
        self.step()
        who, link = self.record.people.get(address), self.a_link(number)
        if who is not None and link is not None:
            payload = link.payload
            self.act(who, lambda visit: opening.opened(visit, payload))
            self.record.open(who, link, self.revoked, self.now)
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
        can, before = self.record.can_agree(who, link, self.now), self.ground.standing()
        makes = can and not self.record.goes_on(who, link, self.now)
        self.act(who, lambda visit: opening.agree(visit, answers))
        new = sorted(set(self.ground.standing()) - set(before))
        assert len(new) == makes, f"{len(new)} bonds of an invitation that makes {int(makes)}"
        if can:
            self.record.agree(link, self.revoked, self.now)
        for key in new:
            self.record.tie(who, link, key, self.revoked, self.now)
            self.tally.bonds += 1
        self.tally.dead_links += not can
        self.links_are_as_recorded()

    def links_are_as_recorded(self) -> None:
        real = self.ground.links()
        recorded = {link.key: (link.opener, link.opened, link.agreed) for link in self.record.links}
        assert real == recorded
