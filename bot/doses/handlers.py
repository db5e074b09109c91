"""Buttons and commands about doses."""

from collections.abc import Sequence

from bot.conversation.message import Action, Choice, Message
from bot.conversation.room import Command, Conversation, Room
from bot.conversation.text import lines
from bot.conversation.visit import Visit
from bot.doses import (
    answers,
    asking,
    cards,
    correcting,
    day,
    day_wording,
    dialogs,
    helping,
    needing,
    noting,
    past,
    rules,
    shifting,
    streak,
    taking,
    wake,
    wording,
)
from bot.doses.book import Book, open_book, read_amounts
from bot.doses.taking import owned
from storage import doses
from storage.doses import Dose
from storage.vocabulary import DoseState, SkipReason


async def skipped(visit: Visit, argument: str) -> None:
    """The person skipped one dose, with a reason: "12.advised"."""
    key, _, reason = argument.partition(".")
    book, dose = await owned(visit, key)
    if dose is None:
        return
    visit.toast = answers.already(book, dose)
    if visit.toast is None:
        await answers.record(book, dose, DoseState.SKIPPED, SkipReason(reason))
        visit.toast = wording.skipped_advice(visit.gettext, SkipReason(reason))
    await answers.after(book, dose, on_card=True)


async def all_taken(visit: Visit, argument: str) -> None:
    """The person took everything that is still open on a card."""
    still = await _open_on_card(visit, argument)
    if still:
        await taking.take_all(await open_book(visit), still)
    else:
        await _say_already(visit, argument)


async def offer_snooze(visit: Visit, argument: str) -> None:
    """Show how one dose can be put off."""
    book, dose = await owned(visit, argument)
    if dose is not None:
        await _offer_snooze(book, [dose])


async def offer_snooze_all(visit: Visit, argument: str) -> None:
    """Show how everything that is open on a card can be put off."""
    still = await _open_on_card(visit, argument)
    if still:
        await _offer_snooze(await open_book(visit), still)
    else:
        await _say_already(visit, argument)


async def _offer_snooze(book: Book, still: Sequence[Dose]) -> None:
    visit = book.visit
    if any(dose.state is not DoseState.OPEN for dose in still):
        visit.toast = _why_not(book, still)
        await answers.after(book, *still, on_card=True)
        return
    offers = _ways_to_snooze(book, still)
    if not offers:
        visit.toast = wording.no_snooze(visit.gettext)
        return
    card = still[0].card_id or 0
    label = wording.snooze_label
    rows = [
        (Choice(label(visit.gettext, o.kind), Action(cards.ROOM, "later", f"{card}.{o.kind}")),)
        for o in offers
    ]
    if len(still) == 1:
        move = Action(cards.ROOM, "movecard", str(still[0].key), apart=True)
        rows.append((Choice(asking.to_another_time(visit.gettext), move),))
    await cards.refresh(book, card, (*rows, _back(visit, card)), on_card=True)


def _ways_to_snooze(book: Book, still: Sequence[Dose]) -> tuple[rules.Snooze, ...]:
    return rules.snoozes(book.visit.now, book.visit.zone, min(dose.snooze_limit for dose in still))


async def snooze(visit: Visit, argument: str) -> None:
    """Put off everything that is open on a card: "7.15"."""
    card, _, kind = argument.partition(".")
    book = await open_book(visit)
    still = await _open_on_card(visit, card)
    if not still:
        await _say_already(visit, card)
        return
    chosen = next((offer for offer in _ways_to_snooze(book, still) if offer.kind == kind), None)
    if chosen is None:
        visit.toast = wording.no_snooze(visit.gettext)
    else:
        for dose in still:
            await answers.put_off(book, dose, chosen.until)
        at = chosen.until.astimezone(visit.zone).time()
        in_quiet = visit.quiet is not None and visit.quiet.until(chosen.until) is not None
        visit.toast = wording.snoozed(visit.gettext, at, in_quiet=in_quiet)
    await answers.after(book, *still, on_card=True)


async def offer_reasons(visit: Visit, argument: str) -> None:
    """Ask why one dose is skipped."""
    book, dose = await owned(visit, argument)
    if dose is None:
        return
    visit.toast = answers.already(book, dose)
    if visit.toast is not None or dose.card_id is None:
        await answers.after(book, dose, on_card=True)
        return
    visit.toast = wording.why_skip(visit.gettext).plain
    await cards.refresh(
        book,
        dose.card_id,
        (*cards.reasons(visit.gettext, "why", dose.key), _back(visit, dose.card_id)),
        on_card=True,
    )


