"""What a helper may see and record: today's open doses, and nothing else. Whether they may, others ask."""

from collections import Counter
from datetime import time

from bot.conversation.errands import Errand, OpenDose
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import lines
from bot.conversation.visit import Visit
from bot.doses import answers, cards, day_wording, helping_wording, taking
from bot.doses.book import Book, open_book, read_amounts
from storage import doses
from storage.doses import Dose
from storage.vocabulary import DoseKind, DoseState


async def open_today(host: Visit, *, named: bool) -> list[OpenDose]:
    """The doses of the host's own day that are due and open, in order."""
    book = await open_book(host)
    open_now = [dose for dose in book.open if _is_for_helpers(host, dose)]
    of_day = await doses.of_day(host.session, host.person.key, host.today) if open_now else []
    several = Counter(_slot(dose) for dose in of_day if dose.kind is DoseKind.PLANNED)
    return [_as_seen(book, dose, named=named, several=several[_slot(dose)] > 1) for dose in open_now]


def _slot(dose: Dose) -> tuple[time, str]:
    return dose.slot_time, dose.zone


def _is_for_helpers(host: Visit, dose: Dose) -> bool:
    return dose.kind is DoseKind.PLANNED and dose.slot_date == host.today and dose.due_at <= host.now


def _as_seen(book: Book, dose: Dose, *, named: bool, several: bool) -> OpenDose:
    shown = book.shown(dose)
    name, number = shown.name if named else "", shown.number if several else 0
    return OpenDose(dose.key, dose.slot_time, dose.zone, name, number)


async def record(host: Visit, dose_id: int, by: str) -> Errand:
    """Record a dose as taken now, say by whom, and tell the person, who can take it back."""
    book, dose = await taking.owned(host, dose_id)
    if dose is None or not _is_for_helpers(host, dose):
        return Errand.CLOSED
    if dose.state is not DoseState.OPEN:
        return Errand.ALREADY if dose.state is DoseState.TAKEN else Errand.CLOSED
    if await taking.near(book, dose, host.now) is not None:
        return Errand.NEAR
    await answers.record_for(book, dose, by)
    await answers.after(book, dose)
    back = Choice(helping_wording.take_back(host.gettext), Action(cards.ROOM, "takeback", str(dose.key)))
    text = helping_wording.recorded_for_you(host.gettext, book.shown(dose))
    host.say(Message(text, ((back,),), silent=True))
    return Errand.RECORDED


async def take_back(visit: Visit, argument: str) -> None:
    """The person says that it was not so."""
    book, dose = await taking.owned(visit, argument)
    if dose is None:
        return
    if dose.recorded_by_sealed is None:
        visit.toast = helping_wording.not_theirs_any_more(visit.gettext)
        return
    await answers.reopen(book, dose)
    await read_amounts([(book, [dose])])
    say = day_wording.undone if dose.state is DoseState.OPEN else day_wording.undone_closed
    visit.show(Message(lines(say(visit.gettext, book.shown(dose)))))
    await answers.after(book, dose)
