"""Who may set a group up: its admins, by what the platform says at this very moment."""

from collections.abc import Mapping
from typing import Any

from bot.conversation.message import Message
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from bot.groups.setup import wording
from bot.groups.visit import GroupVisit
from storage import groups
from storage.groups import Group

GROUP = "group"  # the answer of every dialog here that names the group


async def admitted(visit: Visit, group_id: str) -> GroupVisit | None:
    """The group, for an admin of it; anybody else reads that it is not for them. Raises Unasked."""
    group = await _group(visit, group_id)
    refusal = _refusal(visit, group)
    if refusal is not None or group is None:
        visit.show(Message(refusal or wording.not_for_you(visit.gettext)))
        return None
    held = (await groups.hold(visit.session, [group.key]))[group.key]
    sealer = groups.sealer(visit.means.master, held)
    there = GroupVisit(visit.session, held, sealer, visit.now, rights=visit.rights)
    visit.elsewhere.append(there)
    return there


async def forbidden(visit: Visit, answers: Mapping[str, Any]) -> Text | None:
    """Asked before each step of a dialog: why it cannot go on. Raises Unasked."""
    return _refusal(visit, await _group(visit, str(answers[GROUP])))


def _refusal(visit: Visit, group: Group | None) -> Text | None:
    """A group that there is not and one of others read the same."""
    runs = visit.rights.runs(group.ref) if group is not None else False
    if runs is None:
        return wording.not_now(visit.gettext)
    return None if runs else wording.not_for_you(visit.gettext)


async def _group(visit: Visit, group_id: str) -> Group | None:
    person = visit.person
    if not (group_id.isascii() and group_id.isdigit()):
        return None
    return await groups.find(visit.session, person.platform, person.account, int(group_id))
