"""/today and the days before it: what is open, what is done, and what can be recorded."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.conversation.help import help_row
from bot.conversation.message import Choice, Message
from bot.conversation.text import Text, lines, paragraphs
from bot.conversation.visit import Visit
from bot.doses import asking, cards, day_wording, helping_wording, past, rules, wanted, wording
from bot.doses.book import Book, ShownDose, open_book, read_amounts, slot_of
from bot.doses.past import DAY_FORM
from scheduler.timing import Planned, Slot
from storage import doses, notes, words
from storage.doses import Dose
from storage.vocabulary import DoseKind, DoseState, NoteKind, PersonState

_DAY = timedelta(days=1)
# What may still be missing from yesterday: a window that ended in the night is noticed in the morning.
_UNANSWERED = frozenset({DoseState.OPEN, DoseState.MISSED, DoseState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Line:
    """One dose of the day, with its notes: a row that exists, or a slot without one.

    `planned`: a slot still to come; `before`: one that was planned when nobody asked.
    """

    shown: ShownDose
    planned: Planned | None = None
    before: Planned | None = None
    notes: Sequence[Text] = ()


async def show(visit: Visit, day: date) -> None:
    """The list that a day is on: today's, or the page of a day that is over."""
    if day >= visit.today:
        await today(visit, "")
    else:
        await _page(visit, day)


async def today(visit: Visit, _words: str) -> None:
    """Answer /today."""
    book = await open_book(visit)
    _ = visit.gettext
    listed = await _lines(book)
    needed = await wanted.read(book)
    text = paragraphs(
        _yesterday_text(book, listed),
        _today_text(book, listed, needed),
        wanted.text(needed),
        await _said_by_others(visit, visit.today),
    )
    paused = visit.person.state is PersonState.PAUSED
    if paused:
        text = paragraphs(day_wording.paused_now(_), text)
    rows = [(_button(visit, line, label),) for line, label in _labelled(visit, listed)]
    more = [cards.button(asking.earlier(_), "day", f"{visit.today - _DAY:{DAY_FORM}}")]
    if not paused and any(_can_move(line, visit.today) for line in listed):
        more.append(cards.button(asking.move_doses(_), "move"))
    visit.show(Message(text, (*rows, *wanted.buttons(needed), tuple(more), help_row(_))))


def _can_move(line: Line, today: date) -> bool:
    dose = line.shown.dose
    return dose.state is DoseState.OPEN and dose.kind is DoseKind.PLANNED and dose.slot_date == today


async def _said_by_others(visit: Visit, day: date) -> Text:
    """What caregivers told that day and the person kept; empty when there is nothing."""
    near = datetime.combine(day, time(12), visit.zone).astimezone(UTC)
    kept = await words.kept(visit.session, visit.sealer, visit.person.key, near - 2 * _DAY, near + 2 * _DAY)
    of_day = [each for each in kept if visit.day_of(each.at) == day]
    return lines(*(helping_wording.said_by(visit.gettext, each.by, each.text) for each in of_day))


def _yesterday_text(book: Book, listed: list[Line]) -> Text:
    """What yesterday left without an answer; empty when there is nothing."""
    earlier = [line for line in listed if line.shown.dose.slot_date < book.visit.today]
    if not earlier:
        return Text("")
    heading = day_wording.yesterday_heading(book.visit.gettext, earlier[0].shown.dose.slot_date)
    return lines(heading, *(_line_text(book, line) for line in earlier))


def _today_text(book: Book, listed: list[Line], needed: Sequence[wanted.Wanted]) -> Text:
    visit = book.visit
    of_today = [line for line in listed if line.shown.dose.slot_date == visit.today]
    if not of_today:
        return day_wording.nothing_today(visit.gettext) if not needed else Text("")
    heading = day_wording.today_heading(visit.gettext, visit.today)
    return lines(heading, *(_line_text(book, line) for line in of_today))


async def _lines(book: Book) -> list[Line]:
    """What yesterday left without an answer, and today's doses, in order of slot."""
    visit = book.visit
    rows = await doses.between(visit.session, visit.person.key, visit.today - _DAY, visit.today)
    kept = [row for row in rows if row.slot_date == visit.today or row.state in _UNANSWERED]
    have = _planned_in(rows)
    ahead = [
        Line(book.shown(_to_come(book, rules.new_dose(view, slot))), planned=slot)
        for view in book.views()
        for slot in rules.slots_of_day(view, visit.today)
        if (view.regimen_id, slot.slot) not in have and slot.due_at > view.planned_through
    ]
    return _in_order([*await _of_rows(book, kept), *ahead])


def _planned_in(rows: Iterable[Dose]) -> set[tuple[int, Slot]]:
    return {
        (row.regimen_id, Slot(row.slot_date, row.slot_time)) for row in rows if row.kind is DoseKind.PLANNED
    }


