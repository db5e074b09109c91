"""What this room does when its timer fires: doses fall due, are asked for again, or end by themselves."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversation.message import Message
from bot.conversation.visit import Visit
from bot.doses import cards, rules, wording
from bot.doses.book import Book, dose_of, open_books
from bot.doses.cards import Ask
from bot.doses.rules import Step
from scheduler.lanes import Lane
from storage import doses
from storage.doses import Dose, DoseEvent
from storage.vocabulary import DoseState, PersonState, RegimenState


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    books = await open_books(visits)
    awake = [book for book in books if book.visit.person.state is PersonState.ACTIVE]
    if not awake:
        return
    await _write_due_doses(awake)
    asks = {book.visit.person.key: ask for book in awake if (ask := await _step(book)) is not None}
    await _catch_up(awake, asks)
    await cards.issue(list(asks.values()))
    for book in awake:
        book.visit.wake(cards.ROOM, next_wake(book))


async def _write_due_doses(books: Sequence[Book]) -> None:
    """Give every dose that has fallen due its row, in one statement for all these people."""
    rows: list[Dose] = []
    for book in books:
        now = book.visit.now
        rows += [dose_of(book, new) for new in rules.due_doses(book.views(), now)]
        await asyncio.sleep(0)  # after an outage there is much to plan, and others are waiting
        for medicine in book.medicines.values():
            if medicine.regimen.state is RegimenState.ACTIVE:
                medicine.regimen.planned_through = max(medicine.regimen.planned_through, now)
    by_person = {book.visit.person.key: book for book in books}
    if rows:
        for dose in await doses.add_new(books[0].visit.session, rows):
            by_person[dose.person_id].open.append(dose)


async def _step(book: Book) -> Ask | None:
    """End what is over; the doses to ask for now, if there are any and the person can be reached."""
    visit = book.visit
    what = rules.step(book.dose_views(), book.nudging(), visit.now)
    by_id = {dose.key: dose for dose in book.open}
    for dose_id, at in what.postpone:
        by_id[dose_id].next_ask_at = at
    await _end(book, [(by_id[dose_id], state) for dose_id, state in what.end])
    if not what.ask or not visit.person.reachable:
        return None
    return _ask(book, [by_id[dose_id] for dose_id in what.ask])


def _ask(book: Book, asked: list[Dose]) -> Ask:
    """One message for everything that is to be asked now."""
    visit, nudging = book.visit, book.nudging()
    first_time = all(dose.asked == 0 for dose in asked)
    wanted_at = min(dose.due_at + book.spread(dose) for dose in asked)
    late = first_time and rules.is_late(wanted_at, visit.now)
    for dose in asked:
        dose.reached = dose.reached or (dose.asked > 0 and book.delivery(dose) is rules.Delivery.ARRIVED)
        dose.asked += 1
        dose.snoozed_until = None
        dose.next_ask_at = rules.next_nudge(dose.asked, nudging, visit.now)
        note(visit, dose, "reminded")
    return Ask(book, asked, late=late, repeat=not first_time, quiet=nudging.quiet_until is not None)


async def _end(book: Book, ended: list[tuple[Dose, DoseState]]) -> None:
    """Doses whose window is over, without blame."""
    for dose, state in ended:
        dose.state, dose.ended_at = state, book.visit.now
        note(book.visit, dose, state.value)
        if state is DoseState.UNKNOWN and dose.card_id is not None:
            # What else that card had to say did not arrive either.
            for other in await doses.of_cards(book.visit.session, book.visit.person.key, [dose.card_id]):
                other.told_at = None
    book.open = [dose for dose in book.open if dose.state is DoseState.OPEN]
    for card_id in {dose.card_id for dose, _ in ended if dose.card_id is not None}:
        await cards.refresh(book, card_id)


async def _catch_up(books: Sequence[Book], asks: dict[int, Ask]) -> None:
    """Say once what could not be asked for: with the reminder that goes out now, or in a message of its own.

    Nobody is told while they cannot be reached.
    """
    reachable = {book.visit.person.key: book for book in books if book.visit.person.reachable}
    untold: dict[int, list[Dose]] = defaultdict(list)
    for dose in await doses.untold(books[0].visit.session, list(reachable)):
        untold[dose.person_id].append(dose)
    for person_id, missing in untold.items():
        for dose in missing:
            dose.told_at = reachable[person_id].visit.now
        if person_id in asks:
            asks[person_id] = replace(asks[person_id], undelivered=missing[-cards.MOST_LISTED :])
        else:
            _tell_undelivered(reachable[person_id], missing)


def _tell_undelivered(book: Book, missing: Sequence[Dose]) -> None:
    shown = [book.shown(dose) for dose in missing[-cards.MOST_LISTED :]]
    earlier = len(missing) - len(shown)
    text = wording.undelivered(book.visit.gettext, shown, earlier, calm=book.visit.calm)
    key = f"untold:{missing[0].key}:{missing[-1].key}"
    book.visit.say(Message(text, lane=Lane.DIGEST, dedupe_key=key))


def is_waiting(book: Book) -> bool:
    """True when a dose has fallen due, is to be asked for or has ended, and nobody has looked at it yet."""
    visit = book.visit
    if visit.person.state is not PersonState.ACTIVE:
        return False
    found = rules.step(book.dose_views(), book.nudging(), visit.now)
    return bool(found.ask or found.end or rules.due_doses(book.views(), visit.now))


def next_wake(book: Book) -> datetime | None:
    """When this room wants to look at this person again, having looked at them now."""
    if book.visit.person.state is not PersonState.ACTIVE:
        return None
    ahead: Step = rules.step(book.dose_views(), book.nudging(), book.visit.now)
    due = rules.next_due(book.views(), book.visit.now)
    return min((at for at in (ahead.next_wake, due) if at is not None), default=None)


def note(visit: Visit, dose: Dose, kind: str, detail: str | None = None) -> None:
    """Write down a fact about a dose."""
    visit.session.add(
        DoseEvent(dose_id=dose.key, person_id=visit.person.key, kind=kind, at=visit.now, detail=detail)
    )
