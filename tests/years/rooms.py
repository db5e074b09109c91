"""The doses' and the medicines' rooms without database and sentences, on the rules that the real ones run.

What wake.py, answers.py, changes.py and the medicines' handlers do with rows is done here with values, in the
same order; `tests/years/test_agreement.py` lives the same lives in the real rooms and compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, Protocol

from bot.doses import asneeded, due, life, moving, rules
from bot.doses.due import Delivery
from bot.doses.life import Standing
from bot.doses.moving import Room
from bot.doses.unplanned import free_minute
from bot.medicines import plan_rules
from bot.medicines.plan_rules import SaidPlan
from bot.medicines.rules import holds_from
from scheduler.localtime import local
from scheduler.plans import place
from scheduler.timing import AsNeeded, Interval, Planned, Slot
from scheduler.wakes import SOONEST
from storage.vocabulary import DoseKind, DoseState, RegimenState
from tests.years import deeds
from tests.years.deeds import Deed
from tests.years.person import Card, Dose, Medicine, Person

_NOTHING = due.step((), due.Nudging(0, timedelta(0)), datetime.max.replace(tzinfo=UTC))
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
ANSWERED = frozenset({DoseState.TAKEN, DoseState.SKIPPED})


class Witness(Protocol):
    """Who sees what the rooms do."""

    def wrote(self, dose: Dose, now: datetime) -> None: ...
    def asked(self, asked: Sequence[Dose], now: datetime, *, refused: bool) -> None: ...
    def caught_up(self, missing: Sequence[Dose], now: datetime, until: datetime) -> None: ...
    def ended(self, dose: Dose, now: datetime) -> None: ...
    def withdrew(self, dose: Dose, now: datetime) -> None: ...
    def answered(self, dose: Dose, state: DoseState, now: datetime) -> None: ...
    def put_off(self, dose: Dose, until: datetime) -> None: ...
    def reopened(self, dose: Dose, now: datetime, *, taken_back: bool) -> None: ...
    def moved(self, dose: Dose, now: datetime) -> None: ...
    def held_from(self, medicine: Medicine, since: datetime | None, now: datetime) -> None: ...


class Ahead(NamedTuple):
    """The next slot of a medicine from `since` on, and the taking that its hours may count from."""

    since: datetime
    last_taken: datetime | None
    due_at: datetime


class Movable(NamedTuple):
    """As `shifting.Movable` has it."""

    medicine: Medicine
    planned: Planned
    dose: Dose | None
    due_at: datetime
    after: timedelta | None
    room: Room | None


@dataclass(slots=True)
class Rooms:
    """`wake_at` is the timer of the doses' room."""

    person: Person
    witness: Witness
    wake_at: datetime | None = None
    now: datetime = field(init=False)  # of the look or the deed
    _said: bool = False
    _unheard: list[Dose] = field(default_factory=list)
    _ahead: dict[int, Ahead] = field(default_factory=dict)

    def look(self, now: datetime) -> None:
        """The timer fired."""
        self.now, self.wake_at = now, None
        self._look()
        self._find_out()

    def do(self, deed: Deed, now: datetime) -> None:
        """The person did something, or something happened to them. Before we hear it, we look."""
        if self.wake_at is not None and self.wake_at <= now and not isinstance(deed, deeds.Block):
            self.now, self.wake_at = now, None
            self._look()  # what it says leaves together with what the deed brings
        self.now = now
        match deed:
            case deeds.Answer():
                self._answer(deed)
            case deeds.PutOff():
                self._put_off(deed)
            case deeds.Undo():
                self._undo()
            case deeds.Correct():
                self._correct(deed)
            case deeds.Log():
                self._log(deed)
            case deeds.Move():
                self._move(deed)
            case deeds.ShiftDay():
                self._shift_day(deed)
            case deeds.TakeAsNeeded():
                self._take_as_needed(deed, self.person.medicines[deed.medicine])
            case _:
                self._change(deed)
        self._find_out()

    def _change(self, deed: Deed) -> None:
        number = getattr(deed, "medicine", None)
        if number is not None:
            self._of_medicine(deed, self.person.medicines[number])
            return
        match deed:
            case deeds.Add():
                self._add(deed)
            case deeds.Pause():
                self._rest()
            case deeds.Resume():
                self._go_on()
            case deeds.Travel():
                self._travel(deed)
            case deeds.Block():
                self.person.blocked = True
            case deeds.Unblock():
                self._come_back()
            case deeds.EndDaysAt():
                self._end_days_at(deed.at)
            case deeds.KeepQuiet():
                self.person.quiet = deed.hours
                self._plan_anew()

    def _of_medicine(self, deed: Deed, medicine: Medicine) -> None:
        if medicine.state is RegimenState.STOPPED:
            return  # it is on no shelf any more
        match deed:
            case deeds.ChangeTimes() if medicine.plan is None:
                self._change_times(deed)
            case deeds.Pause():
                self._halt(medicine, RegimenState.PAUSED)
            case deeds.Resume():
                self._resume(medicine)
            case deeds.Stop():
                self._halt(medicine, RegimenState.STOPPED)
            case deeds.WritePlan():
                now = medicine.as_step(self.person.today(self.now))
                self._keep(medicine, plan_rules.after_now(now, deed.plan) if now else deed.plan)
            case _ if medicine.plan is not None:
                self._of_plan(deed, medicine, medicine.plan, self.person.today(self.now))

    # doses/wake.py

    def _look(self) -> None:
        if self.person.paused:
            return
        self._write_due_doses()
        step = self._step()
        open_doses = dict(self.person.open)
        self._end([(open_doses[number], state) for number, state in step.end])
        untold = self._untold()
        for number, at in step.postpone:
            dose = open_doses[number]
            self.person.become(dose, life.postponed(self.person.standing(dose, self.now), at))
        asked = [open_doses[number] for number in step.ask]
        for dose in asked:
            stands = self.person.standing(dose, self.now)
            self.person.become(dose, life.reminded(stands, self.person.nudging(), self.now))
        self._catch_up(asked, untold)
        if asked:
            self._issue(asked)
        self.wake_at = self._next_wake(self._step())
        if self.wake_at is not None:
            self.wake_at = max(self.wake_at, self.now + SOONEST)

    def _write_due_doses(self) -> None:
        taken = self.person.taken()
        waiting = [self.person.view(each) for each in taken if self._next_of(each) <= self.now]
        for new in rules.due_doses(waiting, self.now) if waiting else ():
            dose = self.person.add(new)
            if dose is not None:
                self.witness.wrote(dose, self.now)
        for medicine in taken:
            medicine.planned_through = rules.goes_on_from(medicine.planned_through, self.now)

    def _step(self) -> due.Step:
        if not self.person.open:
            return _NOTHING
        views = [self.person.dose_view(dose, self.now) for dose in self.person.open_doses()]
        return due.step(views, self.person.nudging(), self.now)

    def _end(self, over: Sequence[tuple[Dose, DoseState]]) -> None:
        for dose, state in over:
            stands = self.person.standing(dose, self.now)
            self.person.become(dose, life.ended(stands, state, self.now))
            self.witness.ended(dose, self.now)
        for dose, _ in over:
            unread = self.person.delivery(dose, self.now) is not Delivery.ARRIVED
            if dose.state is DoseState.UNKNOWN and dose.card is not None and unread:
                self._take_back(dose.card)

    def _take_back(self, card: int) -> None:
        """As `doses.take_back_telling` has it: what was said to be told with that card was not told."""
        together = {dose.standing.told_at for dose in self.person.on_card(card)} - {None}
        for dose in self.person.unknown.values():
            if dose.standing.told_at in together:
                dose.standing = dose.standing._replace(told_at=None)

    def _untold(self) -> list[Dose]:
        if not self.person.reachable:
            return []
        untold = [dose for dose in self.person.unknown.values() if dose.standing.told_at is None]
        return sorted(untold, key=lambda dose: (dose.due_at, dose.number))

    def _catch_up(self, asked: Sequence[Dose], untold: Sequence[Dose]) -> None:
        if not untold or (not asked and self.person.quiet_until(self.now) is not None):
            return
        until = min((dose.standing.window_end for dose in asked), default=NEVER)
        self.witness.caught_up(untold, self.now, until)
        for dose in untold:
            dose.standing = dose.standing._replace(told_at=self.now)
        if asked:
            card = len(self.person.cards) + 1
            for dose in untold[-12:]:
                dose.card = card
        if self.person.blocked:
            self._unheard += untold
        self._said = True

    def _issue(self, asked: Sequence[Dose]) -> None:
        person, number = self.person, len(self.person.cards) + 1
        for dose in asked:
            dose.card = number
        until = min(dose.standing.window_end for dose in asked)
        leaves_at = person.leaves_at(self.now)
        at_once = leaves_at == self.now
        person.cards[number] = Card(leaves_at, until, refused=person.blocked, at_once=at_once)
        self.witness.asked(asked, self.now, refused=person.blocked)
        self._said = True

    def _find_out(self) -> None:
        """A message that is refused tells us that they cannot be reached, once the room is done."""
        if self._said and self.person.blocked:
            self.person.reachable = False
        for dose in self._unheard:
            dose.standing = dose.standing._replace(told_at=None)
        self._unheard = []
        self._said = False
        for number in range(len(self.person.cards), 0, -1):
            if self.person.cards[number].left:
                break
            self.person.cards[number].left = True

    def _next_wake(self, step: due.Step) -> datetime | None:
        """When to look again, having looked: `step` is what follows for the doses as they are now."""
        if self.person.paused:
            return None
        at = min(map(self._next_of, self.person.taken()), default=NEVER)
        for wish in (step.next_wake, self.person.quiet_until(self.now)):
            at = wish if wish is not None and wish < at else at
        return at if at < NEVER else None

    def _next_of(self, medicine: Medicine) -> datetime:
        """`rules.next_due`, asked again only when the slot that it found last has gone by or may have moved.

        Nothing lies between `since` and that slot, so it is the next one from anywhere in between, too.
        """
        since, taken = medicine.planned_through, medicine.last_taken
        found = self._ahead.get(medicine.number)
        if found is None or not found.since <= since < found.due_at or found.last_taken != taken:
            due_at = rules.next_due([self.person.view(medicine)], self.now) or NEVER
            found = self._ahead[medicine.number] = Ahead(since, taken, due_at)
        return found.due_at

    # doses/answers.py, handlers.py, day.py

    def _found(self, deed: deeds.Answer | deeds.PutOff | deeds.Correct | deeds.Log) -> Dose | None:
        return self.person.doses.get((deed.medicine, deed.slot))

    def _answer(self, deed: deeds.Answer) -> None:
        dose = self._found(deed)
        if dose is None:
            return
        if dose.state in life.ANSWERABLE:
            self._record(dose, deed)
        self._after()

    def _record(self, dose: Dose, deed: deeds.Answer) -> None:
        # Of a dose that is no longer open the book knows the card only if something on it still is.
        known = any(other.card == dose.card for other in self.person.open.values())
        stands = self.person.standing(dose, self.now) if known else dose.standing
        said = life.answered(stands, deed.state, self.now, reason=deed.reason, taken_at=self.now)
        self.person.become(dose, said)
        self.witness.answered(dose, deed.state, self.now)

    def _after(self) -> None:
        if self.person.paused:
            self.wake_at = None
            return
        step = self._step()
        self.wake_at = self.now if step.ask or step.end else self._next_wake(step)

    def _put_off(self, deed: deeds.PutOff) -> None:
        dose = self._found(deed)
        still = [d for d in self.person.on_card(dose.card) if d.open] if dose and dose.card else []
        if still:
            limit = min(dose.snooze_limit for dose in still)
            ways = rules.snoozes(self.now, self.person.zone, limit)
            for until in [way.until for way in ways if way.kind == deed.way]:
                for dose in still:
                    self.person.become(dose, life.put_off(self.person.standing(dose, self.now), until))
                    self.witness.put_off(dose, until)
        self._after()

    def _undo(self) -> None:
        since = self.now - rules.UNDO_WITHIN
        recent = [
            (dose.standing.ended_at, dose.number, dose)
            for dose in self.person.all_doses()
            if dose.state in ANSWERED and dose.standing.ended_at and dose.standing.ended_at >= since
        ]
        if recent:
            self._reopen(max(recent)[2])
            self._after()

    def _reopen(self, dose: Dose) -> None:
        before = dose.state
        stands = self.person.standing(dose, self.now)
        still_taken = dose.kind is DoseKind.PLANNED and self.person.still_taken(dose)
        found = life.reopened(stands, self.now, self.person.nudging(), still_taken=still_taken)
        self.person.become(dose, found)
        self.witness.reopened(dose, self.now, taken_back=before in ANSWERED)

    def _correct(self, deed: deeds.Correct) -> None:
        dose = self._found(deed)
        if dose is None:
            return
        stands, nudging = self.person.standing(dose, self.now), self.person.nudging()
        still_taken = self.person.still_taken(dose)
        found = life.corrected(
            stands, deed.state, self.now, nudging, still_taken=still_taken, reason=deed.reason
        )
        self.person.become(dose, found)
        if found.state is deed.state:
            self.witness.answered(dose, deed.state, self.now)
        else:
            self.witness.reopened(dose, self.now, taken_back=True)
        self._after()

    def _log(self, deed: deeds.Log) -> None:
        dose = self._found(deed) or self._early(deed)
        if dose is not None:
            self._answer(deeds.Answer(deed.medicine, deed.slot, DoseState.TAKEN))

    def _early(self, deed: deeds.Log) -> Dose | None:
        medicine = self.person.medicines[deed.medicine]
        if not medicine.active:
            return None
        view = self.person.view(medicine)
        slots = rules.slots_of_day(view, deed.slot.day)
        planned = next((slot for slot in slots if slot.slot == deed.slot), None)
        dose = self.person.add(rules.new_dose(view, planned)) if planned is not None else None
        if dose is not None:
            self.witness.wrote(dose, self.now)
        return dose

    # doses/changes.py, medicines/handlers.py, people

    def _plan_anew(self) -> None:
        self._ahead.clear()
        for dose in self.person.open.values():
            self._take_up(dose)
        if not self.person.paused:
            for dose in self._withdrawn():
                if self.person.has_slot(dose):
                    self._take_up(dose)
                    self._reopen(dose)
        self._look()

    def _take_up(self, dose: Dose) -> None:
        medicine, planned = self.person.medicines[dose.medicine], Planned(dose.slot, dose.due_at)
        if rules.is_before(medicine.course, dose.slot.day):
            return
        dose.version = medicine.version
        dose.step, dose.turn = place(medicine.course, dose.zone, planned, day_ends=self.person.day_ends)

    def _withdrawn(self) -> list[Dose]:
        late = list(self.person.doses.values())
        return [d for d in late if d.state is DoseState.WITHDRAWN and d.standing.window_end > self.now]

    def _withdraw(self, doses: Sequence[Dose]) -> None:
        for dose in doses:
            stands = self.person.standing(dose, self.now)
            self.person.become(dose, life.ended(stands, DoseState.WITHDRAWN, self.now))
            self.witness.withdrew(dose, self.now)

    def _add(self, deed: deeds.Add) -> None:
        number = len(self.person.medicines) + 1
        medicine = Medicine(number, deed.timing, self.now, self.now)
        self._settle_home(medicine)
        self.person.medicines[number] = medicine
        self.witness.held_from(medicine, self.now, self.now)
        self._plan_anew()

    def _settle_home(self, medicine: Medicine, before: object = None) -> None:
        if isinstance(medicine.timing, Interval):
            medicine.home = self.person.zone
        elif isinstance(before, Interval):
            medicine.home = None

    def _change_times(self, deed: deeds.ChangeTimes) -> None:
        medicine = self.person.medicines[deed.medicine]
        old = medicine.timing
        medicine.planned_through = self._held_since(medicine)
        medicine.timing = medicine.course = deed.timing
        medicine.version += 1
        self.person.count_takings(medicine)
        if medicine.timing != old:
            self._settle_home(medicine, old)
        self._change_over(medicine)

    def _held_since(self, medicine: Medicine) -> datetime:
        answered = [dose for dose in self.person.doses_of(medicine) if dose.state in ANSWERED]
        last = max(answered, key=lambda dose: dose.due_at, default=None)
        held = holds_from(
            medicine.course,
            self.person.zone_of(medicine),
            Planned(last.slot, last.due_at) if last is not None else None,
            self.now,
            day_ends=self.person.day_ends,
            bounds=medicine.bounds,
        )
        return max(held, medicine.planned_through)

    def _change_over(self, medicine: Medicine) -> None:
        """What is open under the old version no longer counts, unless the new one has its slot."""
        since = medicine.planned_through if medicine.active else None
        self.witness.held_from(medicine, since, self.now)
        of_it = [dose for dose in self.person.open_doses() if dose.medicine == medicine.number]
        self._withdraw([dose for dose in of_it if not self.person.has_slot(dose)])
        self._plan_anew()

    def _halt(self, medicine: Medicine, state: RegimenState) -> None:
        medicine.state = state
        medicine.paused_at = self.now if state is RegimenState.PAUSED else medicine.paused_at
        self.witness.held_from(medicine, None, self.now)
        self._withdraw([dose for dose in self.person.open_doses() if dose.medicine == medicine.number])
        self._plan_anew()

    def _resume(self, medicine: Medicine) -> None:
        """Where steps were still to come, the person says first how the plan goes on."""
        since, plan, today = self._paused_since(medicine), medicine.plan, self.person.today(self.now)
        if plan is None or since is None or since == today or not plan_rules.has_later(plan, since):
            self._go_on_with(medicine)

    def _paused_since(self, medicine: Medicine) -> date | None:
        at, paused = medicine.paused_at, medicine.state is RegimenState.PAUSED
        return self.person.today(at) if at is not None and paused else None

    def _go_on_with(self, medicine: Medicine) -> None:
        medicine.state, medicine.paused_at = RegimenState.ACTIVE, None
        medicine.planned_through = max(medicine.planned_through, self.now)
        self.witness.held_from(medicine, medicine.planned_through, self.now)
        self._plan_anew()

    def _rest(self) -> None:
        if self.person.paused:
            return
        self.person.paused = True
        for medicine in self.person.medicines.values():
            self.witness.held_from(medicine, None, self.now)
        self._withdraw(self.person.open_doses())
        self.wake_at = None

    def _go_on(self) -> None:
        if not self.person.paused:
            return
        self.person.paused = False
        for medicine in self.person.medicines.values():
            if medicine.active:
                medicine.planned_through = rules.goes_on_from(medicine.planned_through, self.now)
                self.witness.held_from(medicine, medicine.planned_through, self.now)
        self._plan_anew()

    def _travel(self, deed: deeds.Travel) -> None:
        before, self.person.zone = self.person.zone, deed.zone
        for medicine in self.person.medicines.values():
            if medicine.home is None:
                view = self.person.view(medicine)
                since = rules.looks_back_from(view, before, medicine.created_at, self.now)
                medicine.planned_through = since
                if medicine.active and not self.person.paused:
                    self.witness.held_from(medicine, max(since, self.now), self.now)
        self._plan_anew()

    def _end_days_at(self, at: time) -> None:
        before, self.person.day_ends = self.person.day_ends, at
        if at == before:
            return
        named = [
            number
            for number, medicine in self.person.medicines.items()
            if rules.keeps_its_moments(self.person.view(medicine), before, self.now)
        ]
        self.person.rename(named, before, (min(before, at), max(before, at)))
        for medicine in self.person.taken():
            self.witness.held_from(medicine, max(medicine.planned_through, self.now), self.now)
        self._plan_anew()

    # medicines/plan_handlers.py

    def _of_plan(self, deed: Deed, medicine: Medicine, plan: SaidPlan, today: date) -> None:
        match deed:
            case deeds.PushBack():
                self._keep(medicine, plan_rules.pushed(plan, today, deed.days))
            case deeds.EndPlan():
                self._keep(medicine, plan_rules.without_later(plan, today))
            case deeds.StepBefore() if number := plan.current(today):
                self._keep(medicine, plan_rules.held_back(plan, number, today))
            case deeds.GoOn():
                since = self._paused_since(medicine)
                if deed.where and since is not None and since < today:
                    self._put_plan(medicine, plan_rules.pushed(plan, since, (today - since).days))
                self._go_on_with(medicine)

    def _put_plan(self, medicine: Medicine, plan: SaidPlan) -> None:
        medicine.planned_through = self._held_since(medicine)
        medicine.home = self.person.zone if plan.by_hours else None
        medicine.follow(plan)

    def _keep(self, medicine: Medicine, plan: SaidPlan) -> None:
        self._put_plan(medicine, plan)
        self._change_over(medicine)

    # doses/shifting.py

    def _movable(self) -> list[Movable]:
        person, today, found = self.person, self.person.today(self.now), list[Movable]()
        for medicine in person.taken() if not person.paused else ():
            view = person.view(medicine)
            slots = rules.slots_around(view, today)
            for planned in rules.slots_of_day(view, today):
                dose = person.doses.get((medicine.number, planned.slot))
                to_come = dose is None and planned.due_at > view.planned_through
                if to_come or (dose is not None and dose.open):
                    due_at = dose.due_at if dose is not None else planned.due_at
                    _, after = moving.gaps(slots, planned)
                    room = moving.room(slots, planned, self.now)
                    found.append(Movable(medicine, planned, dose, due_at, after, room))
        return sorted(found, key=lambda each: each.due_at)

    def _move(self, deed: deeds.Move) -> None:
        slot = deed.medicine, deed.slot
        for one in self._movable():
            if (one.medicine.number, one.planned.slot) == slot and one.room and one.room.holds(deed.to):
                self._put(one, deed.to)
                self._after()

    def _shift_day(self, deed: deeds.ShiftDay) -> None:
        listed, by = self._movable(), timedelta(hours=deed.hours)
        going: set[tuple[int, Slot]] = set()
        for medicine in {one.medicine.number: one.medicine for one in listed}.values():
            due_at = {one.planned.slot: one.due_at for one in listed if one.medicine is medicine}
            slots = rules.slots_around(self.person.view(medicine), self.person.today(self.now))
            moved = moving.moving_together(slots, due_at, by, self.now)
            going |= {(medicine.number, slot) for slot in moved}
        for one in listed:
            if (one.medicine.number, one.planned.slot) in going:
                self._put(one, one.due_at + by)
        self._after()

    def _put(self, one: Movable, to: datetime) -> None:
        new = rules.new_dose(self.person.view(one.medicine), one.planned)
        dose = one.dose or self.person.add(new)
        assert dose is not None
        if one.dose is None:
            self.witness.wrote(dose, self.now)
        stands = self.person.standing(dose, self.now)
        dose.moved_from = one.planned.due_at if to != one.planned.due_at else None
        dose.due_at = to
        self.person.become(dose, life.moved(stands, moving.window_end(to, one.planned, one.after)))
        dose.snooze_limit = max(new.snooze_limit, dose.standing.window_end)
        self.witness.moved(dose, self.now)

    # doses/needing.py, unplanned.py

    def _take_as_needed(self, deed: deeds.TakeAsNeeded, medicine: Medicine) -> None:
        limits = medicine.course
        if not medicine.active or not isinstance(limits, AsNeeded):
            return
        found = asneeded.check(self.person.takings(medicine), limits, self.now)
        if deed.anyway:
            self._record_unplanned(medicine, DoseKind.EXTRA, moving.whole_minute(self.now))
        elif isinstance(found, asneeded.Allowed):
            self._record_unplanned(medicine, DoseKind.AS_NEEDED, self.now)

    def _record_unplanned(self, medicine: Medicine, kind: DoseKind, at: datetime) -> None:
        person, minute = self.person, moving.whole_minute(at)
        slot = Slot(person.today(minute), local(minute, person.zone).time())
        same = [
            dose
            for (number, named, which), dose in person.unplanned.items()
            if (number, named.day, which) == (medicine.number, slot.day, kind)
        ]
        dose = next((dose for dose in same if dose.due_at == minute), None)
        if dose is None:
            slot = Slot(slot.day, free_minute(slot.at, {each.slot.at for each in same}))
            key, end = (medicine.number, slot, kind), minute + timedelta(minutes=1)
            number, zone = person.next_number(), person.zone
            dose = Dose(number, *key[:2], minute, end, medicine.version, Standing(end), kind=kind, zone=zone)
            person.unplanned[key] = dose
        elif dose.state is not DoseState.WITHDRAWN:
            return
        person.become(dose, life.answered(dose.standing, DoseState.TAKEN, self.now, taken_at=at))
        self.witness.answered(dose, DoseState.TAKEN, self.now)
        self._after()

    # people

    def _come_back(self) -> None:
        self.person.blocked = False
        self.person.reachable = True
        self._plan_anew()
