"""How a dose really was: recorded from the list, corrected, or recorded for a day when nobody asked."""

from typing import Any

from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.visit import Visit
from bot.doses import answers, asking, cards, day, day_wording, noting, past, rules, taking, wording
from bot.doses.book import Book, become, open_book, slot_of
from bot.doses.cards import LIST
from bot.doses.taking import Press, owned
from storage import doses
from storage.doses import Dose
from storage.vocabulary import DoseKind, DoseState, SkipReason


async def log(visit: Visit, argument: str) -> None:
    """Record a dose from the list. Before it is due: its reminder will not come."""
    book = await open_book(visit)
    dose = await dose_of_slot(book, argument)
    if dose is None:
        visit.toast = wording.no_longer_planned(visit.gettext)
    else:
        await taking.take_now(book, dose, LIST)


async def dose_of_slot(book: Book, argument: str) -> Dose | None:
    """The dose of a slot; one that is still to come gets its row."""
    visit = book.visit
    regimen_id, slot = rules.read_slot_argument(argument)
    dose = await doses.of_regimen_slot(visit.session, regimen_id, slot.day, slot.at)
    if dose is not None:
        return dose if dose.person_id == visit.person.key else None
    view = next((view for view in book.views() if view.regimen_id == regimen_id), None)
    new = rules.named(view, slot) if view is not None else None
    return await _written(book, new) if new is not None else None


async def _written(book: Book, new: rules.NewDose) -> Dose | None:
    return next(iter(await doses.add_new(book.visit.session, [slot_of(book, new)])), None)


async def record_slot(visit: Visit, argument: str) -> None:
    """A slot of a day that is over, which nobody asked about: how was it?

    It gets a row that counts for nothing until that is answered.
    """
    book = await open_book(visit)
    regimen_id, slot = rules.read_slot_argument(argument)
    dose = await doses.of_regimen_slot(visit.session, regimen_id, slot.day, slot.at)
    if dose is None:
        new = next(
            (
                each
                for each in await past.unrecorded(book, slot.day, ())
                if each.regimen.regimen_id == regimen_id and each.planned.slot == slot
            ),
            None,
        )
        dose = await _written(book, new) if new is not None else None
        if dose is not None:
            become(dose, book.standing(dose)._replace(state=DoseState.WITHDRAWN))
    if dose is None or dose.person_id != visit.person.key:
        visit.toast = wording.no_longer_planned(visit.gettext)
        return
    await ask_correction(visit, str(dose.key))


async def ask_correction(visit: Visit, argument: str) -> None:
    """Ask how it really was."""
    book, dose = await owned(visit, argument)
    if dose is not None:
        written = await noting.buttons(visit, dose)
        question = day_wording.correct_question(visit.gettext, book.shown(dose))
        visit.show(Message(question, _corrections(book, dose, written)))


def _corrections(book: Book, dose: Dose, written: Choices) -> Choices:
    _, visit, key = book.visit.gettext, book.visit, str(dose.key)
    planned = dose.kind is DoseKind.PLANNED
    rows: list[tuple[Choice, ...]] = [(cards.button(day_wording.was_taken(_), "when", f"{key}.{LIST}"),)]
    if planned:
        rows.append((cards.button(day_wording.was_skipped(_), "wasskip", key),))
    rows.append((cards.button(day_wording.was_not_taken(_), "was", f"{key}.not"),))
    if dose.state is DoseState.TAKEN:
        note = cards.button(asking.add_note(_), "note", f"{key}.{LIST}")
        more = cards.button(asking.one_more(_), "extra", Press(dose.key, LIST, visit.now).argument())
        rows.append((more, note) if planned else (note,))
    day_of = f"{dose.slot_date:{past.DAY_FORM}}"
    return (*rows, *written, (cards.button(wording.back(_), "day", day_of),))


async def ask_reason(visit: Visit, argument: str) -> None:
    """It was skipped: why? A skip that the doctor advised counts differently."""
    _ = visit.gettext
    back = (Choice(wording.back(_), Action(cards.ROOM, "correct", argument)),)
    rows = cards.reasons(_, "was", int(argument))
    visit.show(Message(wording.why_skip(_), (*rows, back)))


async def correct(visit: Visit, argument: str) -> None:
    """It was not taken: "12.not", or with a reason to skip, such as "12.advised"."""
    key, _, verb = argument.partition(".")
    book, dose = await owned(visit, key)
    if dose is None:
        return
    if verb == "not":
        await answers.correct(book, dose, DoseState.MISSED)
    else:
        await answers.correct(book, dose, DoseState.SKIPPED, SkipReason(verb))
    visit.toast = day_wording.corrected(visit.gettext)
    await taking.show(book, LIST, dose)


async def end_past_day(visit: Visit, answered: dict[str, Any]) -> None:
    """The person typed a day."""
    await day.show(visit, past.day_said(answered))
