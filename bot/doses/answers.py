"""Answering a dose: the one way to record, put off, correct and undo."""

from datetime import datetime

from bot.doses import cards, rules, wording
from bot.doses.book import Book, open_book
from bot.doses.wake import is_waiting, next_wake, note
from storage.doses import Dose
from storage.vocabulary import DoseState, PersonState, RegimenState, SkipReason

ENDED_BY_PERSON = frozenset({DoseState.TAKEN, DoseState.SKIPPED})


def record(book: Book, dose: Dose, state: DoseState, reason: SkipReason | None = None) -> None:
    """The person's answer. A dose that ended unanswered may still be answered."""
    now = book.visit.now
    dose.state, dose.ended_at, dose.reason = state, now, reason
    dose.taken_at = now if state is DoseState.TAKEN else None
    dose.next_ask_at = dose.snoozed_until = None
    note(book.visit, dose, state.value, reason.value if reason else None)


def put_off(book: Book, dose: Dose, until: datetime) -> None:
    """Ask again at `until`; the window stays open for a while after it."""
    dose.snoozed_until = dose.next_ask_at = until
    dose.asked = 1  # a new round, in which the reminder that the person asked for is the first repeat
    dose.window_end = rules.window_after_snooze(dose.window_end, until)
    note(book.visit, dose, "snoozed", until.isoformat())


def reopen(book: Book, dose: Dose) -> None:
    """Take an answer back: open while its window lasts, else as if it had never been answered.

    A dose of a medicine that is no longer taken stays withdrawn.
    """
    now = book.visit.now
    if not _still_taken(book, dose):
        dose.state = DoseState.WITHDRAWN
    elif dose.window_end > now:
        dose.state, dose.ended_at = DoseState.OPEN, None
        dose.next_ask_at = rules.next_nudge(1, book.nudging(), now) if dose.asked else None
    else:
        dose.state = DoseState.MISSED if dose.reached or dose.asked else DoseState.UNKNOWN
        dose.told_at = now
    dose.taken_at = dose.reason = None
    note(book.visit, dose, "undone")


def _still_taken(book: Book, dose: Dose) -> bool:
    medicine = book.medicines.get(dose.regimen_id)
    active = medicine is not None and medicine.regimen.state is RegimenState.ACTIVE
    return active and book.visit.person.state is PersonState.ACTIVE


async def after(book: Book, *changed: Dose, on_card: bool = False) -> None:
    """Bring the cards and the next wake to the new state. `on_card`: the pressed message is a card."""
    if any(dose.state is DoseState.OPEN for dose in changed):
        book = await open_book(book.visit)  # what is open again has copies that the book may not know
    book.open = [dose for dose in book.open if dose.state is DoseState.OPEN]
    for card_id in {dose.card_id for dose in changed if dose.card_id is not None}:
        await cards.refresh(book, card_id, on_card=on_card)
    # What falls due in the very moment of the answer still waits to be looked at.
    book.visit.wake(cards.ROOM, book.visit.now if is_waiting(book) else next_wake(book))


def already(book: Book, dose: Dose) -> str | None:
    """What a second tap is told; None when the dose can still be answered."""
    _ = book.visit.gettext
    if dose.state is DoseState.WITHDRAWN:
        return wording.no_longer_planned(_)
    if dose.state not in ENDED_BY_PERSON:
        return None
    at = book.clock(dose.ended_at)
    if at is None:
        return None
    return wording.already_taken(_, at) if dose.state is DoseState.TAKEN else wording.already_skipped(_, at)
