"""Recording that a dose was taken: now, or when it really was. One that may be the same is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.conversation.calendar import clock
from bot.conversation.facts import ExtraTaken
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.visit import Visit
from bot.doses import answers, asking, cards, day, dialogs, guard, moving, rules, unplanned, wording
from bot.doses.book import Book, open_book, read_amounts
from bot.doses.cards import CARD, EACH, LIST
from bot.doses.guard import Logged, Recent
from scheduler.timing import Slot
from storage import doses, neighbours
from storage.doses import Dose
from storage.neighbours import Neighbours
from storage.vocabulary import DoseKind, DoseState

_MINUTE = timedelta(minutes=1)
_NOW_WITHIN = timedelta(days=1)  # a dose of another day is rarely taken only now


@dataclass(frozen=True, slots=True)
class Press:
    """A button's argument: which dose, where the question stands, and the minute that was meant."""

    key: int
    where: str
    at: datetime

    def argument(self) -> str:
        """As a button carries it."""
        return f"{self.key}.{self.where}{int(self.at.timestamp()) // 60}"

    @classmethod
    def read(cls, argument: str) -> "Press":
        """Back from the button."""
        key, _, rest = argument.partition(".")
        return cls(int(key), rest[0], datetime.fromtimestamp(int(rest[1:]) * 60, UTC))


async def owned(visit: Visit, key: str | int) -> tuple[Book, Dose | None]:
    """A dose of this person, with their book; a press about another one is told that it is gone."""
    book = await open_book(visit)
    still_open = (dose for dose in book.open if dose.key == int(key))
    dose = next(still_open, None) or await doses.owned(visit.session, visit.person.key, int(key))
    if dose is None:
        visit.toast = wording.no_longer_planned(visit.gettext)
    else:
        await read_amounts([(book, [dose])])
    return book, dose


# Now


async def taken(visit: Visit, argument: str) -> None:
    """The person took one dose, says its card."""
    book, dose = await owned(visit, argument)
    if dose is not None:
        await take_now(book, dose, CARD)


async def take_now(book: Book, dose: Dose, where: str) -> None:
    """Record a dose as taken now, unless that is known already or must be asked about."""
    visit, around = book.visit, None
    visit.toast = answers.already(book, dose)
    if visit.toast is None:
        around = await neighbours.of_dose(visit.session, dose, visit.now - guard.MOST)
        recent = _nearest(book, dose, visit.now, around.taken)
        if recent is not None:
            await _ask_same(book, dose, recent, visit.now, where)
            return
        await answers.record(book, dose, DoseState.TAKEN)
        visit.toast = wording.recorded_at(visit.gettext, visit.now.astimezone(visit.zone).time())
    await show(book, where, dose, around=around)


async def take_all(book: Book, still: Sequence[Dose]) -> None:
    """Record everything that is open on a card; what must be asked about stays open for that, one by one."""
    visit = book.visit
    asked: list[tuple[Dose, Recent]] = []
    taken: list[Dose] = []
    for dose in still:  # in turn: two of one medicine may be near each other
        recent = await near(book, dose, visit.now)
        if recent is not None:
            asked.append((dose, recent))
        else:
            await answers.record(book, dose, DoseState.TAKEN)
            taken.append(dose)
    if taken:
        visit.toast = wording.recorded_at(visit.gettext, visit.now.astimezone(visit.zone).time())
        await answers.after(book, *taken, on_card=not asked)
    for dose, recent in asked[:1]:
        await _ask_same(book, dose, recent, visit.now, EACH)


async def show(book: Book, where: str, *changed: Dose, around: Neighbours | None = None) -> None:
    """Bring cards and lists to the new state; what was pressed shows where it stood before."""
    await answers.after(book, *changed, on_card=where != LIST, around=around)
    if where == LIST:
        await day.show(book.visit, changed[0].slot_date)


# Is it the same one?


async def near(book: Book, dose: Dose, at: datetime) -> Recent | None:
    """A dose of the same medicine that was taken about then, if this one may be the same."""
    since = at - guard.MOST
    rows = await doses.taken_since(book.visit.session, [dose.regimen_id], since)
    return _nearest(book, dose, at, rows)


def _nearest(book: Book, dose: Dose, at: datetime, rows: Sequence[Dose]) -> Recent | None:
    logged = [Logged(row.key, row.taken_at) for row in rows if row.taken_at and row.key != dose.key]
    return guard.guard(logged, at, _gap(book, dose)) if logged else None


