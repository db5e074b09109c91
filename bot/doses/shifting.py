"""Moving one dose of today, or what is left of the day; the times of the other days stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.conversation.message import Choices, Message
from bot.conversation.visit import Visit
from bot.doses import answers, asking, cards, day, dialogs, life, moving, rules, wording
from bot.doses.book import Book, become, open_book, read_amounts, slot_of
from bot.doses.history import note
from bot.doses.moving import Room
from bot.doses.rules import RegimenView
from scheduler.timing import Planned, Slot
from storage import doses
from storage.doses import Dose
from storage.vocabulary import DoseKind, DoseState, PersonState

_OFFERED_HOURS = (1, 2, 3)
_DAY_HOURS = (1, 2, -1)
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Movable:
    """A dose of today that can be moved: its slot, its row if it has one, when it is due now, and its room.

    `after`: the time from its slot to the next one.
    """

    view: RegimenView
    planned: Planned
    dose: Dose | None
    due_at: datetime
    after: timedelta | None
    room: Room | None

    @property
    def argument(self) -> str:
        """As a button carries it."""
        return rules.slot_argument(self.view.regimen_id, self.planned.slot)


async def movable(book: Book) -> list[Movable]:
    """What is open today or still to come, in order; nothing in a pause, when nothing is due."""
    visit, found = book.visit, list[Movable]()
    if visit.person.state is PersonState.PAUSED:
        return found
    rows = {
        (row.regimen_id, Slot(row.slot_date, row.slot_time)): row
        for row in await doses.of_day(visit.session, visit.person.key, visit.today)
        if row.kind is DoseKind.PLANNED
    }
    for view in book.views():
        slots = rules.slots_around(view, visit.today)
        for planned in rules.slots_of_day(view, visit.today):
            row = rows.get((view.regimen_id, planned.slot))
            to_come = row is None and planned.due_at > view.planned_through
            if to_come or (row is not None and row.state is DoseState.OPEN):
                due_at = row.due_at if row is not None else planned.due_at
                _, after = moving.gaps(slots, planned)
                room = moving.room(slots, planned, visit.now)
                found.append(Movable(view, planned, row, due_at, after, room))
    return sorted(found, key=lambda each: each.due_at)


async def _find(visit: Visit, argument: str) -> tuple[Book, Movable | None]:
    book = await open_book(visit)
    found = next((each for each in await movable(book) if each.argument == argument), None)
    if found is None:
        visit.toast = wording.no_longer_planned(visit.gettext)
    elif found.room is None:
        visit.toast = asking.cannot_move(visit.gettext)
        return book, None
    return book, found


def _shown(book: Book, one: Movable) -> Dose:
    return one.dose or Dose(**slot_of(book, rules.new_dose(one.view, one.planned))._asdict())


async def ask(visit: Visit, _argument: str) -> None:
    """Which dose shall move?"""
    book, _ = await open_book(visit), visit.gettext
    listed = await movable(book)
    rows = [(cards.button(_label(book, each), "move1", each.argument),) for each in listed]
    if len(listed) > 1:
        rows.append((cards.button(asking.whole_day(_), "move1", _ALL),))
    rows.append((cards.button(wording.back(_), "today", ""),))
    visit.show(Message(asking.which_to_move(_), tuple(rows)))


def _label(book: Book, one: Movable) -> str:
    shown = book.shown(_shown(book, one))
    name = shown.name or wording.numbered(book.visit.gettext, shown.number)
    at = asking.moment(book.visit.gettext, one.due_at, book.visit.zone, book.visit.today)
    return f"{at} {wording.short(name)}"


async def ask_where(visit: Visit, argument: str) -> None:
    """Where to? A slot, or all of today's."""
    _ = visit.gettext
    if argument == _ALL:
        by = tuple(cards.button(asking.by_hours(_, hours), "by", f"{_ALL}.{hours}") for hours in _DAY_HOURS)
        visit.show(Message(asking.move_day_where(_), (by, (cards.button(wording.back(_), "move", ""),))))
        return
    book, one = await _find(visit, argument)
    if one is None or one.room is None:
        return
    room = one.room
    await read_amounts([(book, [one.dose])] if one.dose else [])
    edges = (asking.moment(_, at, visit.zone, visit.today) for at in (room.earliest, room.latest))
    visit.show(Message(asking.move_where(_, book.shown(_shown(book, one)), *edges), _ways(visit, one, room)))


