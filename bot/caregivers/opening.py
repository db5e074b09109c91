"""Opening an invitation: whoever cannot use it gets one and the same answer, whatever the reason."""

from typing import Any

from bot.caregivers import rules, wording
from bot.caregivers.dialogs import AGREEMENT
from bot.conversation.letters import Receiver
from bot.conversation.message import Message
from bot.conversation.visit import Visit
from storage import bonds, caring, invites, people, timers, wrong_links
from storage.bonds import ROOM, Bond
from storage.caring import Caring
from storage.holding import hold_people
from storage.invites import Invite
from storage.timers import Setting
from storage.vocabulary import PersonState
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
    if person_id is not None:
        await hold_people(session, [person_id])
        person = (await visit.receivers([person_id])).get(person_id)
        used = await invites.agree(session, answers["invite"], me, now) if person is not None else None
        if person is not None and used is not None:
            await visit.means.tombstones.lay_for_invites(session, [used], now)
            await _bind(visit, person, answers)
            return
    _refuse(visit)


async def _bind(visit: Visit, person: Receiver, answers: dict[str, Any]) -> None:
    session, now, me = visit.session, visit.now, visit.person.key
    if visit.person.state is PersonState.NEW:
        visit.person.state = PersonState.GUEST
    await people.give_consent(session, me, f"caregiver {answers['agreed']}", now)
    await caring.end_former(session, me, person.person.key, now)
    bond = Bond(
        person_id=person.person.key,
        caregiver_id=me,
        state_since=now,
        name_sealed=bonds.seal_name(person.sealer, visit.name),
        agreed_at=now,
        agreed_text=answers["agreed"],
        expires_at=now + rules.CONFIRM_WITHIN,
    )
    session.add(bond)
    await session.flush()
    name = caring.seal_name(visit.sealer, answers["name"])
    session.add(Caring(caregiver_id=me, bond_id=bond.key, name_sealed=name, since=now))
    await timers.put(session, [Setting(person.person.key, ROOM, now)])
    visit.say(Message(wording.agreed(visit.gettext, wording.as_said(answers["name"]))))


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
