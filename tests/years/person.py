"""One made-up person with their medicines and doses: the rows of the house, without a database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.conversation.quiet import QuietHours
from bot.doses import life, rules
from bot.doses.due import Delivery, DoseView, Nudging, heard
from bot.doses.life import Standing
from bot.doses.rules import NewDose, RegimenView, counted
from scheduler.timing import Interval, Slot, Timing
from storage.adherence import DueDose
from storage.streaks import Taking
from storage.vocabulary import DoseState, RegimenState

Key = tuple[int, Slot]
Span = tuple[datetime, datetime]


@dataclass(slots=True)
class Medicine:
    """A regimen. `home`: the zone it keeps; `last_taken`: what its hours count from."""

    number: int
    timing: Timing
    created_at: datetime
    planned_through: datetime
    home: ZoneInfo | None = None
    version: int = 1
    state: RegimenState = RegimenState.ACTIVE
    last_taken: datetime | None = None

    @property
    def active(self) -> bool:
        return self.state is RegimenState.ACTIVE

    @property
    def counts_from_taking(self) -> bool:
        return isinstance(self.timing, Interval) and self.timing.counted_from == "taken"


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
        )


@dataclass(slots=True)
class Card:
    """A reminder: when the platform takes it, and until when it may still arrive.

    `refused`: the person had blocked us.
    """

    leaves_at: datetime
    not_after: datetime
    refused: bool
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
    troubles: tuple[Span, ...] = ()
    outages: list[Span] = field(default_factory=list)
    medicines: dict[int, Medicine] = field(default_factory=dict)
    doses: dict[Key, Dose] = field(default_factory=dict)
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
        """As `Book.view` has it. What later views hold (day ends, bounds, steps) belongs here too."""
        return RegimenView(
            medicine.number,
            medicine.version,
            counted(medicine.timing, medicine.last_taken),
            self.zone_of(medicine),
            medicine.planned_through,
        )

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
            len(self.doses) + 1,
            *key,
            new.planned.due_at,
            new.snooze_limit,
            new.regimen.version_id,
            Standing(new.window_end),
        )
        self.doses[key] = self.open[dose.number] = dose
        return dose

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
        taken = [one_more] if one_more is not None else self.doses_of(medicine)
        known = medicine.last_taken if one_more is not None else None
        times = (d.standing.taken_at or d.due_at for d in taken if d.state is DoseState.TAKEN)
        medicine.last_taken = max((*times, *([known] if known is not None else [])), default=None)

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


_nudging, _quiet_hours = cache(Nudging), cache(QuietHours)
