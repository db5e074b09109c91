"""What people do about everything of theirs: pause it, block us, erase it, come back."""

from hypothesis.stateful import rule

from bot.conversation.visit import Visit
from bot.people import erasure, handlers
from storage import bonds
from tests.caregivers.interleavings.stage import Stage, hands, persons, sure


class Lives(Stage):
    """Whoever goes, and may come back."""

    @rule(address=persons, sure=sure)
    def pauses_or_resumes_everything(self, address: str, sure: bool) -> None:
        self.step()
        who = self.record.people.get(address)
        if who is not None and (sure or who.paused):
            self.act(who, self._resume if who.paused else lambda visit: handlers.pause(visit, ""))
            who.paused = not who.paused
            self.tally.leavings += who.paused
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
            self.tally.leavings += who.away
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
            self.tally.leavings += 1
            self.revoked.erased[address] = self.now
            self.record.erase(who, self.now)
