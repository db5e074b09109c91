"""Days that are over: slots that were planned when nobody asked, and the way to any day."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from bot.conversation.visit import Visit
from bot.doses import dialogs, rules
from bot.doses.book import Book, Medicine
from bot.doses.rules import NewDose
from scheduler.timing import Slot, from_data
from storage import regimens
from storage.regimens import RegimenVersion

DAY_FORM = "%y%m%d"


def read_day(argument: str) -> date:
    """The day of a button's argument. Raises ValueError."""
    return datetime.strptime(argument, DAY_FORM).date()  # noqa: DTZ007 - a day is local by definition


async def unrecorded(book: Book, day: date, have: Collection[tuple[int, Slot]]) -> list[NewDose]:
    """The slots of a day that its medicines planned, by the version that held then, without a row.

    The first version holds for the days before it, too: it was taken before it was written down here.
    """
    visit, found = book.visit, list[NewDose]()
    versions: dict[int, list[RegimenVersion]] = {}
    for regimen, version in await regimens.versions_of_people(visit.session, [visit.person.key]):
        versions.setdefault(regimen.key, []).append(version)
    for key, medicine in book.medicines.items():
        for new in _of_medicine(book, medicine, versions[key], day):
            if (key, new.planned.slot) not in have and new.planned.due_at <= visit.now:
                book.earlier |= {version.key: version for version in versions[key]}
                found.append(new)
    return found


def _of_medicine(
    book: Book, medicine: Medicine, versions: Sequence[RegimenVersion], day: date
) -> list[NewDose]:
    """The slots of a day by each version, as long as it held."""
    stopped = medicine.regimen.stopped_at
    if stopped is not None and book.visit.day_of(stopped) < day:
        return []
    found = []
    for number, (version, following) in enumerate(pairwise([*versions, None])):
        if version is None:
            continue
        view = book.view(replace(medicine, version=version, timing=from_data(version.timing)))
        for planned in rules.slots_of_day(view, day):
            begun = number == 0 or version.since <= planned.due_at
            over = following is not None and following.since <= planned.due_at
            if begun and not over and (stopped is None or planned.due_at < stopped):
                found.append(rules.new_dose(view, planned))
    return found


async def ask_day(visit: Visit, _argument: str) -> None:
    """Ask for a day, to be typed."""
    await visit.open(dialogs.PAST_DAY)


def day_said(answered: dict[str, Any]) -> date:
    """The day that the person typed."""
    return date.fromisoformat(answered[dialogs.DAY])