def _gap(book: Book, dose: Dose) -> timedelta | None:
    """The shortest time from a planned dose to its neighbours in the plan."""
    medicine = book.medicines.get(dose.regimen_id)
    if medicine is None:
        return None
    slots = rules.slots_around(book.view(medicine), dose.slot_date)
    one = moving.planned_slot(slots, Slot(dose.slot_date, dose.slot_time))
    found = [gap for gap in moving.gaps(slots, one) if gap is not None] if one is not None else []
    return min(found, default=None)


async def _ask_same(book: Book, dose: Dose, recent: Recent, at: datetime, where: str) -> None:
    _, visit = book.visit.gettext, book.visit
    other = await doses.owned(visit.session, visit.person.key, recent.dose_id)
    if other is None:
        return
    await read_amounts([(book, [other])])
    said = asking.moment(_, recent.at, visit.zone, visit.today)
    ago = recent.at <= visit.now and visit.now - at < _MINUTE
    text = asking.is_it_another(_, wording.medicine(_, book.shown(other)), said, recent.apart, ago=ago)
    press = Press(dose.key, where, at).argument()
    slot = wording.slot_label(_, book.shown(dose), visit.today)
    rows = (
        (cards.button(asking.the_same(_), "same", press),),
        (cards.button(asking.the_one_for(_, slot), "this", press),),
        (cards.button(asking.an_extra_one(_), "extra", press),),
    )
    if where == LIST:
        visit.show(Message(text, rows))
    elif dose.card_id is not None:
        await cards.refresh(book, dose.card_id, rows, question=text, on_card=True)


async def _go_on(book: Book, press: Press, dose: Dose) -> None:
    """After the answer about a dose: show where it was asked, or ask about the next one in doubt."""
    await show(book, press.where, dose)
    following = await _next_in_doubt(book, press, dose)
    if following is not None:
        await _ask_same(book, *following, press.at, EACH)


async def _next_in_doubt(book: Book, press: Press, dose: Dose) -> tuple[Dose, Recent] | None:
    """Of the doses that a person said they took all, the next one on the card that must be asked about."""
    if press.where != EACH or dose.card_id is None:
        return None
    visit = book.visit
    shown = await doses.of_cards(visit.session, [visit.person.key], [dose.card_id])
    place = [each.key for each in shown].index(dose.key)
    for each in shown[place + 1 :]:
        recent = await near(book, each, press.at) if each.state is DoseState.OPEN else None
        if recent is not None:
            return each, recent
    return None


async def same(visit: Visit, argument: str) -> None:
    """It is the one that was logged: nothing is recorded twice."""
    press = Press.read(argument)
    book, dose = await owned(visit, press.key)
    if dose is not None:
        visit.toast = asking.nothing_new(visit.gettext)
        await _go_on(book, press, dose)


async def this_too(visit: Visit, argument: str) -> None:
    """It is another one: the dose that the plan has for this slot."""
    press = Press.read(argument)
    book, dose = await owned(visit, press.key)
    if dose is None:
        return
    visit.toast = answers.already(book, dose) if dose.state is DoseState.TAKEN else None
    if visit.toast is None:
        await answers.record_taken(book, dose, press.at)
        visit.toast = asking.recorded_for(
            visit.gettext, asking.moment(visit.gettext, press.at, visit.zone, visit.today)
        )
        visit.tell(ExtraTaken())
    await _go_on(book, press, dose)


async def extra(visit: Visit, argument: str) -> None:
    """It is another one, beyond the plan."""
    press = Press.read(argument)
    book, dose = await owned(visit, press.key)
    if dose is None:
        return
    added = await unplanned.put(book, dose.regimen_id, DoseKind.EXTRA, press.at)
    if added is None:
        visit.toast = asking.nothing_new(visit.gettext)
        await _go_on(book, press, dose)
        return
    visit.toast = asking.extra_recorded(visit.gettext)
    visit.tell(ExtraTaken())
    await answers.after(book, added)
    await _go_on(book, press, dose)


# When it really was


async def ask_when(visit: Visit, argument: str) -> None:
    """When was it taken? "12.c": one dose, by its card; "7.s": a card with several; "12.l": from the list."""
    key, _, where = argument.partition(".")
    if where == cards.SEVERAL:
        await _ask_which(visit, int(key), "when", apart=False)
        return
    book, dose = await owned(visit, key)
    if dose is None:
        return
    back = _back(visit, dose, where)
    rows = (*_times(book, dose, where), (back,))
    if where == LIST:
        visit.show(Message(asking.when(visit.gettext, book.shown(dose)), rows))
    elif dose.card_id is not None:
        question = asking.when(visit.gettext, book.shown(dose))
        await cards.refresh(book, dose.card_id, rows, question=question, on_card=True)


