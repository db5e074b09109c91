"""The dose book: regimens and open doses of several people, read in a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import NamedTuple

from bot.conversation.calendar import place_name
from bot.conversation.visit import Visit
from bot.doses import life
from bot.doses.due import Delivery, DoseView, Nudging, heard, place_in_spread, spread
from bot.doses.life import Standing
from bot.doses.rules import NewDose, RegimenView, counted, has_slot
from scheduler.localtime import local, zone
from scheduler.plans import Course, Plan, Step
from scheduler.timing import Bounds, Slot, from_data
from storage import copies, dose_events, doses, outages, plans, regimens
from storage.copies import ARRIVED, UNDER_WAY, Copy
from storage.dose_cards import about_card
from storage.doses import Dose, DueSlot
from storage.plans import RegimenStep
from storage.regimens import Regimen, RegimenVersion
from storage.vocabulary import DoseState, RegimenState

# The columns of a dose that may change, and how to read them all.
_changing = attrgetter(*Standing._fields)
_NO_SPREAD = timedelta(0)


@dataclass(frozen=True, slots=True)
class Medicine:
    """A regimen with its words opened and its timing read; with steps, the plan that they make."""

    regimen: Regimen
    version: RegimenVersion
    timing: Course
    name: str
    amount: str


class ShownDose(NamedTuple):
    """A dose with the words it is shown with; `taken_at`, `snoozed_until` and `moved_to` are local.

    `day`: the date on the calendar at the slot, also in a night that still belongs to the day before.
    `taken_on`: the local date of the taking, when it is not that of the slot. `retimed`: it was withdrawn
    because its medicine has other times now.

    `number` is the medicine's place in /meds: what tells it apart where its name is not shown. `place`: whose
    clock names the slot, where that is not the person's own. `recorded_by`: the helper who recorded it, empty
    where the platform did not tell their name.
    """

    dose: Dose
    day: date
    name: str
    amount: str
    taken_at: time | None
    snoozed_until: time | None
    number: int = 0
    taken_on: date | None = None
    moved_to: datetime | None = None
    retimed: bool = False
    place: str = ""
    recorded_by: str | None = None


@dataclass(slots=True)
class Book:
    """What this room knows of one person.

    `last_taken`: by regimen, for those whose hours count from the last taking. `earlier`: versions that are
    no longer the newest, by key, as far as doses to be shown need them. `amounts`: of each version with steps
    that was read, the amounts of each step. `outages`: our own, began and ended.
    """

    visit: Visit
    medicines: dict[int, Medicine] = field(default_factory=dict)
    open: list[Dose] = field(default_factory=list)
    copies: dict[str, list[Copy]] = field(default_factory=dict)
    last_taken: dict[int, datetime] = field(default_factory=dict)
    earlier: dict[int, RegimenVersion] = field(default_factory=dict)
    amounts: dict[int, list[list[str]]] = field(default_factory=dict)
    outages: Sequence[tuple[datetime, datetime]] = ()

    def views(self) -> list[RegimenView]:
        """The active regimens, as the rules see them."""
        return [
            self.view(medicine)
            for medicine in self.medicines.values()
            if medicine.regimen.state is RegimenState.ACTIVE
        ]

    def view(self, medicine: Medicine) -> RegimenView:
        """One regimen, as the rules see it."""
        home = medicine.regimen.home_zone
        return RegimenView(
            medicine.regimen.key,
            medicine.version.key,
            counted(medicine.timing, self.last_taken.get(medicine.regimen.key)),
            zone(home) if home else self.visit.zone,
            medicine.regimen.planned_through,
            self.visit.person.day_ends_at,
            Bounds(medicine.version.starts_on, medicine.version.ends_on),
        )

    def dose_views(self) -> list[DoseView]:
        """The open doses, as the rules see them."""
        return [self.dose_view(dose) for dose in self.open]

    def dose_view(self, dose: Dose) -> DoseView:
        """One open dose, as the rules see it."""
        return self.seen(dose, stored(dose))

    def seen(self, dose: Dose, stands: Standing) -> DoseView:
        """The same, of a dose that was read already."""
        delivery, person = self.delivery(dose), self.visit.person
        due_at, window_end = dose.due_at, stands.window_end
        return life.seen(
            life.arrived(stands, delivery),
            dose.key,
            due_at,
            delivery,
            self.spread(due_at, window_end) if person.spread_minutes else _NO_SPREAD,
            reachable=person.reachable,
            heard=heard(due_at, window_end, self.outages),
            moved=dose.moved_from is not None,
        )

    def standing(self, dose: Dose) -> Standing:
        """Where a dose stands now, with what became of its newest reminder as far as this book knows."""
        return life.arrived(stored(dose), self.delivery(dose))

    def spread(self, due_at: datetime, window_end: datetime) -> timedelta:
        """How much later than due the first reminder of a dose comes, as the person allowed."""
        person = self.visit.person
        limit = timedelta(minutes=person.spread_minutes)
        place = place_in_spread(f"{person.platform} {person.account} {person.ref}")
        return spread(due_at, window_end, limit, place)

    def delivery(self, dose: Dose) -> Delivery:
        """What became of the newest reminder of a dose."""
        card = dose.card_id
        shown = self.copies.get(about_card(card)) if card is not None else None
        if not shown or shown[-1].state in UNDER_WAY:
            return Delivery.UNDER_WAY
        return Delivery.ARRIVED if shown[-1].state in ARRIVED else Delivery.FAILED

    def nudging(self) -> Nudging:
        """How this person wants to be reminded."""
        person = self.visit.person
        return Nudging(person.nudges, timedelta(minutes=person.nudge_minutes), self.visit.quiet)

    def quiet_until(self) -> datetime | None:
        """The end of the quiet hours that hold now; None outside them."""
        quiet = self.visit.quiet
        return quiet.until(self.visit.now) if quiet is not None else None

    def shown(self, dose: Dose) -> ShownDose:
        """A dose with its words; discreet mode keeps them back."""
        medicine = self.medicines.get(dose.regimen_id)
        hidden = medicine is None or self.visit.person.discreet
        return ShownDose(
            dose,
            local(dose.moved_from or dose.due_at, zone(dose.zone)).date(),
            "" if hidden or medicine is None else medicine.name,
            "" if hidden or medicine is None else self._amount(medicine, dose),
            self.clock(dose.taken_at),
            self.clock(dose.snoozed_until),
            self.number(dose.regimen_id),
            taken_on=self._taken_on(dose),
            moved_to=local(dose.due_at, self.visit.zone) if dose.moved_from is not None else None,
            retimed=medicine is not None and self._is_retimed(medicine, dose),
            place=place_name(dose.zone) if dose.zone != self.visit.zone.key else "",
            recorded_by=dose_events.open_recorder(self.visit.sealer, dose),
        )

    def _taken_on(self, dose: Dose) -> date | None:
        if dose.taken_at is None:
            return None
        due_on, taken_on = (local(at, self.visit.zone).date() for at in (dose.due_at, dose.taken_at))
        return taken_on if taken_on != due_on else None

    def _is_retimed(self, medicine: Medicine, dose: Dose) -> bool:
        if dose.state is not DoseState.WITHDRAWN or medicine.regimen.state is not RegimenState.ACTIVE:
            return False
        return not has_slot(self.view(medicine), Slot(dose.slot_date, dose.slot_time))

    def _amount(self, medicine: Medicine, dose: Dose) -> str:
        """What was to be taken then. Of a version that was not read, rather nothing than another's."""
        if dose.step is not None:
            steps = self.amounts.get(dose.version_id)
            return steps[dose.step][dose.turn or 0] if steps else ""
        if dose.version_id == medicine.version.key:
            return medicine.amount
        version = self.earlier.get(dose.version_id)
        return regimens.open_words(self.visit.sealer, version)[1] if version is not None else ""

    def number(self, regimen_id: int) -> int:
        """A medicine's place in /meds; 0 for one that was stopped."""
        kept = [key for key, m in self.medicines.items() if m.regimen.state is not RegimenState.STOPPED]
        return kept.index(regimen_id) + 1 if regimen_id in kept else 0

    def clock(self, instant: datetime | None) -> time | None:
        """The wall clock of the person at an instant."""
        return local(instant, self.visit.zone).time() if instant else None


