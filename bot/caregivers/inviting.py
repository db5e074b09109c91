"""Making an invitation: a link and its picture. What the link holds is kept nowhere but in the message."""

import secrets

from bot.caregivers import rules, wording
from bot.conversation.message import Choice, CopyText, Link, Message, Picture
from bot.conversation.visit import Visit
from scheduler.localtime import local
from storage import bonds, invites


async def invite(visit: Visit, _argument: str) -> None:
    """A new link; the one before it ends."""
    _, session, me = visit.gettext, visit.session, visit.person.key
    standing = (await bonds.of_people(session, [me], ended=False))[me]
    if len(standing) >= rules.MOST_CAREGIVERS:
        visit.say(Message(wording.enough_caregivers(_, rules.MOST_CAREGIVERS)))
        return
    token = secrets.token_bytes(rules.TOKEN_BYTES)
    link = visit.means.link(rules.payload_of(token))
    if link is None:
        visit.say(Message(wording.no_link_yet(_)))
        return
    until = visit.now + rules.INVITE_LASTS
    former = await invites.make(session, me, token, visit.now, until)
    await visit.means.tombstones.lay_for_invites(session, former, visit.now)
    text = wording.invitation(_, link, local(until, visit.zone).time())
    ways = (
        (Choice(wording.send_button(_), Link(rules.share_url(link)), "primary"),),
        (Choice(wording.copy_button(_), CopyText(link)),),
    )
    visit.say(Message(text, ways, picture=Picture("qr", {"words": link}), not_after=until))
