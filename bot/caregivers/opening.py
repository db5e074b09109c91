"""Opening an invitation: whoever cannot use it gets one and the same answer, whatever the reason."""

from collections.abc import Sequence
from typing import Any

from bot.caregivers import rules, wording
from bot.caregivers.circle import finish
from bot.caregivers.dialogs import AGREEMENT
from bot.conversation.message import Message
from bot.conversation.visit import Visit
from storage import bonds, caring, invites, people, wrong_links
from storage.bonds import ROOM, Bond
from storage.invites import Invite
from storage.vocabulary import BondState, Ending, PersonState
from storage.wrong_links import WrongLink


async def opened(visit: Visit, payload: str) -> None:
    """Somebody pressed Start behind a link."""
    me, session = visit.person.key, visit.session
    if await wrong_links.since(session, me, visit.now - rules.WRONG_COUNTS_FOR) >= rules.MOST_WRONG:
        _refuse(visit)
        return
    invite = await _invite(visit, payload)
    fresh = [invite.token_hash] if invite is not None and invite.used_at is None else []
    if invite is not None and invite.person_id == me:
        visit.say(Message(wording.own_link(visit.gettext)))
    elif invite is not None and await invites.open_for(session, invite.key, me, visit.now):
        await visit.means.tombstones.lay_for_invites(session, fresh, visit.now)
        await visit.open(AGREEMENT, {"invite": invite.key})
    else:
        session.add(WrongLink(person_id=me, at=visit.now))
        _refuse(visit)


async def agree(visit: Visit, answers: dict[str, Any]) -> None:
    """The caregiver has agreed: now it is for the person to say whether this is whom they meant."""
    session, now, me = visit.session, visit.now, visit.person.key
    person_id = await invites.person_of(session, answers["invite"], me)
    host = await visit.at(person_id) if person_id is not None else None
    used = await invites.agree(session, answers["invite"], me, now) if host is not None else None
    if host is None or used is None:
        _refuse(visit)
        return
    await visit.means.tombstones.lay_for_invites(session, [used], now)
    await _bind(visit, host, answers)


async def _bind(visit: Visit, host: Visit, answers: dict[str, Any]) -> None:
    """The answer is the same whether they are a caregiver already or not: it tells nothing."""
    session, now, me = visit.session, visit.now, visit.person.key
    if visit.person.state is PersonState.NEW:
        visit.person.state = PersonState.GUEST
    await people.give_consent(session, me, f"caregiver {answers['agreed']}", now)
    standing = await bonds.with_caregiver(session, host.person.key, me)
    bond = next((each for each in standing if rules.goes_on(each.state, each.expires_at, now)), None)
    if bond is None:
        bond = await _new_bond(visit, host, standing, answers["agreed"])
    elif host.person.reachable:
        name = wording.named(host.gettext, bonds.open_name(host.sealer, bond))
        host.say(Message(wording.agreed_again(host.gettext, name)))
    await caring.enter(session, me, bond, caring.seal_name(visit.sealer, answers["name"]), now)
    visit.say(Message(wording.agreed(visit.gettext, wording.as_said(answers["name"]))))


async def _new_bond(visit: Visit, host: Visit, standing: Sequence[Bond], agreed: str) -> Bond:
    """One that waits for the person's yes, in place of any that waited before."""
    for former in standing:
        if former.state is BondState.AGREED:
            await finish(host, former, Ending.REPLACED)
    host.wake(ROOM, visit.now)
    bond = Bond(
        person_id=host.person.key,
        caregiver_id=visit.person.key,
        state_since=visit.now,
        name_sealed=bonds.seal_name(host.sealer, visit.name),
        agreed_at=visit.now,
        agreed_text=agreed,
        expires_at=visit.now + rules.CONFIRM_WITHIN,
    )
    visit.session.add(bond)
    await visit.session.flush()
    return bond


async def _invite(visit: Visit, payload: str) -> Invite | None:
    """The invitation, if it is for whoever talks to this very bot."""
    token = rules.token_in(payload)
    invite = await invites.by_token(visit.session, token, visit.now) if token is not None else None
    if invite is None:
        return None
    inviter = (await people.by_ids(visit.session, [invite.person_id])).get(invite.person_id)
    here = (visit.person.platform, visit.person.account)
    return invite if inviter is not None and (inviter.platform, inviter.account) == here else None


def _refuse(visit: Visit) -> None:
    visit.say(Message(wording.dead_link(visit.gettext)))
