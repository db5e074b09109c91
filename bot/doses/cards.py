"""Dose cards: one reminder message with the doses that fell due together, and its copies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.conversation.catalogs import Gettext
from bot.conversation.collecting import Order
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.text import Text, paragraphs
from bot.conversation.visit import Visit
from bot.doses import asking, due, wording
from bot.doses.book import Book, ShownDose, read_amounts, read_copies
from scheduler.breath import unhurried
from scheduler.lanes import Lane
from storage import copies, dose_cards, doses
from storage.copies import UNDER_WAY, Copy
from storage.dose_cards import about_card
from storage.doses import Dose
from storage.outbox import OutboxKind, OutboxState
from storage.vocabulary import DoseState, SkipReason

ROOM = "doses"
# Where a question about a dose was asked, so that its answer shows the same again: on its card (of one dose,
# of several, one after another of several), or in a list of /today.
CARD, SEVERAL, EACH, LIST = "c", "s", "e", "l"
MOST_LISTED = 12  # a message is read, not studied; /today and the export hold the rest


@dataclass(frozen=True, slots=True)
class Ask:
    """Doses of one person to ask for in one message. `quiet`: without a sound.

    `undelivered`: earlier doses that could not be asked for; the message says so, and that there are so many
    `more` before them.
    """

    book: Book
    doses: Sequence[Dose]
    undelivered: Sequence[Dose] = ()
    more: int = 0
    late: bool = False
    repeat: bool = False
    quiet: bool = False


async def issue(asks: Sequence[Ask]) -> None:
    """Send one message each; messages that showed a dose before give way to the new one."""
    if not asks:
        return
    visit = asks[0].book.visit
    people = [ask.book.visit.person.key for ask in asks]
    fresh = await dose_cards.add(visit.session, people, visit.now)
    earlier: dict[int, Book] = {}
    async for ask, card_id in unhurried(list(zip(asks, fresh, strict=True))):
        earlier |= {dose.card_id: ask.book for dose in ask.doses if dose.card_id is not None}
        _issue(ask, card_id)
    await refresh_all(earlier)


def _issue(ask: Ask, card_id: int) -> None:
    shown = [*ask.undelivered, *ask.doses]
    for dose in shown:
        dose.card_id = card_id
    ask.book.visit.say(
        Message(
            text=_text(ask.book, shown, late=ask.late, repeat=ask.repeat, more=ask.more),
            choices=choices(ask.book, ask.doses),
            lane=Lane.DOSE,
            not_after=min(dose.window_end for dose in ask.doses),
            dedupe_key=about_card(card_id),
            about=about_card(card_id),
            silent=ask.quiet,
        )
    )


def _text(
    book: Book, shown: Sequence[Dose], *, late: bool = False, repeat: bool = False, more: int = 0
) -> Text:
    words = [book.shown(dose) for dose in shown]
    return wording.card(book.visit.gettext, words, book.visit.today, late=late, repeat=repeat, more=more)


def choices(book: Book, shown: Sequence[Dose]) -> Choices:
    """The buttons of a card: what can still be answered."""
    _ = book.visit.gettext
    still = [dose for dose in shown if dose.state is DoseState.OPEN]
    if not still:
        return _after_taking(book, [dose for dose in shown if dose.state is DoseState.TAKEN])
    if len(still) == 1:
        key = str(still[0].key)
        return (
            (Choice(wording.taken(_), Action(ROOM, "taken", key), "success"),),
            (button(wording.snooze(_), "snooze", key), button(wording.skip(_), "skip", key)),
        )
    card = str(still[0].card_id)
    return (
        (Choice(wording.all_taken(_), Action(ROOM, "all", card), "success"),),
        *(
            (button(wording.taken_one(_, *told_apart(book, dose, still)), "taken", str(dose.key)),)
            for dose in still
        ),
        (button(wording.snooze(_), "snoozeall", card), button(wording.skip(_), "skipone", card)),
    )


def told_apart(book: Book, dose: Dose, among: Sequence[Dose]) -> tuple[ShownDose, str]:
    """A dose with the slot to be named on its button: where several of its medicine are among them."""
    shown = book.shown(dose)
    several = sum(each.regimen_id == dose.regimen_id for each in among) > 1
    return shown, wording.slot_label(book.visit.gettext, shown, book.visit.today) if several else ""


def _after_taking(book: Book, done: Sequence[Dose]) -> Choices:
    """What can be added to doses that were taken: the real time, a note."""
    if not done:
        return ()
    _ = book.visit.gettext
    about = f"{done[0].key}.{CARD}" if len(done) == 1 else f"{done[0].card_id}.{SEVERAL}"
    return (
        (
            button(asking.took_at_another_time(_), "when", about),
            Choice(asking.add_note(_), Action(ROOM, "note", about, apart=len(done) == 1)),
        ),
    )


def button(label: str, verb: str, argument: str = "") -> Choice:
    """A plain button of this room."""
    return Choice(label, Action(ROOM, verb, argument))


def reasons(_: Gettext, verb: str, key: int) -> list[tuple[Choice, ...]]:
    """A button per reason to skip a dose, two in a row."""
    buttons = [
        button(wording.reason_name(_, reason).capitalize(), verb, f"{key}.{reason.value}")
        for reason in SkipReason
    ]
    return [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]


@dataclass(frozen=True, slots=True)
class _Card:
    """A card with the doses that it shows now, and its copies."""

    book: Book
    thing: str
    shown: Sequence[Dose]
    known: Sequence[Copy]


async def refresh(
    book: Book,
    card_id: int,
    buttons: Choices | None = None,
    *,
    question: Text | None = None,
    on_card: bool = False,
    shown: Sequence[Dose] | None = None,
) -> None:
    """Bring every copy of a card to the present state of its doses, in place; below it a question, if any.

    `on_card`: the message that was pressed is a copy, perhaps one that we lost sight of. A copy that has
    not left yet, or is to leave once more because nobody knows whether it arrived, is replaced, unless the
    person has just pressed one; a copy in flight is edited once it has arrived. A card that shows no dose any
    more is deleted. `shown`: the doses on it in order of due instant, if they have been read.
    """
    [card] = await _read({card_id: book}, shown)
    in_hand = on_card and await _is_in_hand(card)
    _renew(card, buttons, question, on_card=on_card, in_hand=in_hand)


async def _is_in_hand(card: _Card) -> bool:
    """Whether the pressed message is the copy of which nobody knew that it had arrived.

    Not every message that was pressed is one: an earlier card of a dose leads to the card that shows it now.
    """
    visit = card.book.visit
    if visit.press is None or visit.press.message is None or not any(c.is_in_doubt for c in card.known):
        return False
    thing = await copies.thing_of(visit.session, visit.person.key, visit.press.message)
    return thing is None or thing == card.thing


async def put_away(book: Book, dose: Dose) -> None:
    """What was asked on a dose's card goes on in a message of its own: the card is as it was."""
    if dose.card_id is not None and book.visit.press is None:
        await refresh(book, dose.card_id)