async def _of_rows(book: Book, rows: Sequence[Dose]) -> list[Line]:
    """Rows with their words and notes; what was taken back of the unplanned is gone."""
    kept = [row for row in rows if row.kind is DoseKind.PLANNED or row.state is DoseState.TAKEN]
    await read_amounts([(book, kept)])
    written = await _notes(book, kept)
    return [Line(book.shown(row), notes=written.get(row.key, ())) for row in kept]


async def _notes(book: Book, rows: Sequence[Dose]) -> Mapping[int, list[Text]]:
    visit = book.visit
    found: dict[int, list[Text]] = defaultdict(list)
    if not rows:
        return found
    for note in await notes.of_doses(visit.session, [visit.person.key], [row.key for row in rows]):
        words = notes.open_content(visit.sealer, note)
        side_effect = note.kind is NoteKind.SIDE_EFFECT
        found[note.dose_id].append(asking.note_line(visit.gettext, words, side_effect=side_effect))
    return found


def _in_order(listed: list[Line]) -> list[Line]:
    return sorted(listed, key=lambda line: (line.shown.dose.slot_date, line.shown.dose.due_at))


def _to_come(book: Book, new: rules.NewDose) -> Dose:
    """A dose that has no row yet, to be shown."""
    return Dose(**slot_of(book, new)._asdict())


def _line_text(book: Book, line: Line) -> Text:
    _, shown = book.visit.gettext, line.shown
    state = wording.state_of(_, shown)
    if line.before is not None:
        state = asking.no_record(_)
    elif line.planned is not None or (not state and shown.dose.due_at > book.visit.now):
        state = day_wording.upcoming(_)
    mark = wording.mark(DoseState.UNKNOWN if _is_blank(line) else shown.dose.state)
    text = day_wording.today_line(_, shown, wording.medicine(_, shown), mark, state)
    return asking.with_notes(text, line.notes)


def _is_blank(line: Line) -> bool:
    return line.before is not None or wording.is_blank(line.shown.dose)


def _labelled(visit: Visit, listed: list[Line]) -> list[tuple[Line, str]]:
    """Each dose with what tells its button from the others': a name, or a number where no name is shown."""
    return [(line, line.shown.name or wording.numbered(visit.gettext, line.shown.number)) for line in listed]


def _button(visit: Visit, line: Line, name: str) -> Choice:
    _, dose = visit.gettext, line.shown.dose
    when = wording.slot_label(_, line.shown, visit.today)
    slot = rules.slot_argument(dose.regimen_id, Slot(dose.slot_date, dose.slot_time))
    if line.before is not None:
        return cards.button(asking.record_slot(_, when, wording.short(name)), "slot", slot)
    if dose.state is DoseState.OPEN:
        return cards.button(day_wording.log_now(_, when, name), "log", slot)
    if wording.is_blank(dose):
        return cards.button(asking.record_slot(_, when, wording.short(name)), "correct", str(dose.key))
    return cards.button(day_wording.correct(_, when, name), "correct", str(dose.key))


# A day that is over


async def open_day(visit: Visit, argument: str) -> None:
    """Show the day of a button: "260304"."""
    await show(visit, past.read_day(argument))


async def _page(visit: Visit, day: date) -> None:
    _, book = visit.gettext, await open_book(visit)
    rows = await doses.of_day(visit.session, visit.person.key, day)
    blank = await past.unrecorded(book, day, _planned_in(rows))
    shown = [Line(book.shown(_to_come(book, new)), before=new.planned) for new in blank]
    listed = _in_order([*await _of_rows(book, rows), *shown])
    heading = asking.day_heading(_, day, visit.today)
    told = [_line_text(book, line) for line in listed] or [asking.nothing_that_day(_)]
    text = paragraphs(lines(heading, *told), await _said_by_others(visit, day))
    buttons = [(_button(visit, line, label),) for line, label in _labelled(visit, listed)]
    visit.show(Message(text, (*buttons, *_ways(visit, day), help_row(_))))


def _ways(visit: Visit, day: date) -> tuple[tuple[Choice, ...], ...]:
    """A day back, a day on, any other day."""
    _, before, after = visit.gettext, day - _DAY, day + _DAY
    back = cards.button(asking.day_button(_, before, back=True), "day", f"{before:{DAY_FORM}}")
    to_today = cards.button(asking.to_today(_), "today")
    on = cards.button(asking.day_button(_, after, back=False), "day", f"{after:{DAY_FORM}}")
    another = cards.button(asking.another_day(_), "days")
    return ((back, on), (another, to_today)) if after < visit.today else ((back, to_today), (another,))
