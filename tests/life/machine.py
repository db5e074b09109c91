"""Any order of deeds in one person's life: in the real rooms, and beside them on the rules alone.

The rules of the machine are what a person can do and what can go wrong. After each of them the rows and the
timer of the real house are what the rules of doses make of the same life (`tests.years.rooms`), and the
witness of `tests.years.promises` has seen no promise broken. Rules for what is added later go beside those of
the record, and their deeds into `tests.years.deeds`.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.doses import rules
from bot.medicines.rules import weekend_timing
from scheduler.localtime import zone
from scheduler.timing import AsNeeded, Daily, EveryNDays, Interval, PerWeekday, Timing, Weekly
from storage import adherence_days
from storage.adherence import day_counts
from storage.vocabulary import DoseState, RegimenState, SkipReason
from tests.life.house import UNDER_WAY, again, home
from tests.years import deeds
from tests.years.deeds import Deed
from tests.years.order import a_plan
from tests.years.person import Dose, Person
from tests.years.promises import Promises
from tests.years.rooms import Rooms

BEGINS = datetime(2026, 3, 26, 5, 0, tzinfo=UTC)  # three days before Europe's clocks change
MOST_COPIES = 3
# Whether the dose book reads our outages yet, and whether every change of a dose counts its day anew.
OUTAGES_ARE_READ = True
DAYS_ARE_KEPT = True
ZONES = (
    *("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "America/Los_Angeles"),
    *("Australia/Lord_Howe", "Asia/Beirut", "Pacific/Kiritimati"),
)
TIMINGS: tuple[Timing, ...] = (
    Daily((time(8),)),
    Daily((time(9), time(21))),
    Daily((time(2, 30),)),
    Daily((time(0), time(23, 50))),
    Weekly(frozenset({0, 3, 4, 5, 6}), (time(7, 15),)),
    PerWeekday((*((time(8),),) * 5, (time(10),), (time(10),))),
    EveryNDays(2, BEGINS.date(), (time(12),)),
    Interval(8, BEGINS, "due"),
    Interval(8, BEGINS, "taken"),
    Interval(4, BEGINS, "due", (time(7), time(23))),
    weekend_timing((time(7),), (time(11), time(1))),
    AsNeeded(4, 2),
)
Result = TypeVar("Result")

which = st.integers(0, 4)
spans = st.sampled_from((1, 7, 20, 45, 90, 240, 600, 1440)).map(lambda count: timedelta(minutes=count))
timings = st.sampled_from(TIMINGS)
reasons = st.sampled_from(SkipReason)


class Life(RuleBasedStateMachine):
    """One person in the real rooms, and the same person on the rules alone."""

    def __init__(self) -> None:
        super().__init__()
        self._runner, self._house = asyncio.Runner(), AsyncExitStack()
        self._folder = tempfile.TemporaryDirectory(prefix="evenkeel-life-")
        self.home = self.run(self._house.enter_async_context(home(Path(self._folder.name), BEGINS)))
        person = Person(zone("America/New_York"))
        self.away: list[tuple[datetime, datetime]] = []
        self.promises = Promises(person, self.away)
        self.rooms = Rooms(person, self.promises)
        self.now = BEGINS

    def run(self, doing: Coroutine[Any, Any, Result]) -> Result:
        return self._runner.run(doing)

    @property
    def person(self) -> Person:
        return self.rooms.person

    @property
    def resting(self) -> list[int]:
        medicines = self.person.medicines.values()
        return [one.number for one in medicines if one.state is RegimenState.PAUSED]

    @property
    def planned(self) -> list[int]:
        """The medicines with a plan that are still on the shelf."""
        kept = (one for one in self.person.medicines.values() if one.state is not RegimenState.STOPPED)
        return [one.number for one in kept if one.plan is not None]

    @property
    def as_needed(self) -> list[int]:
        medicines = self.person.medicines.values()
        return [one.number for one in medicines if isinstance(one.course, AsNeeded)]

    @property
    def reaches_us(self) -> bool:
        return not self.person.blocked

    def do(self, deed: Deed) -> None:
        """The same deed in both houses."""
        self.rooms.do(deed, self.now)
        self.run(self.home.do(deed))
        self.learn()

    def learn(self) -> None:
        """What another room of the house says may be refused, too, and so tell us that they are gone."""
        if self.person.blocked and not self.run(self.home.person()).reachable:
            self.person.reachable = False

    def look(self) -> None:
        if self.rooms.wake_at is not None and self.rooms.wake_at <= self.now:
            self.rooms.look(self.now)
        self.run(self.home.look())
        self.learn()

    def wait_until(self, until: datetime) -> None:
        while self.rooms.wake_at is not None and self.rooms.wake_at <= until:
            self.now = max(self.now, self.rooms.wake_at)
            self.home.clock.advance_to(self.now)
            self.look()
        self.now = max(self.now, until)
        self.home.clock.advance_to(self.now)
        self.look()

    def a_dose(self, number: int) -> Dose | None:
        """One of the newest doses."""
        newest = sorted(self.person.doses.values(), key=lambda dose: (dose.due_at, dose.number))[-5:]
        return newest[-1 - number % len(newest)] if newest else None

    def a_medicine(self, number: int) -> int | None:
        return 1 + number % len(self.person.medicines) if self.person.medicines else None

    # What the person does

    @initialize(timing=timings)
    def begins(self, timing: Timing) -> None:
        self.do(deeds.Add(timing))

    @precondition(lambda self: self.reaches_us and len(self.person.medicines) < 3)
    @rule(timing=timings)
    def adds(self, timing: Timing) -> None:
        self.do(deeds.Add(timing))

    @precondition(lambda self: self.reaches_us)
    @rule(number=which, timing=timings)
    def changes_the_times(self, number: int, timing: Timing) -> None:
        if medicine := self.a_medicine(number):
            self.do(deeds.ChangeTimes(medicine, timing))

    @precondition(lambda self: self.reaches_us)
    @rule(number=which, all_of_it=st.booleans())
    def pauses(self, number: int, all_of_it: bool) -> None:
        self.do(deeds.Pause(None if all_of_it else self.a_medicine(number)))

    @precondition(lambda self: self.reaches_us and self.person.paused)
    @rule()
    def resumes_all(self) -> None:
        self.do(deeds.Resume(None))

    @precondition(lambda self: self.reaches_us and self.resting)
    @rule()
    def resumes(self) -> None:
        self.do(deeds.Resume(self.resting[0]))

    @precondition(lambda self: self.reaches_us)
    @rule(key=st.sampled_from(ZONES))
    def travels(self, key: str) -> None:
        self.do(deeds.Travel(zone(key)))

    @precondition(lambda self: self.reaches_us and self.person.doses)
    @rule(number=which)
    def takes(self, number: int) -> None:
        if dose := self.a_dose(number):
            self.do(deeds.Answer(dose.medicine, dose.slot, DoseState.TAKEN))

    @precondition(lambda self: self.reaches_us and self.person.doses)
    @rule(number=which, reason=reasons)
    def skips(self, number: int, reason: SkipReason) -> None:
        if dose := self.a_dose(number):
            self.do(deeds.Answer(dose.medicine, dose.slot, DoseState.SKIPPED, reason))

    @precondition(lambda self: self.reaches_us and self.person.cards)
    @rule(number=which, way=st.sampled_from(("15", "60", "tonight")))
    def snoozes(self, number: int, way: str) -> None:
        dose = self.a_dose(number)
        if dose is not None and dose.card is not None:
            self.do(deeds.PutOff(dose.medicine, dose.slot, way))

    @precondition(lambda self: self.reaches_us)
    @rule()
    def undoes(self) -> None:
        self.do(deeds.Undo())

    @precondition(lambda self: self.reaches_us and self.person.doses)
    @rule(number=which, state=st.sampled_from((DoseState.TAKEN, DoseState.SKIPPED, DoseState.MISSED)))
    def corrects(self, number: int, state: DoseState) -> None:
        if dose := self.a_dose(number):
            reason = SkipReason.ADVISED if state is DoseState.SKIPPED else None
            self.do(deeds.Correct(dose.medicine, dose.slot, state, reason))

    @precondition(lambda self: self.reaches_us and not self.person.paused)
    @rule(number=which)
    def logs_early(self, number: int) -> None:
        today = self.person.today(self.now)
        for medicine in self.person.taken():
            slots = rules.slots_of_day(self.person.view(medicine), today)
            ahead = [one for one in slots if one.due_at > self.now]
            if ahead and medicine.number == self.a_medicine(number):
                self.do(deeds.Log(medicine.number, ahead[0].slot))

    @precondition(lambda self: self.reaches_us and self.person.medicines)
    @rule(number=which, by=st.sampled_from((-180, -45, 20, 60, 150, 400)))
    def moves(self, number: int, by: int) -> None:
        """One of today's doses, whether it has come or not; by more than may be, too."""
        today = self.person.today(self.now)
        slots = [
            (medicine.number, planned)
            for medicine in self.person.taken()
            for planned in rules.slots_of_day(self.person.view(medicine), today)
        ]
        if slots:
            medicine, planned = slots[number % len(slots)]
            to = planned.due_at + timedelta(minutes=by)
            self.do(deeds.Move(medicine, planned.slot, to))

    @precondition(lambda self: self.reaches_us)
    @rule(hours=st.sampled_from((1, 2, -1)))
    def shifts_the_day(self, hours: int) -> None:
        self.do(deeds.ShiftDay(hours))

    @precondition(lambda self: self.reaches_us and self.as_needed)
    @rule(anyway=st.booleans())
    def takes_as_needed(self, anyway: bool) -> None:
        self.do(deeds.TakeAsNeeded(self.as_needed[0], anyway))

    @precondition(lambda self: self.reaches_us and self.person.medicines)
    @rule(number=which, drawn=st.integers(0, 99))
    def writes_a_plan(self, number: int, drawn: int) -> None:
        if medicine := self.a_medicine(number):
            self.do(deeds.WritePlan(medicine, a_plan(Random(drawn), self.now)))

    @precondition(lambda self: self.reaches_us and self.planned)
    @rule(number=which, days=st.integers(1, 9), way=st.sampled_from(("push", "before", "end")))
    def changes_a_plan(self, number: int, days: int, way: str) -> None:
        medicine = self.planned[number % len(self.planned)]
        if way == "push":
            self.do(deeds.PushBack(medicine, days))
        else:
            self.do(deeds.StepBefore(medicine) if way == "before" else deeds.EndPlan(medicine))

    @precondition(lambda self: self.reaches_us and self.planned)
    @rule(number=which, where=st.booleans())
    def goes_on_with_a_plan(self, number: int, where: bool) -> None:
        self.do(deeds.GoOn(self.planned[number % len(self.planned)], where))

    @precondition(lambda self: self.reaches_us)
    @rule(at=st.sampled_from((time(0), time(3), time(5, 30))))
    def ends_the_day_at(self, at: time) -> None:
        self.do(deeds.EndDaysAt(at))

    @precondition(lambda self: self.reaches_us)
    @rule(hours=st.sampled_from((None, (time(22), time(7)), (time(7), time(12)))))
    def keeps_quiet(self, hours: tuple[time, time] | None) -> None:
        self.do(deeds.KeepQuiet(hours))

    # What happens

    @rule(span=spans)
    def time_passes(self, span: timedelta) -> None:
        self.wait_until(self.now + span)

    @precondition(lambda self: self.rooms.wake_at is not None)
    @rule(times=st.integers(1, 6))
    def what_is_due_comes(self, times: int) -> None:
        for _ in range(times):
            if self.rooms.wake_at is not None:
                self.wait_until(self.rooms.wake_at)

    @rule(span=spans)
    def we_are_away(self, span: timedelta) -> None:
        """Nothing runs; also what a clock does that jumps forward."""
        self.run(self.home.beat())
        began, self.now = self.now, self.now + span
        self.home.clock.advance_to(self.now)
        self.run(self.home.beat())
        if OUTAGES_ARE_READ:
            self.away.append((began, self.now))
            self.person.outages.append((began, self.now))
        self.look()

    @rule(span=st.sampled_from((1, 20, 75)).map(lambda count: timedelta(minutes=count)))
    def the_clock_is_put_back(self, span: timedelta) -> None:
        self.now -= span
        self.home.clock.put_back(span)
        self.look()

    @rule()
    def we_start_again(self) -> None:
        self.run(self._house.aclose())
        self._house = AsyncExitStack()
        self.home = self.run(self._house.enter_async_context(again(self.home)))

    @precondition(lambda self: self.reaches_us)
    @rule()
    def they_block_us(self) -> None:
        self.do(deeds.Block())

    @precondition(lambda self: not self.reaches_us)
    @rule()
    def they_are_back(self) -> None:
        self.do(deeds.Unblock())

    # What holds

    @invariant()
    def no_promise_is_broken(self) -> None:
        assert not self.promises.broken

    @invariant()
    def the_real_rows_are_what_the_rules_make_of_this_life(self) -> None:
        assert self.run(self.home.rows_by_slot()) == self.person.rows()
        woken = self.run(self.home.wake_at())
        assert woken == self.rooms.wake_at, (woken, self.rooms.wake_at, self.now)

    @invariant()
    def the_outbox_drains_and_no_card_comes_more_than_three_times(self) -> None:
        rows = self.run(self.home.rows())
        assert not [row for row in rows if row.state in UNDER_WAY]
        assert all(row.copies <= MOST_COPIES for row in rows)

    @invariant()
    def the_days_that_are_kept_are_those_counted_from_scratch(self) -> None:
        if DAYS_ARE_KEPT:
            self.run(self._compare_days())

    async def _compare_days(self) -> None:
        async with self.home.stage.vault.database.reading() as session:
            person = await self.home.person()
            first, last = BEGINS.date() - timedelta(days=9), self.now.date() + timedelta(days=9)
            kept = await adherence_days.of_person(session, person.key, first, last)
        counted = day_counts(dose.due_dose for dose in self.person.all_doses())
        key = lambda count: (count.day, count.regimen_id)  # noqa: E731
        assert sorted(kept, key=key) == sorted(counted, key=key)

    def teardown(self) -> None:
        try:
            self.wait_until(self.now)
            assert not self.promises.finish(self.now)
        finally:
            self.run(self._house.aclose())
            self._runner.close()
            self._folder.cleanup()
