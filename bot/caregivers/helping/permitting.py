"""What the person lets a caregiver do: each explained before it is switched on, and off again in one tap."""

from typing import NamedTuple

from bot.caregivers.helping import rules, wording
from bot.caregivers.scoping.watching import watch
from bot.caregivers.telling.wording import back
from bot.conversation.message import Action, Choice, Message
from bot.conversation.visit import Visit
from storage import bonds, scopes
from storage.bonds import ROOM, Bond
from storage.vocabulary import BondState, Scope


class Deed(NamedTuple):
    """Something that a caregiver may do, or may not."""

    bond: Bond
    kind: Scope


async def show(visit: Visit, argument: str) -> None:
    """What this caregiver may do now."""
    bond = await bonds.owned(visit.session, visit.person.key, int(argument)) if argument.isdecimal() else None
    if bond is None or bond.state is not BondState.LIVE or bond.expires_at <= visit.now:
        visit.show(Message(wording.no_bond(visit.gettext)))
        return
    await _page(visit, bond)


async def _page(visit: Visit, bond: Bond) -> None:
    _, name = visit.gettext, bonds.open_name(visit.sealer, bond)
    on = {row.kind for row in (await scopes.of_bonds(visit.session, [bond.key]))[bond.key]}
    rows = [
        (
            _to(wording.forbid_button(_, kind), "forbid", bond, kind)
            if kind in on
            else _to(wording.permit_button(_, kind), "permit", bond, kind),
        )
        for kind in rules.DEEDS
    ]
    last = (Choice(back(_), Action(ROOM, "circle")),)
    visit.show(Message(wording.may_do(_, name, on, names=bond.names_told), (*rows, last)))


async def explain(visit: Visit, argument: str) -> None:
    """What it means, and how it looks, before it is switched on."""
    deed = await _deed(visit, argument)
    if deed is None:
        visit.show(Message(wording.no_bond(visit.gettext)))
        return
    _, bond = visit.gettext, deed.bond
    name = bonds.open_name(visit.sealer, bond)
    rows = (
        (_to(wording.permit_yes(_, deed.kind), "permitted", bond, deed.kind),),
        (Choice(wording.permit_no(_), Action(ROOM, "may", str(bond.key))),),
    )
    visit.show(Message(wording.explained(_, name, deed.kind, named=bond.names_told), rows))


async def permit(visit: Visit, argument: str) -> None:
    """The person has read what it means, and wants it."""
    deed = await _deed(visit, argument)
    if deed is None:
        visit.show(Message(wording.no_bond(visit.gettext)))
        return
    await scopes.switch_on(visit.session, deed.bond, deed.kind, visit.now)
    await watch(visit, deed.bond)
    visit.toast = wording.permitted(visit.gettext)
    await _page(visit, deed.bond)


async def forbid(visit: Visit, argument: str) -> None:
    """It is off at once, so that no backup brings it back; nobody is told."""
    deed = await _deed(visit, argument)
    if deed is None:
        visit.show(Message(wording.no_bond(visit.gettext)))
        return
    await visit.means.tombstones.lay_for_scope(visit.session, deed.bond, deed.kind, visit.now)
    await scopes.switch_off(visit.session, deed.bond, deed.kind, visit.now)
    await watch(visit, deed.bond)
    visit.toast = wording.forbidden(visit.gettext)
    await _page(visit, deed.bond)


async def _deed(visit: Visit, argument: str) -> Deed | None:
    """From "12.may_tell", while that bond is live."""
    key, _, word = argument.partition(".")
    kind = next((kind for kind in rules.DEEDS if kind.value == word), None)
    if kind is None or not key.isdecimal():
        return None
    bond = await bonds.owned(visit.session, visit.person.key, int(key))
    live = bond is not None and bond.state is BondState.LIVE and bond.expires_at > visit.now
    return Deed(bond, kind) if bond is not None and live else None


def _to(label: str, verb: str, bond: Bond, kind: Scope) -> Choice:
    return Choice(label, Action(ROOM, verb, f"{bond.key}.{kind.value}"))