async def refresh_all(books: Mapping[int, Book]) -> None:
    """The same for several cards, each with the book of its person."""
    async for card in unhurried(await _read(books)):
        _renew(card)


async def _read(books: Mapping[int, Book], found: Sequence[Dose] | None = None) -> list[_Card]:
    """These cards; `found` are the doses on them, if they have been read."""
    if not books:
        return []
    visits = [book.visit for book in books.values()]
    session, people = visits[0].session, {visit.person.key for visit in visits}
    shown: dict[int | None, list[Dose]] = defaultdict(list)
    for dose in found if found is not None else await doses.of_cards(session, people, books):
        shown[dose.card_id].append(dose)
    await read_copies(books)
    await read_amounts((book, shown[key]) for key, book in books.items())
    return [
        _Card(book, about_card(key), shown[key], book.copies[about_card(key)]) for key, book in books.items()
    ]


def _renew(
    card: _Card,
    buttons: Choices | None = None,
    question: Text | None = None,
    *,
    on_card: bool = False,
    in_hand: bool = False,
) -> None:
    visit = card.book.visit
    if any(copy.state in UNDER_WAY for copy in card.known):
        visit.supersede(card.thing)
    if not card.shown:
        _delete(visit, card.known)
        return
    still_open = [dose for dose in card.shown if dose.state is DoseState.OPEN]
    pressed = visit.press.message if on_card and visit.press is not None else None
    coming = [copy.sends for copy in card.known if copy.state is OutboxState.PENDING]
    leaves_anew = bool(still_open and coming) and not in_hand
    repeat = any(dose.asked > 1 for dose in still_open)
    late = leaves_anew and not repeat and _is_late(card.book, still_open)
    message = Message(
        paragraphs(_text(card.book, card.shown, late=late, repeat=repeat), question or ""),
        buttons if buttons is not None else choices(card.book, card.shown),
        lane=Lane.REPLY,
        about=card.thing,
    )
    if leaves_anew:
        anew = _anew(card.book, message, still_open)
        visit.orders.append(Order(OutboxKind.SEND, anew, sends=max(coming)))
    for copy in card.known:
        _edit(visit, copy, message)
    if pressed is not None and pressed not in {copy.message_ref for copy in card.known}:
        visit.edit(pressed, message)  # a copy that we lost sight of


def _is_late(book: Book, still_open: Sequence[Dose]) -> bool:
    return due.is_late([book.dose_view(dose) for dose in still_open], book.nudging(), book.visit.now)


def _anew(book: Book, message: Message, still_open: Sequence[Dose]) -> Message:
    """A card that is still to leave, as it is now."""
    return replace(
        message,
        lane=Lane.DOSE,
        not_after=min(dose.window_end for dose in still_open),
        silent=book.quiet_until() is not None,
    )


def _edit(visit: Visit, copy: Copy, message: Message) -> None:
    if copy.message_ref is not None:
        visit.edit(copy.message_ref, message)
    elif copy.state in {OutboxState.LEASED, OutboxState.UNSURE}:
        visit.orders.append(Order(OutboxKind.EDIT, message, target_row=copy.row_id))


def _delete(visit: Visit, known: Sequence[Copy]) -> None:
    gone = Message(wording.taken_back(visit.gettext), lane=Lane.REPLY)
    for copy in known:
        if copy.message_ref is not None:
            visit.orders.append(Order(OutboxKind.DELETE, gone, target=copy.message_ref))
        elif copy.state in {OutboxState.LEASED, OutboxState.UNSURE}:
            visit.orders.append(Order(OutboxKind.DELETE, gone, target_row=copy.row_id))
