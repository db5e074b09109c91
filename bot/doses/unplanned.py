"""Doses that were not planned: taken as needed, or beyond the plan. They are recorded as taken at once."""

from datetime import date, datetime, timedelta

from bot.doses import life
from bot.doses.book import Book, Medicine, become
from bot.doses.moving import whole_minute
from bot.doses.wake import note
from scheduler.localtime import local, local_day
from scheduler.plans import Plan
from storage import doses
from storage.doses import Dose, DueSlot
from storage.vocabulary import DoseKind, DoseState

_MINUTE = timedelta(minutes=1)


async def put(book: Book, regimen_id: int, kind: DoseKind, at: datetime) -> Dose | None:
    """Record one that was taken at `at`; None when that minute has one: no tap counts twice."""
    medicine = book.medicines.get(regimen_id)
    if medicine is None:
        return None
    minute = whole_minute(at)
    day = _own_day(book, minute)
    dose = await _written(book, _slot(book, medicine, kind, minute))
    if dose is None:
        same = [
            d for d in await doses.of_day(book.visit.session, book.visit.person.key, day) if d.kind is kind
        ]
        found = next((d for d in same if d.regimen_id == regimen_id and d.due_at == minute), None)
        if found is None or found.state is not DoseState.WITHDRAWN:
            return None
        dose = found  # it was taken back, and is there again
    taken = life.answered(book.standing(dose), DoseState.TAKEN, book.visit.now, taken_at=at)
    become(dose, taken)
    note(book.visit, dose, DoseState.TAKEN.value, kind.value)
    return dose


def _own_day(book: Book, minute: datetime) -> date:
    return local_day(minute, book.visit.zone, book.visit.person.day_ends_at)


def _slot(book: Book, medicine: Medicine, kind: DoseKind, minute: datetime) -> DueSlot:
    """In a plan it has the amount of the step of that day; where amounts take turns, the first of them."""
    zone, day, course = book.visit.zone, _own_day(book, minute), medicine.timing
    return DueSlot(
        person_id=book.visit.person.key,
        regimen_id=medicine.regimen.key,
        version_id=medicine.version.key,
        slot_date=day,
        slot_time=local(minute, zone).time(),
        zone=zone.key,
        due_at=minute,
        window_end=minute + _MINUTE,
        snooze_limit=minute + _MINUTE,
        kind=kind,
        step=course.step_on(day) if isinstance(course, Plan) else None,
    )


async def _written(book: Book, slot: DueSlot) -> Dose | None:
    return next(iter(await doses.add_new(book.visit.session, [slot])), None)
