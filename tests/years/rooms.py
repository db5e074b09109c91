"""The doses' and the medicines' rooms without database and sentences, on the rules that the real ones run.

What wake.py, answers.py, changes.py and the medicines' handlers do with rows is done here with values, in the
same order; `tests/years/test_agreement.py` lives the same lives in the real rooms and compares.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from bot.doses import due, life, rules
from bot.doses.due import Delivery
from bot.medicines.rules import holds_from
from scheduler.timing import Interval, Planned
from scheduler.wakes import SOONEST
from storage.vocabulary import DoseState, RegimenState
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
    def caught_up(self, missing: Sequence[Dose], now: datetime) -> None: ...
    def ended(self, dose: Dose, now: datetime) -> None: ...
    def withdrew(self, dose: Dose, now: datetime) -> None: ...
    def answered(self, dose: Dose, state: DoseState, now: datetime) -> None: ...
    def put_off(self, dose: Dose, until: datetime) -> None: ...
    def reopened(self, dose: Dose, now: datetime, *, taken_back: bool) -> None: ...
    def held_from(self, medicine: Medicine, since: datetime | None, now: datetime) -> None: ...


class Ahead(NamedTuple):
    """The next slot of a medicine from `since` on, and what it rests on."""

    since: datetime
    rests_on: tuple[object, ...]
    due_at: datetime


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
            self.look(now)
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
            case _:
                self._change(deed)
        self._find_out()

    def _change(self, deed: Deed) -> None:
        match deed:
            case deeds.Add():
                self._add(deed)
            case deeds.ChangeTimes() | deeds.Stop():
                self._of_medicine(deed, self.person.medicines[deed.medicine])
            case deeds.Pause(medicine=int(number)) | deeds.Resume(medicine=int(number)):
                self._of_medicine(deed, self.person.medicines[number])
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

    def _of_medicine(self, deed: Deed, medicine: Medicine) -> None:
        if medicine.state is RegimenState.STOPPED:
            return  # it is on no shelf any more
        match deed:
            case deeds.ChangeTimes():
                self._change_times(deed)
            case deeds.Pause():
                self._halt(medicine, RegimenState.PAUSED)
            case deeds.Resume():
                self._take_up_again(medicine)
            case deeds.Stop():
                self._halt(medicine, RegimenState.STOPPED)

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
                for other in self.person.on_card(dose.card):
                    other.standing = other.standing._replace(told_at=None)

    def _untold(self) -> list[Dose]:
        if not self.person.reachable:
            return []
        untold = [dose for dose in self.person.unknown.values() if dose.standing.told_at is None]
        return sorted(untold, key=lambda dose: (dose.due_at, dose.number))

    def _catch_up(self, asked: Sequence[Dose], untold: Sequence[Dose]) -> None:
        if not untold or (not asked and self.person.quiet_until(self.now) is not None):
            return
        self.witness.caught_up(untold, self.now)
        for dose in untold:
            dose.standing = dose.standing._replace(told_at=self.now)
        if asked:
            card = len(self.person.cards) + 1
            for dose in untold[-12:]:
                dose.card = card
        if self.person.blocked:
            self._unheard = list(untold[-12:] if asked else untold)
        self._said = True

    def _issue(self, asked: Sequence[Dose]) -> None:
        person, number = self.person, len(self.person.cards) + 1
        for dose in asked:
            dose.card = number
        until = min(dose.standing.window_end for dose in asked)
        person.cards[number] = Card(person.leaves_at(self.now), until, refused=person.blocked)
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
        if self.person.cards:
            self.person.cards[len(self.person.cards)].left = True

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
        person, since = self.person, medicine.planned_through
        rests_on = medicine.timing, medicine.last_taken, person.zone_of(medicine)
        found = self._ahead.get(medicine.number)
        if found is None or not found.since <= since < found.due_at or found.rests_on != rests_on:
            due_at = rules.next_due([person.view(medicine)], self.now) or NEVER
            found = self._ahead[medicine.number] = Ahead(since, rests_on, due_at)
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
            ways = rules.snoozes(self.now, self.person.zone, limit, self.person.quiet_hours())
            for until in [way.until for way in ways if way.kind == deed.way]:
                for dose in still:
                    self.person.become(dose, life.put_off(self.person.standing(dose, self.now), until))
                    self.witness.put_off(dose, until)
        self._after()

    def _undo(self) -> None:
        since = self.now - rules.UNDO_WITHIN
        recent = [
            (dose.standing.ended_at, dose.number, dose)
            for dose in self.person.doses.values()
            if dose.state in ANSWERED and dose.standing.ended_at and dose.standing.ended_at >= since
        ]
        if recent:
            self._reopen(max(recent)[2])
            self._after()

    def _reopen(self, dose: Dose) -> None:
        before = dose.state
        stands = self.person.standing(dose, self.now)
        still_taken = self.person.still_taken(dose)
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
        for dose in self.person.open.values():
            dose.version = self.person.medicines[dose.medicine].version
        if not self.person.paused:
            for dose in self._withdrawn():
                if self.person.has_slot(dose):
                    self._reopen(dose)
        self._look()

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
        old, home = medicine.timing, self.person.zone_of(medicine)
        answered = [dose for dose in self.person.doses_of(medicine) if dose.state in ANSWERED]
        last = max(answered, key=lambda dose: dose.due_at, default=None)
        slot = Planned(last.slot, last.due_at) if last is not None else None
        medicine.planned_through = max(holds_from(old, home, slot, self.now), medicine.planned_through)
        medicine.timing, medicine.version = deed.timing, medicine.version + 1
        self.person.count_takings(medicine)
        if medicine.timing != old:
            self._settle_home(medicine, old)
        since = medicine.planned_through if medicine.active else None
        self.witness.held_from(medicine, since, self.now)
        of_it = [dose for dose in self.person.open_doses() if dose.medicine == medicine.number]
        self._withdraw([dose for dose in of_it if not self.person.has_slot(dose)])
        self._plan_anew()

    def _halt(self, medicine: Medicine, state: RegimenState) -> None:
        medicine.state = state
        self.witness.held_from(medicine, None, self.now)
        self._withdraw([dose for dose in self.person.open_doses() if dose.medicine == medicine.number])
        self._plan_anew()

    def _take_up_again(self, medicine: Medicine) -> None:
        if medicine.active:
            return
        medicine.state = RegimenState.ACTIVE
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

    def _come_back(self) -> None:
        self.person.blocked = False
        self.person.reachable = True
        self._plan_anew()
