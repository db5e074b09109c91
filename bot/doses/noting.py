"""Notes and side effects with a dose, in the person's own words."""

from typing import Any

from bot.conversation.message import Message
from bot.conversation.visit import Visit
from bot.doses import asking, cards, dialogs, taking
from storage import notes
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
