"""What this room does when its timer fires: doses fall due, are asked for again, or end by themselves."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from bot.conversation.lows import no_streaks
from bot.conversation.message import Message
from bot.conversation.visit import Visit
from bot.doses import cards, due, life, rules, wording
from bot.doses.book import Book, become, open_books, read_amounts, read_outages, slot_of, stored
from bot.doses.cards import Ask
from bot.doses.due import NOTHING, Delivery, DoseView, Nudging, Step
from bot.doses.history import fact
from bot.doses.life import Standing
from bot.doses.rules import RegimenView
from scheduler.breath import unhurried
from scheduler.lanes import Lane
from storage import adherence_days, dose_events, doses, regimens
from storage.adherence_days import OwnDay, own_day
from storage.dose_events import Fact
from storage.doses import Dose, DueSlot
from storage.regimens import Regimen
from storage.vocabulary import DoseState, PersonState

_UNTOLD = "untold:"


@dataclass(slots=True)
class _Look:
    """What a wake sees of one person, every row read once: of thousands that takes longer than to decide.

    Of the open doses by their keys: `rows`, where their rows stood, and `doses`, as the rules see them, when
    `step` was taken and then as they became.
    """

    book: Book
    nudging: Nudging
    regimens: Sequence[RegimenView]
    rows: dict[int, Standing] = field(default_factory=dict)
    doses: dict[int, DoseView] = field(default_factory=dict)
    step: Step = NOTHING

    def read(self) -> None:
        """Look at the open doses, and at what follows now."""
        for dose in self.book.open:
            stands = stored(dose)
            view = self.book.seen(dose, stands)
            self.rows[view.dose_id], self.doses[view.dose_id] = stands, view
        self.step = self.decide()

    def decide(self) -> Step:
        """What follows now for the open doses."""
        return due.step(list(self.doses.values()), self.nudging, self.book.visit.now)

    def follow(self, dose: Dose, became: Callable[[Standing], Standing]) -> None:
        """Let a dose become what the rules make of it; what was asked of it is under way."""
        key = dose.key
        before, view = self.rows[key], self.doses[key]
        standing = became(life.arrived(before, view.delivery))
        become(dose, standing, before)
        self.doses[key] = life.under_way(view, standing)


async def wake(visits: list[Visit]) -> None:
    """Look at several people at once, and set when to look again."""
    books = await open_books(visits)
    awake = [book for book in books if book.visit.person.state is PersonState.ACTIVE]
    if not awake:
        return
    looks = [_Look(book, book.nudging(), book.views()) async for book in unhurried(awake)]
    fallen_due = await _write_due_doses(looks)
    await read_outages(awake)
    async for look in unhurried(looks):
        look.read()
    ended = await _end(looks)
    await adherence_days.refresh(awake[0].visit.session, fallen_due | ended)
    # Read before anything is asked, so that what is asked is written once, together with its card.
    untold = await _untold(awake)
    asks = {
        look.book.visit.person.key: ask
        async for look in unhurried(looks)
        if (ask := _go_on(look)) is not None
    }
    await _note_reminders(list(asks.values()))
    await _catch_up(awake, asks, untold)
    await cards.issue(list(asks.values()))
    async for look in unhurried(looks):
        look.book.visit.wake(cards.ROOM, _soonest(look.book, look.decide(), look.regimens))


async def _write_due_doses(looks: Sequence[_Look]) -> set[OwnDay]:
    """Give every dose that has fallen due its row, in one statement for all these people; their days."""
    session, now = looks[0].book.visit.session, looks[0].book.visit.now
    slots: list[DueSlot] = []
    planned: list[Regimen] = []
    async for look in unhurried(looks):
        slots += [slot_of(look.book, new) for new in rules.due_doses(look.regimens, now)]
        planned += [look.book.medicines[each.regimen_id].regimen for each in look.regimens]
        look.regimens = [rules.planned_until(each, now) for each in look.regimens]
    await regimens.plan_through(session, planned, now)
    by_person = {look.book.visit.person.key: look.book for look in looks}
    written = await doses.add_new(session, slots)
    for dose in written:
        by_person[dose.person_id].open.append(dose)
    return set(map(own_day, written))


def _go_on(look: _Look) -> Ask | None:
    """The doses to ask for now, if there are any."""
    book = look.book
    by_id = {dose.key: dose for dose in book.open}
    for dose_id, at in look.step.postpone:
        look.follow(by_id[dose_id], partial(life.postponed, at=at))
    return _ask(look, [by_id[dose_id] for dose_id in look.step.ask]) if look.step.ask else None


def _ask(look: _Look, asked: list[Dose]) -> Ask:
    """One message for everything that is to be asked now."""
    book, nudging, now = look.book, look.nudging, look.book.visit.now
    views = [look.doses[dose_id] for dose_id in look.step.ask]
    repeat = any(view.asked for view in views)
    late = not repeat and due.is_late(views, nudging, now)
    wished = any(_comes_as_chosen(view) for view in views)
    for dose in asked:
        look.follow(dose, partial(life.reminded, nudging=nudging, now=now))
    quiet = nudging.quiet_until(now) is not None and not wished
    return Ask(book, asked, late=late, repeat=repeat, quiet=quiet)


def _comes_as_chosen(dose: DoseView) -> bool:
    """Whether the person chose the time of this reminder: then it has a sound at any hour."""
    return dose.wished or (dose.moved and not dose.asked)


async def _note_reminders(asks: Sequence[Ask]) -> None:
    """Write down who was reminded of what, in one statement for all these people."""
    if asks:
        facts = [fact(ask.book.visit, dose, "reminded") for ask in asks for dose in ask.doses]
        await dose_events.add(asks[0].book.visit.session, facts)


async def _end(looks: Sequence[_Look]) -> set[OwnDay]:
    """Doses whose window is over, without blame; their days."""
    days: set[OwnDay] = set()
    over: dict[int, Book] = {}
    unheard: dict[int, Book] = {}
    facts: list[Fact] = []
    for look in looks:
        book = look.book
        for dose in _ended(look):
            days.add(own_day(dose))
            facts.append(fact(book.visit, dose, dose.state.value))
            if dose.card_id is not None:
                over[dose.card_id] = book
                if dose.state is DoseState.UNKNOWN and book.delivery(dose) is not Delivery.ARRIVED:
                    unheard[dose.card_id] = book
    await dose_events.add(looks[0].book.visit.session, facts)
    await _take_back(unheard)
    await cards.refresh_all(over)
    return days


def _ended(look: _Look) -> list[Dose]:
    if not look.step.end:
        return []
    book = look.book
    by_id = {dose.key: dose for dose in book.open}
    for dose_id, state in look.step.end:
        become(by_id[dose_id], life.ended(book.standing(by_id[dose_id]), state, book.visit.now))
        del look.doses[dose_id]
    book.open = [dose for dose in book.open if dose.state is DoseState.OPEN]
    return [by_id[dose_id] for dose_id, _ in look.step.end]


async def _take_back(unheard: Mapping[int, Book]) -> None:
    """What else a card had to say that did not arrive was not told either."""
    if not unheard:
        return
    session = next(iter(unheard.values())).visit.session
    await doses.take_back_telling(session, unheard, ())


async def _untold(books: Sequence[Book]) -> dict[int, list[Dose]]:
    """What could not be asked for, by person. Nobody is told while they cannot be reached."""
    reachable = [book.visit.person.key for book in books if book.visit.person.reachable]
    found: dict[int, list[Dose]] = defaultdict(list)
    for dose in await doses.untold(books[0].visit.session, reachable):
        found[dose.person_id].append(dose)
    return found


async def _catch_up(books: Sequence[Book], asks: dict[int, Ask], untold: Mapping[int, list[Dose]]) -> None:
    """Say once what could not be asked for: with the reminder that goes out, or in a message of its own.

    In quiet hours the latter waits until they are over.
    """
    if not untold:
        return
    by_person = {book.visit.person.key: book for book in books}
    await read_amounts((by_person[person_id], missing) for person_id, missing in untold.items())
    silent = await no_streaks([by_person[person_id].visit for person_id in untold])
    for person_id, missing in untold.items():
        book = by_person[person_id]
        if person_id in asks:
            listed, more = _newest(missing)
            asks[person_id] = replace(asks[person_id], undelivered=listed, more=more)
        elif book.quiet_until() is None:
            _tell_undelivered(book, missing, calm=person_id in silent)
        else:
            continue
        for dose in missing:
            dose.told_at = book.visit.now


def _tell_undelivered(book: Book, missing: Sequence[Dose], *, calm: bool) -> None:
    listed, more = _newest(missing)
    text = wording.undelivered(book.visit.gettext, [book.shown(dose) for dose in listed], more, calm=calm)
    keys = [dose.key for dose in missing]
    thing = about_untold(min(keys), max(keys))
    key = f"{thing}:{book.visit.now:%y%m%d%H%M}"
    book.visit.say(Message(text, lane=Lane.DIGEST, dedupe_key=key, about=thing))


def _newest(missing: Sequence[Dose]) -> tuple[Sequence[Dose], int]:
    """As many of the newest as one message lists, and how many there are before them."""
    listed = missing[-cards.MOST_LISTED :]
    return listed, len(missing) - len(listed)


def about_untold(first: int, last: int) -> str:
    """What a message is about that tells of doses which could not be asked for."""
    return f"{_UNTOLD}{first}:{last}"


def untold_in(about: str | None) -> tuple[int, int] | None:
    """The first and the last dose that such a message told of; None for any other."""
    if about is None or not about.startswith(_UNTOLD):
        return None
    first, last = about.removeprefix(_UNTOLD).split(":")
    return int(first), int(last)


def wakes_after(book: Book) -> datetime | None:
    """When this room wants to look at this person, who answered just now.

    At once, if a dose is to be asked for or has ended in the very moment and nobody has looked at it yet.
    """
    visit = book.visit
    if visit.person.state is not PersonState.ACTIVE:
        return None
    step = due.step(book.dose_views(), book.nudging(), visit.now)
    return visit.now if step.ask or step.end else _soonest(book, step, book.views())


def _soonest(book: Book, step: Step, regimens: Sequence[RegimenView]) -> datetime | None:
    # What is held back in quiet hours is looked at when they are over.
    wishes = (step.next_wake, rules.next_due(regimens, book.visit.now), book.quiet_until())
    return min((at for at in wishes if at is not None), default=None)
