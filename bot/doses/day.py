"""/today: what is open, what is done; log early, correct."""

from dataclasses import dataclass
from datetime import timedelta

from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import Text, lines, paragraphs
from bot.conversation.visit import Visit
from bot.doses import answers, cards, rules, wording
from bot.doses.book import Book, ShownDose, open_book, read_amounts, slot_of
from scheduler.timing import Planned, Slot
from storage import doses
from storage.doses import Dose
from storage.vocabulary import DoseState, PersonState, SkipReason

_CORRECTIONS = {"taken": DoseState.TAKEN, "not": DoseState.MISSED}
# What may still be missing from yesterday: a window that ended in the night is noticed in the morning.
_UNANSWERED = frozenset({DoseState.OPEN, DoseState.MISSED, DoseState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Line:
    """One dose of the day: a row that exists, or a slot still to come."""

    shown: ShownDose
    planned: Planned | None = None


async def today(visit: Visit, _words: str) -> None:
    """Answer /today."""
    book = await open_book(visit)
    listed = await _lines(book)
    text = paragraphs(_yesterday_text(book, listed), _today_text(book, listed))
    if visit.person.state is PersonState.PAUSED:
        text = paragraphs(wording.paused_now(visit.gettext), text)
    rows = [(_button(visit, line, label),) for line, label in _labelled(visit, listed)]
    visit.show(Message(text, (*rows, help_row(visit.gettext))))


def _yesterday_text(book: Book, listed: list[Line]) -> Text:
    """What yesterday left without an answer; empty when there is nothing."""
    earlier = [line for line in listed if line.shown.dose.slot_date < book.visit.today]
    if not earlier:
        return Text("")
    heading = wording.yesterday_heading(book.visit.gettext, earlier[0].shown.dose.slot_date)
    return lines(heading, *(_line_text(book, line) for line in earlier))


def _today_text(book: Book, listed: list[Line]) -> Text:
    visit = book.visit
    of_today = [line for line in listed if line.shown.dose.slot_date == visit.today]
    if not of_today:
        return wording.nothing_today(visit.gettext)
    heading = wording.today_heading(visit.gettext, visit.today)
    return lines(heading, *(_line_text(book, line) for line in of_today))


async def _lines(book: Book) -> list[Line]:
    """What yesterday left without an answer, and today's doses, in order of slot."""
    visit = book.visit
    rows = await doses.between(visit.session, visit.person.key, visit.today - timedelta(days=1), visit.today)
    kept = [row for row in rows if row.slot_date == visit.today or row.state in _UNANSWERED]
    await read_amounts([(book, kept)])
    have = {(row.regimen_id, row.slot_date, row.slot_time) for row in rows}
    ahead = [
        Line(book.shown(_to_come(book, rules.new_dose(view, slot))), slot)
        for view in book.views()
        for slot in rules.slots_of_day(view, visit.today)
        if (view.regimen_id, slot.slot.day, slot.slot.at) not in have and slot.due_at > view.planned_through
    ]
    listed = [Line(book.shown(row)) for row in kept] + ahead
    return sorted(listed, key=lambda line: (line.shown.dose.slot_date, line.shown.dose.due_at))


def _to_come(book: Book, new: rules.NewDose) -> Dose:
    """A dose that has no row yet, to be shown."""
    return Dose(**slot_of(book, new)._asdict())


def _line_text(book: Book, line: Line) -> Text:
    _, shown = book.visit.gettext, line.shown
    state = wording.upcoming(_) if line.planned is not None else wording.state_of(_, shown)
    name = wording.medicine(_, shown) if shown.name else wording.unnamed(_)
    return wording.today_line(_, shown, name, wording.mark(shown.dose.state), state)


def _labelled(visit: Visit, listed: list[Line]) -> list[tuple[Line, str]]:
    """Each dose with what tells its button from the others': a name, or a number where no name is shown."""
    return [(line, line.shown.name or wording.numbered(visit.gettext, line.shown.number)) for line in listed]


def _button(visit: Visit, line: Line, name: str) -> Choice:
    _, dose = visit.gettext, line.shown.dose
    when = wording.slot_label(_, line.shown, visit.today)
    if dose.state is DoseState.OPEN:
        argument = rules.slot_argument(dose.regimen_id, Slot(dose.slot_date, dose.slot_time))
        return Choice(wording.log_now(_, when, name), Action(cards.ROOM, "log", argument))
    return Choice(wording.correct(_, when, name), Action(cards.ROOM, "correct", str(dose.key)))


async def log(visit: Visit, argument: str) -> None:
    """Record a dose from the list. Before it is due: its reminder will not come."""
    book = await open_book(visit)
    regimen_id, slot = rules.read_slot_argument(argument)
    dose = await doses.of_regimen_slot(visit.session, regimen_id, slot.day, slot.at)
    if dose is None:
        dose = await _early(book, regimen_id, argument)
    if dose is None or dose.person_id != visit.person.key:
        visit.toast = wording.no_longer_planned(visit.gettext)
        return
    visit.toast = answers.already(book, dose)
    if visit.toast is None:
        answers.record(book, dose, DoseState.TAKEN)
        visit.toast = wording.recorded_at(visit.gettext, visit.now.astimezone(visit.zone).time())
    await _show_changed(book, dose)


async def _early(book: Book, regimen_id: int, argument: str) -> Dose | None:
    slot = rules.read_slot_argument(argument)[1]
    for view in book.views():
        if view.regimen_id == regimen_id:
            for planned in rules.slots_of_day(view, slot.day):
                if planned.slot == slot:
                    written = await doses.add_new(
                        book.visit.session, [slot_of(book, rules.new_dose(view, planned))]
                    )
                    return written[0] if written else None
    return None


async def ask_correction(visit: Visit, argument: str) -> None:
    """Ask how it really was."""
    book = await open_book(visit)
    dose = await doses.owned(visit.session, visit.person.key, int(argument))
    if dose is None:
        visit.toast = wording.no_longer_planned(visit.gettext)
        return
    await read_amounts([(book, [dose])])
    _ = visit.gettext
    rows = (
        (Choice(wording.was_taken(_), Action(cards.ROOM, "was", f"{dose.key}.taken")),),
        (Choice(wording.was_skipped(_), Action(cards.ROOM, "wasskip", str(dose.key))),),
        (Choice(wording.was_not_taken(_), Action(cards.ROOM, "was", f"{dose.key}.not")),),
        (Choice(wording.back(_), Action(cards.ROOM, "today")),),
    )
    visit.show(Message(wording.correct_question(_, book.shown(dose)), rows))


async def ask_reason(visit: Visit, argument: str) -> None:
    """It was skipped: why? A skip that the doctor advised counts differently."""
    _ = visit.gettext
    back = (Choice(wording.back(_), Action(cards.ROOM, "correct", argument)),)
    rows = cards.reasons(_, "was", int(argument))
    visit.show(Message(wording.why_skip(_), (*rows, back)))


async def correct(visit: Visit, argument: str) -> None:
    """Set a dose to what it really was: "12.taken", "12.not", or a reason to skip such as "12.advised"."""
    key, _, verb = argument.partition(".")
    book = await open_book(visit)
    dose = await doses.owned(visit.session, visit.person.key, int(key))
    if dose is None:
        visit.toast = wording.no_longer_planned(visit.gettext)
        return
    state = _CORRECTIONS.get(verb, DoseState.SKIPPED)
    await answers.correct(book, dose, state, SkipReason(verb) if state is DoseState.SKIPPED else None)
    visit.toast = wording.corrected(visit.gettext)
    await _show_changed(book, dose)


async def _show_changed(book: Book, dose: Dose) -> None:
    """Bring the dose's cards and this list to the new state."""
    await answers.after(book, dose)
    await today(book.visit, "")
