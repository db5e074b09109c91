"""The person's side of telling: what caregivers said is shown in private, and kept or discarded."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.caregivers.helping import wording
from bot.conversation.message import Action, Choice, Choices, Message
from bot.conversation.visit import Visit
from scheduler.localtime import local
from storage import bonds, grants, words
from storage.bonds import ROOM, Bond
from storage.grants import Grant, Receipt
from storage.vocabulary import Scope, WordState
from storage.words import CaregiverWord


class Heard(NamedTuple):
    """A word and the bond by which it was told."""

    word: CaregiverWord
    bond: Bond


async def unshown(visits: Sequence[Visit]) -> dict[int, list[Heard]]:
    """What the people of some visits were told and have not seen, by person.

    What was told by somebody who may not tell any more is gone, also when they may again.
    """
    session, now = visits[0].session, visits[0].now
    told = await words.unshown(session, [visit.person.key for visit in visits])
    if not told:
        return {}
    standing = await bonds.of_people(session, list(told), ended=False)
    by_key = {bond.key: bond for each in standing.values() for bond in each}
    receipts = {
        row.key: Receipt(Grant(bond.key, Scope.MAY_TELL), bond.caregiver_id, row.at)
        for rows in told.values()
        for row in rows
        if (bond := by_key.get(row.bond_id)) is not None and bond.caregiver_id is not None
    }
    live = await grants.live(session, list(receipts.values()), now)
    found: dict[int, list[Heard]] = {}
    gone = []
    for person_id, rows in told.items():
        for row in rows:
            if receipts.get(row.key) in live:
                found.setdefault(person_id, []).append(Heard(row, by_key[row.bond_id]))
            else:
                gone.append(row.key)
    await words.forget(session, gone)
    return found


def show(visit: Visit, heard: Sequence[Heard]) -> None:
    """Show each in a message of its own, with what can be done with it."""
    _ = visit.gettext
    for word, bond in heard:
        name = bonds.open_name(visit.sealer, bond)
        at = local(word.at, visit.zone)
        said = words.open_text(visit.sealer, word)
        text = wording.told_you(_, name, said, at.date(), at.time())
        visit.say(Message(text, (_buttons(visit, word),)))
        word.shown_at = visit.now


def _buttons(visit: Visit, word: CaregiverWord) -> tuple[Choice, ...]:
    _, key = visit.gettext, str(word.key)
    discard = Choice(wording.discard_button(_), Action(ROOM, "discard", key))
    if word.state is WordState.KEPT:
        return (discard,)
    return (Choice(wording.keep_button(_), Action(ROOM, "keep", key), "success"), discard)


async def keep(visit: Visit, argument: str) -> None:
    """It stands in the record from now on, as what somebody else said."""
    word, bond = await _mine(visit, argument)
    if word is None or bond is None:
        _say_gone(visit)
        return
    word.state = WordState.KEPT
    name, day = bonds.open_name(visit.sealer, bond), visit.day_of(word.at)
    text = wording.kept(visit.gettext, name, words.open_text(visit.sealer, word), day)
    rows: Choices = (_buttons(visit, word),)
    visit.show(Message(text, rows))


async def discard(visit: Visit, argument: str) -> None:
    """It is nowhere any more."""
    word, _bond = await _mine(visit, argument)
    if word is None:
        _say_gone(visit)
        return
    await words.forget(visit.session, [word.key])
    visit.show(Message(wording.discarded(visit.gettext)))


def _say_gone(visit: Visit) -> None:
    visit.show(Message(wording.discarded(visit.gettext)))


async def _mine(visit: Visit, argument: str) -> tuple[CaregiverWord | None, Bond | None]:
    if not argument.isdecimal():
        return None, None
    word = await words.owned(visit.session, visit.person.key, int(argument))
    if word is None:
        return None, None
    return word, await bonds.owned(visit.session, visit.person.key, word.bond_id)
