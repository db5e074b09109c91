"""Notes and side effects with a dose, in the person's own words: written, looked at, changed, deleted."""

from typing import Any

from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from bot.doses import asking, cards, day, dialogs, taking, wording
from storage import notes
from storage.doses import Dose
from storage.notes import DoseNote
from storage.vocabulary import NoteKind


async def ask(visit: Visit, argument: str) -> None:
    """Ask for a note: "12.c" about a dose, "7.s" about one of a card's."""
    key, _, where = argument.partition(".")
    if where == cards.SEVERAL:
        await taking.ask_which_to_note(visit, int(key))
        return
    book, dose = await taking.owned(visit, key)
    if dose is not None:
        await cards.put_away(book, dose)
        about = asking.what(visit.gettext, book.shown(dose)).plain
        await visit.open(dialogs.NOTE, {"dose": dose.key, "what": about})


async def keep(visit: Visit, answered: dict[str, Any]) -> None:
    """Write a note down with its dose."""
    _book, dose = await taking.owned(visit, answered["dose"])
    if dose is None:
        return
    visit.session.add(
        DoseNote(
            person_id=visit.person.key,
            dose_id=dose.key,
            kind=NoteKind(answered[dialogs.KIND]),
            at=visit.now,
            content_sealed=notes.seal_content(visit.sealer, answered[dialogs.WORDS]),
        )
    )
    visit.show(Message(asking.note_kept(visit.gettext, answered["what"])))


# What was written


async def buttons(visit: Visit, dose: Dose) -> Choices:
    """A button for each note with a dose, on the page that corrects it."""
    written = await notes.of_doses(visit.session, [visit.person.key], [dose.key])
    return tuple((_about(_label(visit, note), "noted", note),) for note in written)


def _label(visit: Visit, note: DoseNote) -> str:
    return asking.note_button(visit.gettext, notes.open_content(visit.sealer, note))


def _about(label: str, verb: str, note: DoseNote) -> Choice:
    return Choice(label, Action(cards.ROOM, verb, str(note.key)))


async def show(visit: Visit, argument: str) -> None:
    """One note, and what can be done with it."""
    note = await _owned(visit, argument)
    if note is None:
        return
    _ = visit.gettext
    visit.show(
        Message(
            _words(visit, note),
            (
                (
                    _about(asking.change_note(_), "renote", note),
                    _about(asking.delete_note(_), "unnote", note),
                ),
                (Choice(wording.back(_), Action(cards.ROOM, "correct", str(note.dose_id))),),
            ),
        )
    )


def _words(visit: Visit, note: DoseNote) -> Text:
    words = notes.open_content(visit.sealer, note)
    return asking.noted(visit.gettext, words, side_effect=note.kind is NoteKind.SIDE_EFFECT)


async def _owned(visit: Visit, argument: str) -> DoseNote | None:
    """A note of this person; a press about one that was deleted is told so."""
    note = await notes.owned(visit.session, visit.person.key, int(argument))
    if note is None:
        visit.toast = asking.note_gone(visit.gettext)
    return note


async def ask_anew(visit: Visit, argument: str) -> None:
    """Ask how a note shall read instead."""
    note = await _owned(visit, argument)
    if note is not None:
        words = notes.open_content(visit.sealer, note)
        await visit.open(dialogs.NOTE_ANEW, {"note": note.key, dialogs.WORDS: words})


async def change(visit: Visit, answered: dict[str, Any]) -> None:
    """The note reads otherwise now; what it said before is gone."""
    note = await notes.owned(visit.session, visit.person.key, answered["note"])
    if note is None:
        visit.show(Message(asking.note_is_gone(visit.gettext)))
        return
    note.kind = NoteKind(answered[dialogs.KIND])
    note.content_sealed = notes.seal_content(visit.sealer, answered[dialogs.WORDS])
    await _show_day(visit, note)


async def ask_delete(visit: Visit, argument: str) -> None:
    """Delete it? It cannot be brought back."""
    note = await _owned(visit, argument)
    if note is None:
        return
    _ = visit.gettext
    rows = (
        (_about(asking.yes_delete_note(_), "unnoted", note),),
        (_about(wording.back(_), "noted", note),),
    )
    visit.show(Message(asking.really_delete_note(_, _words(visit, note)), rows))


async def delete(visit: Visit, argument: str) -> None:
    """The note is gone: from the day, from reports and from exports."""
    note = await _owned(visit, argument)
    if note is not None:
        await visit.session.delete(note)
        await visit.session.flush()
        visit.toast = asking.note_deleted(visit.gettext)
        await _show_day(visit, note)


async def _show_day(visit: Visit, note: DoseNote) -> None:
    _book, dose = await taking.owned(visit, note.dose_id)
    if dose is not None:
        await day.show(visit, dose.slot_date)
