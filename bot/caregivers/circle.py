"""The person's side: who may hear something of them, and the taps that change it."""

import secrets
from collections.abc import Collection
from datetime import datetime

from bot.caregivers import rules, wording
from bot.caregivers.helping.rules import DEEDS
from bot.caregivers.helping.wording import may_button
from bot.caregivers.scoping.watching import watch
from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from scheduler.localtime import local
from storage import bonds, scopes
from storage.bonds import ROOM, Bond
from storage.scopes import BondScope
from storage.tombstones import StoneKind
from storage.vocabulary import BondState, Ending, Scope

_DRAWS = 1 << 32


async def caregivers(visit: Visit, _words: str) -> None:
    """List everybody who may hear something, with what can be done about it."""
    _ = visit.gettext
    standing = (await bonds.of_people(visit.session, [visit.person.key], ended=False))[visit.person.key]
    standing = [bond for bond in standing if bond.expires_at > visit.now]
    on = await scopes.of_bonds(visit.session, [bond.key for bond in standing])
    entries = [_entry(visit, bond, on[bond.key]) for bond in standing]
    rows = [row for bond in standing for row in _rows(visit, bond)]
    if any(row.kind is Scope.NEED_YOU for bond in standing for row in on[bond.key]):
        rows.insert(0, (Choice(wording.need_you_button(_), Action(ROOM, "needyou"), "primary"),))
    rows.append((Choice(wording.invite_button(_), Action(ROOM, "invite", apart=True), "primary"),))
    visit.show(Message(wording.circle(_, entries), (*rows, help_row(_))))


def _entry(visit: Visit, bond: Bond, on: Collection[BondScope]) -> Text:
    _, name = visit.gettext, _named(visit, bond)
    since, until = (
        local(at, visit.zone).date() for at in (bond.confirmed_at or bond.agreed_at, bond.expires_at)
    )
    match bond.state:
        case BondState.LIVE:
            heard = [row.kind for row in on if row.kind not in DEEDS]
            gets = ", ".join(wording.scope_name(_, kind) for kind in heard) or wording.gets_nothing(_)
            may = ", ".join(wording.scope_name(_, row.kind) for row in on if row.kind in DEEDS)
            return wording.entry_live(_, name, gets, may, since, until)
        case BondState.PAUSED:
            return wording.entry_paused(_, name, since, until)
    return wording.entry_waiting(_, name)


def _rows(visit: Visit, bond: Bond) -> list[tuple[Choice, ...]]:
    _, name, key = visit.gettext, wording.short(bonds.open_name(visit.sealer, bond)), str(bond.key)
    end = Choice(wording.end_button(_, name), Action(ROOM, "end", key))
    opens = (Choice(wording.gets_button(_, name), Action(ROOM, "of", key)),)
    match bond.state:
        case BondState.LIVE:
            may = Choice(may_button(_, name), Action(ROOM, "may", key, apart=True))
            rest = (Choice(wording.pause_button(_, name), Action(ROOM, "pause", key)), end)
            return [opens, (may,), rest]
        case BondState.PAUSED:
            return [opens, (Choice(wording.go_on_button(_, name), Action(ROOM, "goon", key)), end)]
    return list(confirming(visit, bond))


def confirming(visit: Visit, bond: Bond) -> tuple[tuple[Choice, ...], ...]:
    """The two answers to whether this is the person whom they meant."""
    _, name = visit.gettext, wording.short(bonds.open_name(visit.sealer, bond))
    return (
        (Choice(wording.yes_button(_, name), Action(ROOM, "yes", str(bond.key))),),
        (Choice(wording.no_button(_), Action(ROOM, "no", str(bond.key))),),
    )


async def show_again(visit: Visit, _argument: str) -> None:
    """Back from one caregiver to all of them."""
    await caregivers(visit, "")


