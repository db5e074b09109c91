"""A command for us alone was typed in a group: nothing is done there, its writer is answered in private."""

from bot.conversation.collecting import Order
from bot.conversation.message import Action, Choice, Message
from bot.conversation.text import Text
from bot.conversation.visit import Visit
from bot.groups.doors import rules, wording
from bot.groups.doors.ways import private_row
from bot.groups.rules import Personal
from bot.groups.visit import ROOM, GroupVisit
from storage import groups, people
from storage.groups import Group
from storage.outbox import OutboxKind
from storage.vocabulary import GroupState


async def point(visit: GroupVisit, said: Personal) -> None:
    """A word to its writer alone, and a card if they have a chat with us.

    Where we cannot whisper, everybody reads the word, once in ten minutes, the same whoever wrote.
    """
    group = visit.group
    aloud = not visit.hidden and rules.may_point(group.pointed_at, visit.now)
    if aloud:
        group.pointed_at = visit.now
    visit.confide(Message(wording.for_private(visit.gettext), private_row(visit)), aloud=aloud)
    writer = await _writer(visit, said.by)
    if writer is not None:
        writer.say(_card(writer, said, group))
        visit.beside.append(writer)


async def unsay(visit: Visit, place: str) -> None:
    """Delete in the group what its writer wrote there. Raises Unasked."""
    _, person = visit.gettext, visit.person
    ref, message = rules.read_place(place)
    group = await groups.at(visit.session, person.platform, person.account, ref)
    there = group is not None and group.state is not GroupState.GONE
    may = visit.rights.deletes(ref) if there else False
    if may is None:
        visit.show(Message(wording.not_now(_)))
    elif group is None or not may:
        visit.show(Message(wording.may_not_delete(_)))
    else:
        held = (await groups.hold(visit.session, [group.key]))[group.key]
        host = GroupVisit(visit.session, held, groups.sealer(visit.means.master, held), visit.now)
        host.orders.append(Order(OutboxKind.DELETE, Message(Text("")), target=message))
        visit.elsewhere.append(host)
        visit.show(Message(wording.asked_to_delete(_)))


async def _writer(visit: GroupVisit, ref: str) -> Visit | None:
    """Whoever wrote, in their private chat; None when we may not write to them."""
    group = visit.group
    if not ref or visit.means is None:
        return None
    known = await people.with_sealer(visit.session, visit.means.master, group.platform, group.account, ref)
    if known is None or not known[0].reachable:
        return None
    return Visit(visit.session, *known, visit.now, given=visit.means)


def _card(writer: Visit, said: Personal, group: Group) -> Message:
    _, place = writer.gettext, rules.place_of(group.ref, said.message)
    rows = [(Choice(wording.open_it(_, said.command), Action("help", "go", said.command, apart=True)),)]
    if place is not None:
        rows.append((Choice(wording.unsay(_), Action(ROOM, "unsay", place)),))
    key = rules.span_key(writer.person.key, writer.now)
    return Message(wording.here_is_the_place(_), tuple(rows), dedupe_key=key)
