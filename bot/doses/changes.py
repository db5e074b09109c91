"""What other rooms' facts mean for doses: plan anew, withdraw, rest, go on."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.conversation.visit import Visit
from bot.doses import answers, cards, life, rules, wake
from bot.doses.book import Book, become, open_book
from bot.doses.history import fact
from bot.doses.rules import NewDose, RegimenView
from scheduler.localtime import zone
from scheduler.plans import place
from scheduler.timing import Planned, Slot
from storage import adherence_days, dose_events, doses
from storage.adherence_days import own_day
from storage.dose_cards import about_card
from storage.doses import Dose
from storage.vocabulary import DoseState, PersonState, RegimenState

_SECOND = timedelta(seconds=1)


async def plan_anew(visit: Visit) -> None:
    """Medicines or settings changed: look again at once, and show open reminders as they are now."""
    book = await open_book(visit)
    for dose in book.open:
        _take_up(book, dose)
    await _bring_back(book)
    await wake.wake([visit])
    book = await open_book(visit)
    shown = [dose.card_id for dose in book.open if not _fresh(visit, dose)]
    await cards.refresh_all({card_id: book for card_id in shown if card_id is not None})


def _take_up(book: Book, dose: Dose) -> None:
    """What is still to be taken is taken in the amount that holds now, unless that begins later."""
    medicine = book.medicines[dose.regimen_id]
    if rules.is_before(medicine.timing, dose.slot_date):
        return
    slot = Planned(Slot(dose.slot_date, dose.slot_time), dose.due_at)
    dose.version_id = medicine.version.key
    dose.step, dose.turn = place(
        medicine.timing, zone(dose.zone), slot, day_ends=book.visit.person.day_ends_at
    )


async def _bring_back(book: Book) -> None:
    """A pause that ended within a dose's window leaves the dose open: nothing was decided about it."""
    if book.visit.person.state is not PersonState.ACTIVE:
        return
    views = {view.regimen_id: view for view in book.views()}
    back = []
    for dose in await doses.withdrawn_since(book.visit.session, book.visit.person.key, book.visit.now):
        view = views.get(dose.regimen_id)
        if view is not None and _still_planned(view, dose):
            _take_up(book, dose)
            await answers.reopen(book, dose)
            back.append(own_day(dose))
    await adherence_days.refresh(book.visit.session, back)


def _fresh(visit: Visit, dose: Dose) -> bool:
    """True when this very visit asks for the dose, so that its card is new anyway."""
    thing = about_card(dose.card_id)
    return any(order.message.about == thing for order in visit.orders)


async def look_back(visit: Visit, before: ZoneInfo) -> None:
    """In another zone a slot may have passed by the clock that nobody was asked about: plan it now.

    Who travels east skips hours. A slot that has its dose already keeps it, so nothing comes twice.
    """
    book = await open_book(visit)
    for medicine in book.medicines.values():
        regimen = medicine.regimen
        if regimen.home_zone is None:
            since = rules.looks_back_from(book.view(medicine), before, regimen.created_at, visit.now)
            regimen.planned_through = since


async def go_by_another_clock(visit: Visit, regimen_id: int, other: ZoneInfo) -> None:
    """The person chose another clock for a medicine: a dose asked for by the one before waits for its time.

    `other`: of the two clocks in question the one that is not the person's own. What the new clock has passed
    already, without a dose, is planned now.
    """
    book = await open_book(visit)
    medicine = book.medicines[regimen_id]
    regimen, chosen = medicine.regimen, book.view(medicine)
    before = visit.zone if chosen.zone is other else other
    regimen.planned_through = rules.looks_back_from(chosen, before, regimen.created_at, visit.now)
    view = next((view for view in book.views() if view.regimen_id == regimen_id), None)
    if view is None:
        return
    asked: dict[int, Book] = {}
    for dose in book.open:
        new = rules.named(view, Slot(dose.slot_date, dose.slot_time))
        if dose.regimen_id == regimen_id and new is not None and new.planned.due_at > visit.now:
            asked |= {dose.card_id: book} if dose.card_id is not None else {}
            # The card of the clocks compares from before this dose, whose time is still to come.
            regimen.planned_through = min(regimen.planned_through, dose.due_at - _SECOND)
            _put_back(dose, new)
    await cards.refresh_all(asked)


async def count_by_another_day(visit: Visit, before: time) -> None:
    """The person's day ends at another time: a dose in the hours between belongs to another day now.

    Where that changes the days alone, the rows follow, so that no slot bears the name of one that was had.
    Where it moves the doses, what was had keeps its name, and the slot of that name does not come again.
    """
    book, ends = await open_book(visit), visit.person.day_ends_at
    views = (book.view(medicine) for medicine in book.medicines.values())
    named = [view.regimen_id for view in views if rules.keeps_its_moments(view, before, visit.now)]
    between, days = (min(before, ends), max(before, ends)), -1 if before < ends else 1
    renamed = await doses.rename(
        visit.session, named, between, timedelta(days=days), lambda dose: _is_named_by(before, dose)
    )
    now = {adherence_days.own_day(dose) for dose in renamed}
    was = {day._replace(day=day.day - timedelta(days=days)) for day in now}
    await adherence_days.refresh(visit.session, now | was)


def _is_named_by(day_ends: time, dose: Dose) -> bool:
    slot = Slot(dose.slot_date, dose.slot_time)
    return rules.is_named_by(day_ends, slot, dose.moved_from or dose.due_at, zone(dose.zone))


def _put_back(dose: Dose, new: NewDose) -> None:
    """As if it had not been asked for: its time is still to come."""
    become(dose, life.Standing(new.window_end, reached=dose.reached))
    dose.due_at, dose.snooze_limit, dose.zone = new.planned.due_at, new.snooze_limit, new.regimen.zone.key
    dose.card_id = None


async def withdraw(visit: Visit, regimen_id: int) -> None:
    """Open doses of a regimen that was stopped, paused or changed no longer count.

    A dose whose slot the changed timing still has stays open.
    """
    book = await open_book(visit)
    view = next((view for view in book.views() if view.regimen_id == regimen_id), None)
    gone = [d for d in book.open if d.regimen_id == regimen_id and not (view and _still_planned(view, d))]
    await _withdraw(book, gone)


def _still_planned(view: RegimenView, dose: Dose) -> bool:
    return rules.has_slot(view, Slot(dose.slot_date, dose.slot_time))


async def rest(visit: Visit) -> None:
    """A pause: nothing is asked, nothing is missed."""
    book = await open_book(visit)
    await _withdraw(book, list(book.open))
    visit.wake(cards.ROOM, None)


async def go_on(visit: Visit) -> None:
    """After a pause doses begin from now; what lay in it was never due."""
    book = await open_book(visit)
    for medicine in book.medicines.values():
        if medicine.regimen.state is RegimenState.ACTIVE:
            medicine.regimen.planned_through = rules.goes_on_from(medicine.regimen.planned_through, visit.now)
    await plan_anew(visit)


async def _withdraw(book: Book, ended: list[Dose]) -> None:
    for dose in ended:
        become(dose, life.ended(book.standing(dose), DoseState.WITHDRAWN, book.visit.now))
    withdrawn = DoseState.WITHDRAWN.value
    await dose_events.add(book.visit.session, [fact(book.visit, dose, withdrawn) for dose in ended])
    await adherence_days.refresh(book.visit.session, map(own_day, ended))
    await cards.refresh_all({dose.card_id: book for dose in ended if dose.card_id is not None})
