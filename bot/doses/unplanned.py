"""Doses that were not planned: taken as needed, or beyond the plan. They are recorded as taken at once."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from bot.doses import life
from bot.doses.book import Book, Medicine, become
from bot.doses.history import note
from bot.doses.moving import whole_minute
from scheduler.localtime import local, local_day
from scheduler.plans import Plan
from storage import doses
from storage.doses import Dose, DueSlot
from storage.vocabulary import DoseKind, DoseState

_MINUTE = timedelta(minutes=1)
_DAY_MINUTES = 24 * 60


async def put(book: Book, regimen_id: int, kind: DoseKind, at: datetime) -> Dose | None:
    """Record one that was taken at `at`; None when that minute has one: no tap counts twice."""
    medicine = book.medicines.get(regimen_id)
    if medicine is None:
        return None
    minute = whole_minute(at)
    dose = await _written(book, _slot(book, medicine, kind, minute))
    if dose is None:
        dose = await _again(book, medicine, kind, minute)
    if dose is None:
        return None
    taken = life.answered(book.standing(dose), DoseState.TAKEN, book.visit.now, taken_at=at)
    become(dose, taken)
    await note(book.visit, dose, DoseState.TAKEN.value, kind.value)
    return dose


async def _again(book: Book, medicine: Medicine, kind: DoseKind, minute: datetime) -> Dose | None:
    """One whose minute has a dose: that was taken back, and is there again; or the clock shows it twice."""
    rows = await doses.of_day(book.visit.session, book.visit.person.key, _own_day(book, minute))
    same = [dose for dose in rows if dose.kind is kind and dose.regimen_id == medicine.regimen.key]
    found = next((dose for dose in same if dose.due_at == minute), None)
    if found is not None:
        return found if found.state is DoseState.WITHDRAWN else None
    slot = _slot(book, medicine, kind, minute)
    free = free_minute(slot.slot_time, {dose.slot_time for dose in same})
    return await _written(book, slot._replace(slot_time=free))


def free_minute(at: time, taken: Collection[time]) -> time:
    """The first minute from `at` on, as a clock shows it, that has no dose."""
    first = at.hour * 60 + at.minute
    minutes = (divmod(first + later, 60) for later in range(_DAY_MINUTES))
    return next(free for hour, minute in minutes if (free := time(hour % 24, minute)) not in taken)


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
