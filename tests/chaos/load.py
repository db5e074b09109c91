"""Work for the bot: people with many doses a day, time that goes on to the next of them, taps on buttons."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.standin import deeds
from bot.standin.view import buttons_of
from tests.chaos.oracle import Slot, any_leased, earliest, name_of, sent
from tests.chaos.population import FIRST, populate
from tests.chaos.yard import ACCOUNT, Yard, within

EVERY = timedelta(hours=3)
TIMES = tuple(time(hour) for hour in range(0, 24, 3))
START = datetime(2026, 3, 5, 8, 59, 30, tzinfo=UTC)
FIRST_SLOT = datetime(2026, 3, 5, 9, tzinfo=UTC)
STILL = 0.3  # seconds without a request after which there is nothing more to do now
SETTLED_SECONDS = 2.0
TOGETHER = timedelta(seconds=10)  # what waits for nearly the same time goes together
CROWD_SECONDS, FINISH_SECONDS = 60.0, 600.0
TAKEN = "Taken"


async def settle(folder: Path, people: int, database_url: str | None = None, **habits: Any) -> list[int]:
    """People whose medicine is due eight times a day, and whom the bot asks once; first at nine."""
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - nothing else runs yet
    return await populate(folder, ACCOUNT, people, TIMES, START, database_url, nudges=0, **habits)


@dataclass(slots=True)
class Load:
    """The people of a yard. `taps`: the doses whose button was pressed."""

    yard: Yard
    chats: Sequence[int]
    draw: random.Random
    taps: set[Slot] = field(default_factory=set)
    slots: list[datetime] = field(default_factory=list)
    _next: datetime = FIRST_SLOT
    _fell_due: int = 0  # how many requests had been made when the last dose fell due

    async def welcome(self, faults: Sequence[dict[str, Any]] = ()) -> None:
        """They have all started the bot, and Telegram behaves as it does."""
        await self.call("people", {"first_id": FIRST, "count": len(self.chats)})
        await self.call("faults", {"rules": list(faults), "seed": self.draw.randrange(10**6)})

    async def call(self, path: str, body: dict[str, Any]) -> None:
        async with self.yard.http.post(f"{self.yard.api}/control/{path}", json=body) as reply:
            assert reply.status == 200, await reply.text()

    @property
    def expected(self) -> set[Slot]:
        """What has fallen due so far."""
        return {(chat, name_of(at.date(), at.time())) for at in self.slots for chat in self.chats}

    def due_before(self, end: datetime) -> set[Slot]:
        """Every dose until then, whether anybody let it fall due by name or time just passed."""
        count = -((FIRST_SLOT - end) // EVERY)
        falls = [FIRST_SLOT + EVERY * number for number in range(count)]
        return {(chat, name_of(at.date(), at.time())) for at in falls for chat in self.chats}

    def nearly(self, before: timedelta) -> None:
        """Time passes until so long before everybody's next dose is due."""
        self.yard.watch.advance_to(self._next - before)

    def next_slot(self) -> None:
        """Time passes until everybody's next dose is due."""
        self._fell_due = self.yard.log.count
        self.yard.watch.advance_to(self._next + timedelta(seconds=1))
        self.slots.append(self._next)
        self._next += EVERY

    async def crowd(self) -> None:
        """Everybody's next dose is due, and the first reminders leave."""
        self.next_slot()
        assert await self._sends(CROWD_SECONDS), "no reminder left"

    def tap(self, most: int = 3) -> int:
        """Some people press a button that they see; how many updates that makes.

        Only for the dose that was due last: who takes two within a moment is asked whether they are the same
        one, and a question is no record.
        """
        there = self._untapped()
        return sum(self._press(slot) for slot in self.draw.sample(there, min(most, len(there))))

    async def more_to_tap(self, count: int) -> None:
        """Until so many of the reminders that have come are not tapped yet."""
        assert await within(CROWD_SECONDS, lambda: len(self._untapped()) >= count), "too few reminders came"

    def _untapped(self) -> list[Slot]:
        last = name_of(self.slots[-1].date(), self.slots[-1].time())
        came = dict.fromkeys(one.slot for one in sent(self.yard.log, self._fell_due))
        return [slot for slot in came if slot[1] == last and slot not in self.taps]

    def _press(self, slot: Slot) -> bool:
        chat = self.yard.standin.world.chats[slot[0]]
        for message in reversed(chat.messages.values()):
            labels = [button["text"] for row in buttons_of(message) for button in row]
            if slot[1] in str(message.get("text")) and TAKEN in labels:
                press = {"chat": chat.id, "from": chat.id, "message_id": message["message_id"]}
                with suppress(deeds.ImpossibleError):
                    deeds.press(self.yard.standin.world, press | {"button": TAKEN})
                    self.taps.add(slot)
                    return True
        return False

    @property
    def unread(self) -> int:
        """Updates that the bot has not acknowledged."""
        return len(self.yard.standin.world.updates.pending)

    async def heard(self) -> None:
        """Until the bot has acknowledged every update."""
        async with asyncio.timeout(CROWD_SECONDS):
            while self.unread:
                await asyncio.sleep(0.005)

    async def move(self) -> bool:
        """Wait until the bot sends something; when it has nothing to do, let time pass. True if it sends.

        Nobody's next dose falls due while a tap is unread: heard that late it may be asked about.
        """
        if await self._sends(STILL):
            return True
        waits = await self._waits()
        if waits is None and not self.unread:
            self.next_slot()
        elif waits is not None and waits > self.yard.watch.now():
            self.yard.watch.advance_to(waits + TOGETHER)
        return await self._sends(2.0)

    async def finish(self) -> None:
        """Until nothing is under way and every update is acknowledged."""
        async with asyncio.timeout(FINISH_SECONDS):
            while True:
                if await self._sends(STILL):
                    continue
                waits = await self._waits()
                if waits is None and not self.unread:
                    return
                if waits is not None and waits > self.yard.watch.now():
                    self.yard.watch.advance_to(waits + TOGETHER)

    async def _waits(self) -> datetime | None:
        """When something changes, however long that is; None when nothing is under way.

        A living worker writes down within a moment what became of a message, unless the machine is busy. Only
        for the leases of a dead one time may pass until they run out.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SETTLED_SECONDS
        while loop.time() < deadline and await any_leased(self.yard.database):
            await asyncio.sleep(0.05)
        return await earliest(self.yard.database, self.yard.watch.now(), self.yard.at_work)

    async def _sends(self, seconds: float) -> bool:
        """Whether something is said within this time."""
        log, loop = self.yard.log, asyncio.get_running_loop()
        before, deadline = log.methods["sendMessage"], loop.time() + seconds
        while log.methods["sendMessage"] == before:
            if loop.time() > deadline:
                return False
            await asyncio.sleep(0.005)
        return True