def _ways(visit: Visit, one: Movable, room: Room) -> Choices:
    _ = visit.gettext
    hours = [each for each in _OFFERED_HOURS if room.holds(one.due_at + timedelta(hours=each))]
    by = tuple(cards.button(asking.by_hours(_, each), "by", f"{one.argument}.{each}") for each in hours)
    rows = (
        (cards.button(asking.another_time(_), "moveat", one.argument),),
        (cards.button(wording.back(_), "move", ""),),
    )
    return (by, *rows) if by else rows


async def move_by(visit: Visit, argument: str) -> None:
    """Move by hours: "12.2603052100.1", or all of today's: "all.-1"."""
    slot, _, hours = argument.rpartition(".")
    by = timedelta(hours=int(hours))
    if slot == _ALL:
        await _move_day(visit, by)
        return
    book, one = await _find(visit, slot)
    if one is not None:
        await _move(book, one, one.due_at + by)


async def _move_day(visit: Visit, by: timedelta) -> None:
    book = await open_book(visit)
    moved, stayed = list[Dose](), list[str]()
    listed = await movable(book)
    going = _going(book, listed, by)
    for one in listed:
        if (one.view.regimen_id, one.planned.slot) in going:
            dose = await _put(book, one, one.due_at + by)
            moved += [dose] if dose is not None else []
        else:
            stayed.append(_label(book, one))
    await answers.after(book, *moved)
    visit.toast = asking.day_moved(visit.gettext, stayed)
    await day.today(visit, "")


def _going(book: Book, listed: Sequence[Movable], by: timedelta) -> set[tuple[int, Slot]]:
    """Which of them move, each with its medicine."""
    going: set[tuple[int, Slot]] = set()
    for key, view in {one.view.regimen_id: one.view for one in listed}.items():
        due = {one.planned.slot: one.due_at for one in listed if one.view.regimen_id == key}
        slots = rules.slots_around(view, book.visit.today)
        going |= {(key, slot) for slot in moving.moving_together(slots, due, by, book.visit.now)}
    return going


async def ask_clock(visit: Visit, argument: str) -> None:
    """Move to a time that is typed."""
    book, one = await _find(visit, argument)
    if one is not None and one.room is not None:
        what = asking.what(visit.gettext, book.shown(_shown(book, one))).plain
        about = dialogs.about_move(what, one.planned, one.room)
        await visit.open(dialogs.MOVE_TO, {**about, "about": argument})


async def end_move(visit: Visit, answered: dict[str, Any]) -> None:
    """The person typed where it moves."""
    book, one = await _find(visit, answered["about"])
    if one is not None:
        await _move(book, one, datetime.fromisoformat(answered[dialogs.AT]))


async def _move(book: Book, one: Movable, to: datetime) -> None:
    visit = book.visit
    if one.room is None or not one.room.holds(to):
        visit.toast = asking.cannot_move(visit.gettext)
        return
    dose = await _put(book, one, to)
    if dose is not None:
        await answers.after(book, dose)
        at = asking.moment(visit.gettext, to, visit.zone, visit.today)
        in_quiet = visit.quiet is not None and visit.quiet.until(to) is not None
        visit.toast = asking.moved(visit.gettext, at, in_quiet=in_quiet)
    await day.today(visit, "")


async def _put(book: Book, one: Movable, to: datetime) -> Dose | None:
    """Write where a dose moved: its row keeps its slot, so that no second one comes of it."""
    new = rules.new_dose(one.view, one.planned)
    dose = one.dose or next(iter(await doses.add_new(book.visit.session, [slot_of(book, new)])), None)
    if dose is None:
        return None
    dose.moved_from = one.planned.due_at if to != one.planned.due_at else None
    dose.due_at = to
    become(dose, life.moved(book.standing(dose), moving.window_end(to, one.planned, one.after)))
    dose.snooze_limit = max(new.snooze_limit, dose.window_end)
    await note(book.visit, dose, "moved", to.isoformat())
    return dose


async def from_card(visit: Visit, argument: str) -> None:
    """A card's dose is to be moved: the same questions, in a message of their own."""
    dose = await doses.owned(visit.session, visit.person.key, int(argument))
    if dose is None or dose.state is not DoseState.OPEN:
        visit.toast = wording.no_longer_planned(visit.gettext)
        return
    await cards.put_away(await open_book(visit), dose)
    await ask_where(visit, rules.slot_argument(dose.regimen_id, Slot(dose.slot_date, dose.slot_time)))