async def open_books(visits: Sequence[Visit]) -> list[Book]:
    """The books of several people of one session."""
    if not visits:
        return []
    session = visits[0].session
    books = {visit.person.key: Book(visit) for visit in visits}
    ids = list(books)
    for regimen, version, steps in await plans.of_people(session, ids, stopped=True):
        book = books[regimen.person_id]
        _open_amounts(book, steps)
        book.medicines[regimen.key] = medicine_of(book, regimen, version, steps)
    await _read_open_doses(visits, books)
    found = list(books.values())
    await read_takings(found)
    await read_amounts((book, book.open) for book in found)
    return found


async def open_book(visit: Visit) -> Book:
    """The book of one person."""
    return (await open_books([visit]))[0]


async def read_steps(versions: Mapping[int, Book]) -> dict[int, list[RegimenStep]]:
    """The steps of versions, each given with its book, where their amounts are opened."""
    if not versions:
        return {}
    found = await plans.of_versions(next(iter(versions.values())).visit.session, list(versions))
    for key, steps in found.items():
        _open_amounts(versions[key], steps)
    return found


def _open_amounts(book: Book, steps: Sequence[RegimenStep]) -> None:
    """The amounts of the steps of one version, if it has any."""
    if steps:
        book.amounts[steps[0].version_id] = [plans.open_amounts(book.visit.sealer, step) for step in steps]