async def confirm(visit: Visit, argument: str) -> None:
    """Yes, this is the one: from now on something may be switched on."""
    bond = await _mine(visit, argument)
    if bond is None or bond.caregiver_id is None:
        await _changed_meanwhile(visit)
        return
    until = visit.now + rules.CONSENT_LASTS
    can = rules.can_be_confirmed(bond.state, bond.expires_at, visit.now)
    if not can or not await bonds.change(
        visit.session,
        bond.key,
        [BondState.AGREED],
        visit.now,
        state=BondState.LIVE,
        confirmed_at=visit.now,
        confirmed_text=rules.CONFIRMED_TEXT,
        expires_at=until,
        renew_ask_at=_ask_again_at(visit, until),
    ):
        await _changed_meanwhile(visit)
        return
    for former in await bonds.with_caregiver(visit.session, bond.person_id, bond.caregiver_id):
        if former.key != bond.key:
            await finish(visit, former, Ending.REPLACED)
    visit.wake(ROOM, visit.now)
    await watch(visit, bond)
    day, name = local(until, visit.zone).date(), wording.short(bonds.open_name(visit.sealer, bond))
    choose = (Choice(wording.gets_button(visit.gettext, name), Action(ROOM, "of", str(bond.key)), "primary"),)
    visit.show(Message(wording.confirmed(visit.gettext, _named(visit, bond), day), (choose,)))


async def deny(visit: Visit, argument: str) -> None:
    """No, that is somebody else: it ends, and they learn nothing."""
    bond = await _mine(visit, argument)
    if bond is None or bond.state is not BondState.AGREED:
        await _changed_meanwhile(visit)
        return
    await finish(visit, bond, Ending.DENIED)
    visit.show(Message(wording.denied(visit.gettext)))


async def pause(visit: Visit, argument: str) -> None:
    """They get nothing until it goes on."""
    bond = await _mine(visit, argument)
    if bond is not None and bond.state is BondState.LIVE:
        await visit.means.tombstones.lay_for_bond(visit.session, bond, StoneKind.PAUSED, visit.now)
        await bonds.change(visit.session, bond.key, [BondState.LIVE], visit.now, state=BondState.PAUSED)
        visit.toast = wording.paused(visit.gettext)
    await caregivers(visit, "")


async def go_on(visit: Visit, argument: str) -> None:
    """What was on is on again."""
    bond = await _mine(visit, argument)
    if bond is not None and bond.state is BondState.PAUSED and bond.expires_at > visit.now:
        await bonds.change(visit.session, bond.key, [BondState.PAUSED], visit.now, state=BondState.LIVE)
        visit.toast = wording.going_on(visit.gettext)
    await caregivers(visit, "")


async def end(visit: Visit, argument: str) -> None:
    """It ends at once, and nobody is told."""
    bond = await _mine(visit, argument)
    if bond is not None and bond.state is not BondState.ENDED:
        await finish(visit, bond, Ending.PERSON)
        visit.toast = wording.ended(visit.gettext)
    await caregivers(visit, "")


async def renew(visit: Visit, argument: str) -> None:
    """Ninety more days."""
    bond = await _mine(visit, argument)
    if bond is None or not rules.goes_on(bond.state, bond.expires_at, visit.now):
        await _changed_meanwhile(visit)
        return
    bond.expires_at = visit.now + rules.CONSENT_LASTS
    bond.renewed_at, bond.renew_asked_at = visit.now, None
    bond.renew_ask_at = _ask_again_at(visit, bond.expires_at)
    visit.wake(ROOM, visit.now)
    day = local(bond.expires_at, visit.zone).date()
    visit.show(Message(wording.renewed(visit.gettext, _named(visit, bond), day)))


async def finish(visit: Visit, bond: Bond, by: Ending) -> None:
    """End a bond, so that no backup brings it back; the person knows."""
    await visit.means.tombstones.lay_for_bond(visit.session, bond, StoneKind.ENDED, visit.now)
    await bonds.end(visit.session, bond.key, by, visit.now, told=True)
    visit.wake(ROOM, visit.now)


async def _mine(visit: Visit, argument: str) -> Bond | None:
    return await bonds.owned(visit.session, visit.person.key, int(argument)) if argument.isdecimal() else None


async def _changed_meanwhile(visit: Visit) -> None:
    visit.toast = wording.nothing_to_do(visit.gettext)
    await caregivers(visit, "")


def _named(visit: Visit, bond: Bond) -> Text:
    return wording.named(visit.gettext, bonds.open_name(visit.sealer, bond))


def _ask_again_at(visit: Visit, expires_at: datetime) -> datetime:
    """Nobody but chance knows when the person is asked."""
    person, draw = visit.person, secrets.randbelow(_DRAWS) / _DRAWS
    return rules.renew_ask_at(expires_at, visit.zone, person.quiet_from, person.quiet_until, draw)
