"""What people do about everything of theirs: pause it, block us, erase it, come back."""

from hypothesis.stateful import rule

from bot.conversation.inbound import Left
from bot.conversation.router import notice_reachable
from bot.conversation.visit import Visit
from bot.people import erasure, handlers
from storage import bonds
from tests.caregivers.interleavings.record import Somebody
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
            if who.paused:
                self.falls_silent(who)
            else:
                self.record.back(who, self.now)

    @staticmethod
    async def _resume(visit: Visit) -> None:
        await handlers.resume(visit, "")
        await visit.session.flush()
        await bonds.begin_anew(visit.session, [visit.person.key], visit.now)

    @rule(address=persons, sure=sure)
    def blocks_us_or_says_something(self, address: str, sure: bool) -> None:
        self.step()
        who = self.record.people.get(address)
        if who is None:
            return
        if sure and not who.away:
            self.act(who, self._block, speaks=False)
            who.away = True
            self.blockers.add(who.key)
            self.falls_silent(who)
        else:
            self.act(who, self._nothing)

    def falls_silent(self, who: Somebody) -> None:
        self.tally.leavings += 1
        self.record.fall_silent(who, self.revoked, self.now)

    @staticmethod
    async def _block(visit: Visit) -> None:
        await notice_reachable(visit, Left())

    @staticmethod
    async def _nothing(_visit: Visit) -> None:
        pass

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
