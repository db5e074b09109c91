"""One person's year: time passes from one event to the next."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from bot.doses import rules
from scheduler.timing import Planned
from tests.years import deeds
from tests.years.chance import YEAR, Fate, fate, replies
from tests.years.deeds import Deed, Entry, Looked
from tests.years.person import Dose
from tests.years.promises import Promises
from tests.years.rooms import Rooms

MOST_LOOKS = 60_000  # a room that is woken more often in a year never rests


@dataclass(slots=True)
class Lived:
    """A year as it was: `journal` says what happened when, so that it can be lived again elsewhere."""

    seed: str
    broken: list[str]
    doses: int
    asks: int
    rooms: Rooms
    fate: Fate
    journal: list[Entry] = field(default_factory=list)


def live(
    seed: str,
    length: timedelta = YEAR,
    *,
    eventful: float = 1.0,
    orderly: bool = True,
    told_of_outages: bool = True,
    troubles: bool = True,
) -> Lived:
    """The year of one seed. `orderly` as in `fate`; `told_of_outages`: the rooms know when we were away.

    `troubles`: the platform is now and then out of order.
    """
    chance = Random(seed)
    drawn = fate(chance, length, eventful, orderly)
    if not troubles:
        drawn.person.troubles = ()
    return Year(seed, chance, drawn, told_of_outages).live()


class Year:
    """Who lives, what is still to come, and who watches."""

    def __init__(self, seed: str, chance: Random, drawn: Fate, told_of_outages: bool) -> None:
        self.seed, self.chance, self.fate = seed, chance, drawn
        self._told = told_of_outages
        self._order = count()
        self.coming: list[tuple[datetime, int, Deed]] = []
        for at, deed in drawn.plan:
            self._plan(at, deed)
        self.promises = Watching(self, drawn)
        self.rooms = Rooms(drawn.person, self.promises)
        self.journal: list[Entry] = []
        self.looks = 0

    def _plan(self, at: datetime, deed: Deed) -> None:
        heapq.heappush(self.coming, (at, next(self._order), deed))

    def live(self) -> Lived:
        away, now = list(self.fate.away), self.fate.begins
        while (following := self._next()) is not None and following <= self.fate.ends:
            now = max(now, following)  # what was to happen while we were away happens when we are back
            while away and now >= away[0][0]:
                began, ended = away.pop(0)
                now = max(now, ended)
                if self._told:
                    self.fate.person.outages.append((began, ended))
            self._happen(now)
            if self.looks > MOST_LOOKS:
                self.promises.broken.append("the room is woken without end")
                break
        return self._told_of()

    def _told_of(self) -> Lived:
        now = max(self.fate.ends, self.journal[-1].at if self.journal else self.fate.ends)
        self._look(now)
        broken, person = self.promises.finish(now), self.fate.person
        return Lived(
            self.seed, broken, len(person.doses), self.promises.asks, self.rooms, self.fate, self.journal
        )

    def _next(self) -> datetime | None:
        wake, deed = self.rooms.wake_at, self.coming[0][0] if self.coming else None
        return min((at for at in (wake, deed) if at is not None), default=None)

    def _happen(self, now: datetime) -> None:
        """All that is due; whether we look first or a press is heard first, is chance."""
        wakes = self.rooms.wake_at is not None and self.rooms.wake_at <= now
        presses = self.coming and self.coming[0][0] <= now
        if wakes and not (presses and self.chance.random() < 0.5):
            self._look(now)
        else:
            _, _, deed = heapq.heappop(self.coming)
            if not self.fate.person.blocked or isinstance(deed, deeds.Unblock):
                self.journal.append(Entry(now, deed))
                self.rooms.do(deed, now)

    def _look(self, now: datetime) -> None:
        self.looks += 1
        self.journal.append(Entry(now, Looked()))
        self.rooms.look(now)

    def reminded(self, asked: Sequence[Dose], now: datetime) -> None:
        """A reminder left: what will they do, once it has arrived?"""
        arrives = self.fate.person.leaves_at(now)
        comes = arrives < min(dose.standing.window_end for dose in asked)
        for dose in asked:
            for delay, deed in replies(self.chance, self.fate.habits, dose, now):
                if comes:
                    self._plan(arrives + delay, deed)
            if self.chance.random() < self.fate.habits.early:
                for slot in self._later_today(dose, now):
                    self._plan(now + (slot.due_at - now) / 2, deeds.Log(dose.medicine, slot.slot))
            if self.fate.habits.moves and self.chance.random() < self.fate.habits.moves:
                for slot in self._later_today(dose, now):
                    to = slot.due_at + timedelta(minutes=self.chance.randrange(-240, 240, 5))
                    self._plan(now + (slot.due_at - now) / 3, deeds.Move(dose.medicine, slot.slot, to))

    def _later_today(self, dose: Dose, now: datetime) -> list[Planned]:
        person = self.fate.person
        view = person.view(person.medicines[dose.medicine])
        return [slot for slot in rules.slots_of_day(view, person.today(now)) if slot.due_at > now]


class Watching(Promises):
    """The witness, who also lets the person react to what arrives."""

    def __init__(self, year: Year, drawn: Fate) -> None:
        super().__init__(drawn.person, drawn.away)
        self._year = year

    def asked(self, asked: Sequence[Dose], now: datetime, *, refused: bool) -> None:
        Promises.asked(self, asked, now, refused=refused)
        if not refused:
            self._year.reminded(asked, now)
