"""Days that are over: slots that were planned when nobody asked, and the way to any day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from bot.conversation.visit import Visit
from bot.doses import dialogs, rules
from bot.doses.book import Book, Medicine, medicine_of, read_steps
from bot.doses.rules import NewDose
from scheduler.timing import Slot
from storage import regimens

DAY_FORM = "%y%m%d"


def read_day(argument: str) -> date:
    """The day of a button's argument. Raises ValueError."""
    return datetime.strptime(argument, DAY_FORM).date()  # noqa: DTZ007 - a day is local by definition


async def unrecorded(book: Book, day: date, have: Collection[tuple[int, Slot]]) -> list[NewDose]:
    """The slots of a day that its medicines planned, by the version that held then, without a row.

    The first version holds for the days before it, too: it was taken before it was written down here.
    """
    visit, found = book.visit, list[NewDose]()
    for key, held in (await _history(book)).items():
        for new in _of_medicine(book, held, day):
            if (key, new.planned.slot) not in have and new.planned.due_at <= visit.now:
                book.earlier |= {each.version.key: each.version for each in held}
                found.append(new)
    return found


async def _history(book: Book) -> dict[int, list[Medicine]]:
    """Each medicine as it was by each of its versions, with its plan if it had one, oldest first."""
    rows = await regimens.versions_of_people(book.visit.session, [book.visit.person.key])
    steps = await read_steps({version.key: book for _, version in rows})
    found: dict[int, list[Medicine]] = {}
    for regimen, version in rows:
        medicine = medicine_of(book, regimen, version, steps.get(version.key, ()))
        found.setdefault(regimen.key, []).append(medicine)
    return found


def _of_medicine(book: Book, held: Sequence[Medicine], day: date) -> list[NewDose]:
    """The slots of a day by each version of a medicine, as long as it held."""
    stopped = held[0].regimen.stopped_at
    if stopped is not None and book.visit.day_of(stopped) < day:
        return []
    found = []
    for number, (medicine, following) in enumerate(pairwise([*held, None])):
        if medicine is None:
            continue
        view = book.view(medicine)
        for planned in rules.slots_of_day(view, day):
            begun = number == 0 or medicine.version.since <= planned.due_at
            over = following is not None and following.version.since <= planned.due_at
            if begun and not over and (stopped is None or planned.due_at < stopped):
                found.append(rules.new_dose(view, planned))
    return found


async def ask_day(visit: Visit, _argument: str) -> None:
    """Ask for a day, to be typed."""
    await visit.open(dialogs.PAST_DAY)


def day_said(answered: dict[str, Any]) -> date:
    """The day that the person typed."""
    return date.fromisoformat(answered[dialogs.DAY])
