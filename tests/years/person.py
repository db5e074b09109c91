"""One made-up person with their medicines and doses: the rows of the house, without a database."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from bot.conversation.quiet import QuietHours
from bot.doses import life, rules
from bot.doses.due import Delivery, DoseView, Nudging, heard
from bot.doses.life import Standing
from bot.doses.rules import NewDose, RegimenView, counted
from bot.medicines.plan_rules import SaidPlan, SaidStep
from bot.medicines.rules import plans_itself
from scheduler.localtime import MIDNIGHT, local_day
from scheduler.plans import Course
from scheduler.timing import UNBOUNDED, Bounds, Interval, Slot, Timing
from storage.adherence import DueDose
from storage.streaks import Taking
from storage.vocabulary import DoseKind, DoseState, RegimenState

Key = tuple[int, Slot]
Span = tuple[datetime, datetime]
UTC_ZONE = ZoneInfo("UTC")


@dataclass(slots=True)
class Medicine:
    """A regimen. `home`: the zone it keeps; `last_taken`: what its hours count from.

    `timing`: what it goes by without a plan; `course`: what it goes by.
    """

    number: int
    timing: Timing
    created_at: datetime
    planned_through: datetime
    home: ZoneInfo | None = None
    version: int = 1
    state: RegimenState = RegimenState.ACTIVE
    last_taken: datetime | None = None
    paused_at: datetime | None = None
    plan: SaidPlan | None = None
    course: Course = field(init=False)
    bounds: Bounds = UNBOUNDED

    def __post_init__(self) -> None:
        self.course = self.timing

    def follow(self, plan: SaidPlan) -> None:
        """A plan is the next version."""
        self.plan, self.course, self.bounds = plan, plan.plan, Bounds(None, plan.until)
        self.version += 1

    def as_step(self, today: date) -> SaidStep | None:
        """As `shelf.Medicine.as_step` has it: what holds today, before a plan that begins later."""
        if self.plan is None:
            return SaidStep(today, self.timing, ("50 mg",)) if plans_itself(self.timing) else None
        holds = not self.plan.is_over(today) and self.plan.steps[0].since <= today
        return replace(self.plan.steps[self.plan.current(today)], since=today) if holds else None

    @property
    def active(self) -> bool:
        return self.state is RegimenState.ACTIVE

    @property
    def counts_from_taking(self) -> bool:
        return isinstance(self.course, Interval) and self.course.counted_from == "taken"


@dataclass(slots=True)
class Dose:
    """A row. `card` is the newest message that shows it."""

    number: int
    medicine: int
    slot: Slot
    due_at: datetime
    snooze_limit: datetime
    version: int
    standing: Standing
    card: int | None = None
    kind: DoseKind = DoseKind.PLANNED
    moved_from: datetime | None = None
    zone: ZoneInfo = field(default=UTC_ZONE, kw_only=True)
    step: int | None = None
    turn: int | None = None

    @property
    def row(self) -> tuple[object, ...]:
        """What can be compared with a row of the real house."""
        return self.due_at, self.snooze_limit, self.moved_from, self.step, self.turn, *self.standing

    @property
    def state(self) -> DoseState:
        return self.standing.state

    @property
    def open(self) -> bool:
        return self.standing.state is DoseState.OPEN

    @property
    def taking(self) -> Taking:
        return Taking(self.slot.day, self.state, self.standing.reason)

    @property
    def due_dose(self) -> DueDose:
        stands = self.standing
        return DueDose(
            self.medicine,
            self.slot.day,
            stands.state,
            self.due_at,
            stands.window_end,
            stands.reason,
            stands.taken_at,
            self.kind,
        )


@dataclass(slots=True)
class Card:
    """A reminder: when the platform takes it, and until when it may still arrive.

    `refused`: the person had blocked us. `at_once`: taken when it was sent, whatever the clock shows later.
    """

    leaves_at: datetime
    not_after: datetime
    refused: bool
    at_once: bool = True
    left: bool = False  # carried by the courier, who comes when the room is done


@dataclass(slots=True)
class Person:
    """Somebody, with all that the rules look at.

    `blocked`: nothing reaches them, `reachable`: what we know of it. `troubles`: when the platform took
    nothing; `outages`: when we were away, as far as the rooms are told of it.
    """

    zone: ZoneInfo
    nudges: int = 3
    every: timedelta = timedelta(minutes=20)
    quiet: tuple[time, time] | None = None
    reachable: bool = True
    blocked: bool = False
    paused: bool = False
    day_ends: time = MIDNIGHT
    troubles: tuple[Span, ...] = ()
    outages: list[Span] = field(default_factory=list)
    medicines: dict[int, Medicine] = field(default_factory=dict)
    doses: dict[Key, Dose] = field(default_factory=dict)
    unplanned: dict[tuple[int, Slot, DoseKind], Dose] = field(default_factory=dict)
    open: dict[int, Dose] = field(default_factory=dict)
    unknown: dict[int, Dose] = field(default_factory=dict)
    cards: dict[int, Card] = field(default_factory=dict)

    def nudging(self) -> Nudging:
        return _nudging(self.nudges, self.every, self.quiet_hours())

    def quiet_hours(self) -> QuietHours | None:
        return _quiet_hours(self.zone, *self.quiet) if self.quiet is not None else None

    def quiet_until(self, now: datetime) -> datetime | None:
        hours = self.quiet_hours()
        return hours.until(now) if hours is not None else None

    def zone_of(self, medicine: Medicine) -> ZoneInfo:
        return medicine.home or self.zone

    def view(self, medicine: Medicine) -> RegimenView:
        """As `Book.view` has it."""
        return RegimenView(
            medicine.number,
            medicine.version,
            counted(medicine.course, medicine.last_taken),
            self.zone_of(medicine),
            medicine.planned_through,
            self.day_ends,
            medicine.bounds,
        )

    def today(self, now: datetime) -> date:
        """Their own day."""
        return local_day(now, self.zone, self.day_ends)

    def taken(self) -> list[Medicine]:
        """The medicines that neither rest nor were stopped."""
        return [medicine for medicine in self.medicines.values() if medicine.state is RegimenState.ACTIVE]

    def delivery(self, dose: Dose, now: datetime) -> Delivery:
        """What became of the newest reminder of a dose by now."""
        card = self.cards.get(dose.card) if dose.card is not None else None
        if card is None or not card.left:
            return Delivery.UNDER_WAY
        if card.refused:
            return Delivery.FAILED
        if card.at_once:
            return Delivery.ARRIVED
        if card.leaves_at < card.not_after:
            return Delivery.ARRIVED if now >= card.leaves_at else Delivery.UNDER_WAY
        return Delivery.FAILED if now >= card.not_after else Delivery.UNDER_WAY

    def leaves_at(self, now: datetime) -> datetime:
        """When the platform takes what is sent now."""
        return next((ends for began, ends in self.troubles if began <= now < ends), now)

    def dose_view(self, dose: Dose, now: datetime) -> DoseView:
        """As `Book.dose_view` has it."""
        delivery = self.delivery(dose, now)
        return life.seen(
            life.arrived(dose.standing, delivery),
            dose.number,
            dose.due_at,
            delivery,
            reachable=self.reachable,
            heard=dose.standing.window_end > now or self._heard(dose),
            moved=dose.moved_from is not None,
        )

    def _heard(self, dose: Dose) -> bool:
        return heard(dose.due_at, dose.standing.window_end, self.outages)

    def standing(self, dose: Dose, now: datetime) -> Standing:
        """As `Book.standing` has it: with what became of the newest reminder."""
        return life.arrived(dose.standing, self.delivery(dose, now))

    def add(self, new: NewDose) -> Dose | None:
        """A row for a dose; None when its slot has one."""
        key = (new.regimen.regimen_id, new.planned.slot)
        if key in self.doses:
            return None
        dose = Dose(
            self.next_number(),
            *key,
            new.planned.due_at,
            new.snooze_limit,
            new.regimen.version_id,
            Standing(new.window_end),
            zone=new.regimen.zone,
            step=new.step,
            turn=new.turn,
        )
        self.doses[key] = self.open[dose.number] = dose
        return dose

    def next_number(self) -> int:
        return len(self.doses) + len(self.unplanned) + 1

    def all_doses(self) -> Iterator[Dose]:
        """Those that were not planned, too."""
        return chain(self.doses.values(), self.unplanned.values())

    def takings(self, medicine: Medicine) -> list[datetime]:
        """When it was taken, as far as anybody knows."""
        mine = (dose for dose in self.all_doses() if dose.medicine == medicine.number)
        return [dose.standing.taken_at or dose.due_at for dose in mine if dose.state is DoseState.TAKEN]

    def rows(self) -> dict[Any, Any]:
        """What every dose has come to, by medicine, slot and kind."""
        return {(dose.medicine, dose.slot, dose.kind): dose.row for dose in self.all_doses()}

    def rename(self, medicines: Collection[int], before: time, between: tuple[time, time]) -> None:
        """As `changes.count_by_another_day` has it: doses between two ends of a day belong to another day."""
        _rename(self.doses, medicines, before, between)
        _rename(self.unplanned, medicines, before, between)

    def become(self, dose: Dose, standing: Standing) -> None:
        """Let a dose follow what the rules made of it."""
        was_taken, dose.standing = dose.standing.state is DoseState.TAKEN, standing
        self._sort(self.open, dose, dose.open)
        self._sort(self.unknown, dose, dose.state is DoseState.UNKNOWN)
        medicine = self.medicines[dose.medicine]
        if medicine.counts_from_taking and (was_taken or dose.state is DoseState.TAKEN):
            self.count_takings(medicine, dose if not was_taken else None)

    @staticmethod
    def _sort(some: dict[int, Dose], dose: Dose, belongs: bool) -> None:
        if belongs:
            some[dose.number] = dose
        else:
            some.pop(dose.number, None)

    def count_takings(self, medicine: Medicine, one_more: Dose | None = None) -> None:
        """What `storage.doses.last_taken` finds; all are read only when one was taken back."""
        if one_more is None:
            medicine.last_taken = max(self.takings(medicine), default=None)
            return
        at = one_more.standing.taken_at or one_more.due_at
        medicine.last_taken = at if medicine.last_taken is None else max(at, medicine.last_taken)

    def doses_of(self, medicine: Medicine) -> Iterator[Dose]:
        return (dose for dose in self.doses.values() if dose.medicine == medicine.number)

    def on_card(self, card: int) -> list[Dose]:
        return [dose for dose in self.doses.values() if dose.card == card]

    def open_doses(self) -> list[Dose]:
        return sorted(self.open.values(), key=lambda dose: (dose.due_at, dose.number))

    def still_taken(self, dose: Dose) -> bool:
        return self.medicines[dose.medicine].active and not self.paused

    def has_slot(self, dose: Dose) -> bool:
        """Whether its medicine is taken and its timing, as it is now, names the slot of this dose."""
        medicine = self.medicines[dose.medicine]
        return medicine.active and rules.has_slot(self.view(medicine), dose.slot)


def _rename(
    some: dict[Any, Dose], medicines: Collection[int], before: time, between: tuple[time, time]
) -> None:
    first, end = between
    by = timedelta(days=-1 if before == first else 1)
    old = [
        key
        for key, dose in some.items()
        if dose.medicine in medicines
        and first <= dose.slot.at < end
        and rules.is_named_by(before, dose.slot, dose.moved_from or dose.due_at, dose.zone)
    ]
    for key in sorted(old, key=lambda key: some[key].slot.day, reverse=by > timedelta(0)):
        medicine, slot, *kind = key
        renamed = medicine, Slot(slot.day + by, slot.at), *kind
        if renamed not in some:
            some[renamed] = some.pop(key)
            some[renamed].slot = renamed[1]


_nudging, _quiet_hours = cache(Nudging), cache(QuietHours)
