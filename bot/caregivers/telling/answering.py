"""Taps about what is told: the caregiver has seen it; the person sends it, drops it, or lets moods go on."""

from bot.caregivers.letters import wording as letters
from bot.caregivers.scoping.watching import watch
from bot.caregivers.telling import moods, reading, wording
from bot.caregivers.telling.wake import ROOM
from bot.caregivers.telling.writing import send_as_logged
from bot.conversation.catalogs import safety
from bot.conversation.message import Message
from bot.conversation.visit import Visit
from scheduler.localtime import local
from storage import bonds, scopes, timers, told
from storage.bonds import Bond
from storage.timers import Setting
from storage.told import Told
from storage.vocabulary import BondState, ReviewState, Scope


async def seen(visit: Visit, argument: str) -> None:
    """A caregiver has seen a message. The answer is the same whatever has become of the bond."""
    visit.toast = letters.seen(safety(visit.person.language))
    key = int(argument) if argument.isdecimal() else 0
    person_id = await told.acknowledge(visit.session, key, visit.person.key, visit.now)
    if person_id is not None:
        await timers.put(visit.session, [Setting(person_id, ROOM, visit.now)])


async def send(visit: Visit, argument: str) -> None:
    """The person has read it and lets it go."""
    row = await _waiting(visit, argument)
    looks = await reading.read([visit]) if row is not None else []
    tie = next((tie for look in looks for tie in look.ties if row and tie.bond.key == row.bond_id), None)
    if row is None or tie is None or row.kind not in tie.on:
        visit.show(Message(wording.as_note(wording.decided(visit.gettext))))
        return
    send_as_logged(visit, tie, row)
    visit.show(Message(wording.as_note(wording.leaves_now(visit.gettext))))


async def drop(visit: Visit, argument: str) -> None:
    """The person does not want it to leave."""
    row = await _waiting(visit, argument)
    if row is None:
        visit.show(Message(wording.as_note(wording.decided(visit.gettext))))
        return
    row.review = ReviewState.DROPPED
    visit.show(Message(wording.as_note(wording.dropped(visit.gettext))))


async def _waiting(visit: Visit, argument: str) -> Told | None:
    """What still waits for the person's word."""
    row = await told.owned(visit.session, visit.person.key, int(argument)) if argument.isdecimal() else None
    return row if row is not None and row.review is ReviewState.WAITING else None


async def moods_go_on(visit: Visit, argument: str) -> None:
    """Thirty more days."""
    bond = await _mine(visit, argument)
    row = await scopes.one(visit.session, bond.key, Scope.LOW_MOOD) if bond is not None else None
    if row is None:
        visit.show(Message(wording.moods_off(visit.gettext)))
        return
    row.confirmed_until = visit.now + moods.CONFIRMED_FOR
    visit.wake(ROOM, visit.now)
    day = local(row.confirmed_until, visit.zone).date()
    visit.show(Message(wording.moods_go_on(visit.gettext, day)))


async def moods_end(visit: Visit, argument: str) -> None:
    """It is switched off."""
    bond = await _mine(visit, argument)
    if bond is not None:
        await visit.means.tombstones.lay_for_scope(visit.session, bond, Scope.LOW_MOOD, visit.now)
        await scopes.switch_off(visit.session, bond, Scope.LOW_MOOD, visit.now)
        await watch(visit, bond)
    visit.show(Message(wording.moods_off(visit.gettext)))


async def _mine(visit: Visit, argument: str) -> Bond | None:
    found = (
        await bonds.owned(visit.session, visit.person.key, int(argument)) if argument.isdecimal() else None
    )
    return found if found is not None and found.state is not BondState.ENDED else None
