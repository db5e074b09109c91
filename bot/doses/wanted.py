"""Medicines as needed: what their limits leave, before the tap, and recording one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.facts import ExtraTaken
from bot.conversation.message import Choices, Message
from bot.conversation.text import Text, lines
from bot.conversation.visit import Visit
from bot.doses import answers, asking, asneeded, cards, unplanned, wording
from bot.doses.asneeded import Allowed, Check
from bot.doses.book import Book, Medicine, open_book
from scheduler.timing import AsNeeded
from storage import doses
from storage.vocabulary import DoseKind, RegimenState


@dataclass(frozen=True, slots=True)
class Wanted:
    """A medicine as needed as it stands now: the words it is shown with, and what its limits leave."""

    book: Book
    medicine: Medicine
    number: int
    found: Check
    last: datetime | None

    @property
    def label(self) -> str:
        """What it is called on a button."""
        visit = self.book.visit
        return (
            wording.numbered(visit.gettext, self.number)
            if visit.person.discreet
            else wording.short(self.medicine.name)
        )

    @property
    def name(self) -> Text:
        """What it is called in a text."""
        hidden = self.book.visit.person.discreet
        words = ("", "") if hidden else (self.medicine.name, self.medicine.amount)
        return wording.named(self.book.visit.gettext, *words, self.number)

    @property
    def at(self) -> str:
        """The moment that the limits name."""
        visit = self.book.visit
        return asking.moment(visit.gettext, self.found.next_at, visit.zone, visit.today)


async def read(book: Book) -> list[Wanted]:
    """The person's medicines as needed, as they stand now."""
    needed = {
        key: medicine.timing
        for key, medicine in book.medicines.items()
        if medicine.regimen.state is RegimenState.ACTIVE and isinstance(medicine.timing, AsNeeded)
    }
    if not needed:
        return []
    now = book.visit.now
    taken: dict[int, list[datetime]] = {key: [] for key in needed}
    for dose in await doses.taken_since(
        book.visit.session, list(needed), now - asneeded.looks_back(needed.values())
    ):
        taken[dose.regimen_id].append(dose.taken_at or dose.due_at)
    return [
        Wanted(
            book,
            book.medicines[key],
            book.number(key),
            asneeded.check(taken[key], limits, now),
            max(taken[key], default=None),
        )
        for key, limits in needed.items()
    ]


def text(needed: Sequence[Wanted]) -> Text:
    """What is left of each; empty when there is none."""
    if not needed:
        return Text("")
    _ = needed[0].book.visit.gettext
    said = (asking.as_needed_line(_, each.name, each.found, each.at) for each in needed)
    return lines(asking.as_needed_heading(_), *said)


def buttons(needed: Sequence[Wanted]) -> Choices:
    """A button to record each."""
    return tuple(
        (
            cards.button(
                asking.took_it(each.book.visit.gettext, each.label), "want", str(each.medicine.regimen.key)
            ),
        )
        for each in needed
    )


async def find(visit: Visit, regimen_id: int) -> Wanted | None:
    """One of this person's medicines as needed."""
    listed = await read(await open_book(visit))
    found = next((each for each in listed if each.medicine.regimen.key == regimen_id), None)
    if found is None:
        visit.toast = wording.no_longer_planned(visit.gettext)
    return found


async def put(found: Wanted, at: datetime, kind: DoseKind) -> None:
    """Record one."""
    visit = found.book.visit
    dose = await unplanned.put(found.book, found.medicine.regimen.key, kind, at)
    if dose is None:
        visit.toast = asking.nothing_new(visit.gettext)
        return
    if kind is DoseKind.EXTRA:
        visit.tell(ExtraTaken())
        visit.toast = asking.extra_recorded(visit.gettext)
    else:
        visit.toast = wording.recorded_at(visit.gettext, at.astimezone(visit.zone).time())
    await answers.after(found.book, dose)


def ask_anyway(found: Wanted) -> None:
    """It would be beyond the limits: say so before it is recorded."""
    visit = found.book.visit
    _, minute = visit.gettext, int(visit.now.timestamp()) // 60
    argument = f"{found.medicine.regimen.key}.{minute}"
    rows = (
        (cards.button(asking.record_anyway(_), "anyway", argument),),
        (cards.button(wording.back(_), "today", ""),),
    )
    visit.show(Message(asking.beyond_limits(_, found.name, found.found, found.at), rows))


def is_within(found: Wanted) -> bool:
    """Whether one now is within the limits."""
    return isinstance(found.found, Allowed)