async def _read_open_doses(visits: Sequence[Visit], books: dict[int, Book]) -> None:
    session, ids = visits[0].session, list(books)
    open_doses = await doses.open_of_people(session, ids)
    things = sorted({about_card(dose.card_id) for dose in open_doses if dose.card_id})
    found = await copies.about(session, ids, things) if things else {}
    by_person: dict[int, list[Dose]] = defaultdict(list)
    for dose in open_doses:
        by_person[dose.person_id].append(dose)
    for person_id, book in books.items():
        book.open = by_person[person_id]
        book.copies = {about_card(d.card_id): found.get(about_card(d.card_id), []) for d in book.open}


async def read_takings(books: Sequence[Book]) -> None:
    """When each medicine whose hours count from the last taking was last taken, as the rows have it now."""
    counting = {
        key: book
        for book in books
        for key, medicine in book.medicines.items()
        if medicine.version.timing.get("counted_from") == "taken"
    }
    if not counting:
        return
    found = await doses.last_taken(books[0].visit.session, list(counting))
    for key, book in counting.items():
        book.last_taken.pop(key, None)
        if key in found:
            book.last_taken[key] = found[key]


async def read_outages(books: Sequence[Book]) -> None:
    """Our own outages, for those of whose doses the time is over now."""
    ending = [(book, dose) for book in books for dose in book.open if dose.window_end <= book.visit.now]
    if not ending:
        return
    since, until = min(dose.due_at for _, dose in ending), max(dose.window_end for _, dose in ending)
    found = await outages.during(ending[0][0].visit.session, since, until)
    for book, _ in ending:
        book.outages = [(each.began, each.ended) for each in found]


async def read_amounts(shown: Iterable[tuple[Book, Sequence[Dose]]]) -> None:
    """Read the versions that doses to be shown belong to, where they are not the newest."""
    wanted = {
        dose.version_id: book
        for book, shown_doses in shown
        for dose in shown_doses
        if (medicine := book.medicines.get(dose.regimen_id)) is not None
        and dose.version_id != medicine.version.key
        and dose.version_id not in book.earlier
    }
    if wanted:
        session = next(iter(wanted.values())).visit.session
        for version in await regimens.versions_by_key(session, list(wanted)):
            wanted[version.key].earlier[version.key] = version
        await read_steps(wanted)


async def read_copies(books: Mapping[int, Book]) -> None:
    """What became of the reminders on these cards, each with the book of its person."""
    unread = {about_card(key): book for key, book in books.items() if about_card(key) not in book.copies}
    if unread:
        visits = [book.visit for book in unread.values()]
        people = {visit.person.key for visit in visits}
        found = await copies.about(visits[0].session, people, list(unread))
        for thing, book in unread.items():
            book.copies[thing] = found.get(thing, [])


def stored(dose: Dose) -> Standing:
    """Where the row of a dose stands."""
    return Standing(*_changing(dose))


def become(dose: Dose, standing: Standing, before: Standing | None = None) -> None:
    """Let a row follow what the rules made of its dose. `before`: what is stored, where that was read."""
    for name, old, new in zip(Standing._fields, before or stored(dose), standing, strict=True):
        if old != new:
            setattr(dose, name, new)


def medicine_of(
    book: Book, regimen: Regimen, version: RegimenVersion, steps: Sequence[RegimenStep]
) -> Medicine:
    """A regimen with its words opened; the amounts of its steps are in the book already."""
    timing: Course = from_data(version.timing)
    if steps:
        turns = map(len, book.amounts[version.key])
        timing = Plan(
            tuple(Step(each.since, from_data(each.timing), n) for each, n in zip(steps, turns, strict=True)),
            version.ends_on,
        )
    return Medicine(regimen, version, timing, *regimens.open_words(book.visit.sealer, version))


def slot_of(book: Book, new: NewDose) -> DueSlot:
    """A dose that has fallen due, as a row to be."""
    return DueSlot(
        person_id=book.visit.person.key,
        regimen_id=new.regimen.regimen_id,
        version_id=new.regimen.version_id,
        slot_date=new.planned.slot.day,
        slot_time=new.planned.slot.at,
        zone=new.regimen.zone.key,
        due_at=new.planned.due_at,
        window_end=new.window_end,
        snooze_limit=new.snooze_limit,
        step=new.step,
        turn=new.turn,
    )