async def offer_skip_one(visit: Visit, argument: str) -> None:
    """Ask which of several doses is skipped."""
    book = await open_book(visit)
    still = await _open_on_card(visit, argument)
    if not still:
        await _say_already(visit, argument)
        return
    rows = [
        (
            Choice(
                wording.skip_one(visit.gettext, *cards.told_apart(book, dose, still)),
                Action(cards.ROOM, "skip", str(dose.key)),
            ),
        )
        for dose in still
    ]
    await cards.refresh(book, int(argument), (*rows, _back(visit, int(argument))), on_card=True)


async def back(visit: Visit, argument: str) -> None:
    """From a submenu back to the card."""
    await cards.refresh(await open_book(visit), int(argument), on_card=True)


def _back(visit: Visit, card: int) -> tuple[Choice, ...]:
    return (Choice(wording.back(visit.gettext), Action(cards.ROOM, "back", str(card))),)


async def _open_on_card(visit: Visit, card: str) -> list[Dose]:
    shown = await doses.of_cards(visit.session, [visit.person.key], [int(card)])
    mine = visit.person.key
    return [dose for dose in shown if dose.state is DoseState.OPEN and dose.person_id == mine]


async def _say_already(visit: Visit, card: str) -> None:
    book = await open_book(visit)
    shown = await doses.of_cards(visit.session, [visit.person.key], [int(card)])
    visit.toast = _why_not(book, shown)
    await answers.after(book, *shown, on_card=True)


def _why_not(book: Book, shown: Sequence[Dose]) -> str:
    """Why nothing on a card can be answered any more. Every press is told something."""
    said = next((said for dose in shown if (said := answers.already(book, dose))), None)
    return said or wording.has_closed(book.visit.gettext)


async def undo(visit: Visit, _words: str) -> None:
    """Take the last answer back."""
    dose = await doses.last_answered(visit.session, visit.person.key, visit.now - rules.UNDO_WITHIN)
    if dose is None:
        visit.say(Message(day_wording.nothing_to_undo(visit.gettext)))
        return
    book = await open_book(visit)
    await answers.reopen(book, dose)
    await read_amounts([(book, [dose])])
    say = day_wording.undone if dose.state is DoseState.OPEN else day_wording.undone_closed
    visit.say(Message(lines(say(visit.gettext, book.shown(dose)))))
    await answers.after(book, dose, on_card=True)


ROOM = Room(
    name=cards.ROOM,
    commands={
        "today": Command(day.today, wording.today_summary),
        "undo": Command(undo, wording.undo_summary),
        "streak": Command(streak.show, wording.streak_summary),
    },
    buttons={
        "taken": taking.taken,
        "all": all_taken,
        "snooze": offer_snooze,
        "snoozeall": offer_snooze_all,
        "later": snooze,
        "skip": offer_reasons,
        "skipone": offer_skip_one,
        "why": skipped,
        "back": back,
        "same": taking.same,
        "this": taking.this_too,
        "extra": taking.extra,
        "when": taking.ask_when,
        "at": taking.set_time,
        "note": noting.ask,
        "noted": noting.show,
        "renote": noting.ask_anew,
        "unnote": noting.ask_delete,
        "unnoted": noting.delete,
        "log": correcting.log,
        "slot": correcting.record_slot,
        "correct": correcting.ask_correction,
        "was": correcting.correct,
        "wasskip": correcting.ask_reason,
        "today": day.today,
        "day": day.open_day,
        "days": past.ask_day,
        "want": needing.take,
        "anyway": needing.take_anyway,
        "move": shifting.ask,
        "move1": shifting.ask_where,
        "by": shifting.move_by,
        "moveat": shifting.ask_clock,
        "movecard": shifting.from_card,
        "takeback": helping.take_back,
    },
    conversations=(
        Conversation(dialogs.TAKEN_AT, taking.end_taken_at),
        Conversation(dialogs.PAST_DAY, correcting.end_past_day),
        Conversation(dialogs.NOTE, noting.keep),
        Conversation(dialogs.NOTE_ANEW, noting.change),
        Conversation(dialogs.MOVE_TO, shifting.end_move),
    ),
    wake=wake.wake,
)