def _times(book: Book, dose: Dose, where: str) -> Choices:
    _, visit = book.visit.gettext, book.visit
    due = book.clock(dose.due_at)
    first = []
    if due is not None and dose.due_at <= visit.now and dose.kind is DoseKind.PLANNED:
        first.append(cards.button(asking.on_time(_, due), "at", f"{dose.key}.{where}.due"))
    if visit.now - dose.due_at < _NOW_WITHIN:
        first.append(cards.button(asking.just_now(_), "at", f"{dose.key}.{where}.now"))
    another = Action(cards.ROOM, "at", f"{dose.key}.{where}.type", apart=where != LIST)
    others = (
        Choice(asking.another_time(_), another),
        cards.button(asking.not_known(_), "at", f"{dose.key}.{where}.none"),
    )
    return (tuple(first), others) if first else (others,)


def _back(visit: Visit, dose: Dose, where: str) -> Choice:
    label = wording.back(visit.gettext)
    if where == LIST:
        return cards.button(label, "correct", str(dose.key))
    return cards.button(label, "back", str(dose.card_id))


async def set_time(visit: Visit, argument: str) -> None:
    """It was taken: "12.c.due" on time, "12.c.now", "12.c.type" at a time to be typed, "12.c.none"."""
    key, where, what = argument.split(".")
    book, dose = await owned(visit, key)
    if dose is None:
        return
    if what == "type":
        await _ask_clock(book, dose, where)
        return
    await _take_at(book, dose, {"due": dose.due_at, "now": visit.now}.get(what), where)


async def _ask_clock(book: Book, dose: Dose, where: str) -> None:
    visit = book.visit
    await cards.put_away(book, dose)
    await visit.open(
        dialogs.TAKEN_AT,
        {
            "dose": dose.key,
            "where": where,
            "due": dose.due_at.isoformat(),
            "what": asking.what(visit.gettext, book.shown(dose)).plain,
        },
    )


async def end_taken_at(visit: Visit, answered: dict[str, Any]) -> None:
    """The person said at what time."""
    book, dose = await owned(visit, answered["dose"])
    if dose is not None:
        # What is typed on a card's behalf stands below it by now: it is answered with the list.
        await _take_at(book, dose, datetime.fromisoformat(answered[dialogs.AT]), LIST)


async def _take_at(book: Book, dose: Dose, at: datetime | None, where: str) -> None:
    """Record when it was taken; one that was not recorded before may be the same as another."""
    visit = book.visit
    if at is not None and at > visit.now:
        visit.toast = asking.still_to_come(visit.gettext)
        return
    if at is not None and dose.state is not DoseState.TAKEN:
        recent = await near(book, dose, at)
        if recent is not None:
            await _ask_same(book, dose, recent, at, where)
            return
    await answers.record_taken(book, dose, at)
    _ = visit.gettext
    visit.toast = (
        asking.recorded_for(_, asking.moment(_, at, visit.zone, visit.today))
        if at is not None
        else asking.recorded_untimed(_)
    )
    await show(book, where, dose)


# Which of several


async def _ask_which(visit: Visit, card: int, verb: str, *, apart: bool) -> None:
    book = await open_book(visit)
    shown = await doses.of_cards(visit.session, [visit.person.key], [card])
    done = [dose for dose in shown if dose.state is DoseState.TAKEN]
    rows = [
        (Choice(_named(book, dose), Action(cards.ROOM, verb, f"{dose.key}.{CARD}", apart=apart)),)
        for dose in done
    ]
    back = (cards.button(wording.back(visit.gettext), "back", str(card)),)
    question = asking.which_one(visit.gettext)
    await cards.refresh(book, card, (*rows, back), question=question, on_card=True)


async def ask_which_to_note(visit: Visit, card: int) -> None:
    """Which dose of a card is the note about?"""
    await _ask_which(visit, card, "note", apart=True)


def _named(book: Book, dose: Dose) -> str:
    shown = book.shown(dose)
    name = shown.name or wording.numbered(book.visit.gettext, shown.number)
    return f"{clock(dose.slot_time)} {wording.short(name)}"
