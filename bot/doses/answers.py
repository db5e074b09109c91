"""Answering a dose: the one way to record, put off, correct and undo."""

from datetime import datetime

from bot.conversation.facts import DoseAnswered, DoseReopened
from bot.doses import cards, life, wording
from bot.doses.book import Book, become, open_book, read_copies, read_takings
from bot.doses.history import note
from bot.doses.wake import wakes_after
from storage import adherence_days, dose_events, doses
from storage.adherence_days import own_day
from storage.doses import Dose
from storage.neighbours import Neighbours
from storage.vocabulary import DoseKind, DoseState, PersonState, RegimenState, SkipReason


async def record(book: Book, dose: Dose, state: DoseState, reason: SkipReason | None = None) -> None:
    """The person's answer; what was taken, was taken now."""
    now = book.visit.now
    become(dose, life.answered(book.standing(dose), state, now, reason=reason, taken_at=now))
    await note(book.visit, dose, state.value, reason.value if reason else None)
    book.visit.tell(DoseAnswered(dose.due_at))


async def record_for(book: Book, dose: Dose, by: str) -> None:
    """Somebody whom the person lets do it says that it was taken now."""
    now, sealed = book.visit.now, dose_events.seal_recorder(book.visit.sealer, by)
    standing = book.standing(dose)
    become(dose, life.answered(standing, DoseState.TAKEN, now, taken_at=now, recorded_by_sealed=sealed))
    await note(book.visit, dose, DoseState.TAKEN.value, recorded_by=sealed)


async def record_taken(book: Book, dose: Dose, at: datetime | None) -> None:
    """It was taken, and the person says when; None when they do not know. What was recorded gets its time."""
    if dose.state is not DoseState.TAKEN:
        become(dose, life.answered(book.standing(dose), DoseState.TAKEN, book.visit.now))
    become(dose, life.timed(book.standing(dose), at))
    await note(book.visit, dose, DoseState.TAKEN.value, at.isoformat() if at is not None else None)
    book.visit.tell(DoseAnswered(dose.due_at))


async def correct(book: Book, dose: Dose, state: DoseState, reason: SkipReason | None = None) -> None:
    """How it really was. What was not planned and was not taken is nothing at all."""
    if dose.kind is not DoseKind.PLANNED and state is not DoseState.TAKEN:
        await reopen(book, dose)
        return
    await _read_reminders(book, dose)
    still_taken, nudging = _still_taken(book, dose), book.nudging()
    before, now = book.standing(dose), book.visit.now
    become(dose, life.corrected(before, state, now, nudging, still_taken=still_taken, reason=reason))
    if dose.state is state:
        await note(book.visit, dose, state.value, reason.value if reason else None)
        book.visit.tell(DoseAnswered(dose.due_at))
    else:
        await note(book.visit, dose, "undone")
        book.visit.tell(DoseReopened())


async def put_off(book: Book, dose: Dose, until: datetime) -> None:
    """Ask again at `until`."""
    become(dose, life.put_off(book.standing(dose), until))
    await note(book.visit, dose, "snoozed", until.isoformat())


async def reopen(book: Book, dose: Dose) -> None:
    """Take an answer back. What was not planned is gone with it: nobody is asked for it again."""
    await _read_reminders(book, dose)
    still_taken = dose.kind is DoseKind.PLANNED and _still_taken(book, dose)
    become(dose, life.reopened(book.standing(dose), book.visit.now, book.nudging(), still_taken=still_taken))
    await note(book.visit, dose, "undone")
    book.visit.tell(DoseReopened())


async def _read_reminders(book: Book, dose: Dose) -> None:
    """What became of the reminder of a dose that is not open, so that the book does not know it yet."""
    if dose.card_id is not None:
        await read_copies({dose.card_id: book})


def _still_taken(book: Book, dose: Dose) -> bool:
    medicine = book.medicines.get(dose.regimen_id)
    active = medicine is not None and medicine.regimen.state is RegimenState.ACTIVE
    return active and book.visit.person.state is PersonState.ACTIVE


async def after(book: Book, *changed: Dose, on_card: bool = False, around: Neighbours | None = None) -> None:
    """Bring the counted days, the cards and the next wake to the new state.

    `on_card`: the pressed message is a card. `around`: the doses around the only one that has changed, if
    they have been read.
    """
    day = map(doses.due_dose, around.day) if around is not None else None
    await adherence_days.refresh(book.visit.session, map(own_day, changed), day)
    if any(dose.state is DoseState.OPEN for dose in changed):
        book = await open_book(book.visit)  # what is open again has copies that the book may not know
    else:
        await read_takings([book])
    book.open = [dose for dose in book.open if dose.state is DoseState.OPEN]
    for card_id in {dose.card_id for dose in changed if dose.card_id is not None}:
        await cards.refresh(book, card_id, on_card=on_card, shown=around.card if around is not None else None)
    book.visit.wake(cards.ROOM, wakes_after(book))


def already(book: Book, dose: Dose) -> str | None:
    """What a second tap is told; None when the dose can still be answered."""
    _ = book.visit.gettext
    if dose.state is DoseState.WITHDRAWN:
        return wording.no_longer_planned(_)
    if dose.state in life.ANSWERABLE:
        return None
    at = book.clock(dose.ended_at)
    if at is None:
        return None
    return wording.already_taken(_, at) if dose.state is DoseState.TAKEN else wording.already_skipped(_, at)
