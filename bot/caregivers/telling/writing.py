"""From what is to be told to letters: logged word for word, shown to the person first if they want that."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.caregivers.letters import wording as letters
from bot.caregivers.telling import needing, wording
from bot.caregivers.telling.offering import recording_row
from bot.caregivers.telling.reading import Tie
from bot.caregivers.telling.rules import STALE_AFTER
from bot.conversation.catalogs import safety
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import Span, Text
from bot.conversation.visit import Visit
from scheduler.lanes import Lane
from storage import bonds, numbers, told
from storage.bonds import ROOM
from storage.grants import Grant
from storage.told import Told
from storage.vocabulary import Review, ReviewState, Scope

REVIEW_LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Draft:
    """Something to tell one caregiver. `about` names the thing, so that it is told once."""

    tie: Tie
    kind: Scope
    about: str
    text: Text


async def write(drafts: Sequence[tuple[Visit, Draft]]) -> None:
    """Log what is told, and post it or ask the person first: for many people in one statement."""
    if not drafts:
        return
    session = drafts[0][0].session
    keys = await numbers.reserve(session, Told, len(drafts))
    rows = [_row(visit, draft, key) for (visit, draft), key in zip(drafts, keys, strict=True)]
    session.add_all(rows)
    await session.flush()
    for (visit, draft), row in zip(drafts, rows, strict=True):
        draft.tie.past.append(row)
        visit.told_of = True
        if row.review is ReviewState.WAITING:
            _ask_first(visit, draft, row)
        else:
            send(visit, draft.tie, row, draft.text)


def send(visit: Visit, tie: Tie, row: Told, text: Text) -> None:
    """Write the letter of a row of the log; it waits for the end of the caregiver's quiet hours."""
    _ = safety(tie.to.person.language)
    needs = row.kind is Scope.NEED_YOU
    quiet = tie.to.quiet
    held = quiet.until(visit.now) if quiet is not None and not needs else None
    seen = (Choice(letters.seen_button(_), Action(ROOM, "seen", str(row.key))),)
    message = Message(
        letters.letter(tie.name, text),
        (*recording_row(visit, tie, row), seen),
        not_before=held,
        not_after=visit.now + (needing.WORTH_SENDING_FOR if needs else STALE_AFTER),
        about=about(row.key),
        dedupe_key=about(row.key),
    )
    visit.letter(tie.to, message, Grant(tie.bond.key, row.kind), row)


def about(key: int) -> str:
    """The name of something told in the outbox."""
    return f"told:{key}"


def send_as_logged(visit: Visit, tie: Tie, row: Told) -> None:
    """What the person has seen, in the very words that they saw."""
    marks = told.open_marks(visit.sealer, row)
    spans = tuple(Span(**each) for each in json.loads(marks)) if marks is not None else ()
    row.review, row.marks_sealed = ReviewState.SENT, None
    send(visit, tie, row, Text(told.open_text(visit.sealer, row), spans))


def _row(visit: Visit, draft: Draft, key: int) -> Told:
    bond = draft.tie.bond
    asked = bond.review is not Review.OFF and draft.kind is not Scope.NEED_YOU
    until: datetime | None = visit.now + REVIEW_LASTS if asked else None
    return Told(
        id=key,
        bond_id=bond.key,
        person_id=bond.person_id,
        kind=draft.kind,
        about=draft.about,
        text_sealed=told.seal_text(visit.sealer, draft.text.plain),
        marks_sealed=_marks(visit, draft.text) if asked else None,
        made_at=visit.now,
        review=ReviewState.WAITING if asked else None,
        review_until=until,
    )


def _marks(visit: Visit, text: Text) -> bytes:
    """What the words alone do not say: which are instants, to be seen by the caregiver's own clock."""
    return told.seal_marks(visit.sealer, json.dumps([asdict(span) for span in text.spans]))


def _ask_first(visit: Visit, draft: Draft, row: Told) -> None:
    _, bond = visit.gettext, draft.tie.bond
    name = wording.caregiver(_, bonds.open_name(visit.sealer, bond))
    text = wording.ask_first(_, name, draft.text, sends=bond.review is Review.SEND)
    rows = (
        (Choice(wording.send_button(_), Action(ROOM, "send", str(row.key))),),
        (Choice(wording.drop_button(_), Action(ROOM, "drop", str(row.key))),),
    )
    quiet = visit.quiet is not None and visit.quiet.until(visit.now) is not None
    thing = f"{about(row.key)}:asked"
    visit.say(Message(text, rows, Lane.DOSE, not_after=row.review_until, about=thing, silent=quiet))
