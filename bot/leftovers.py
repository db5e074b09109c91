"""What is left over of the answer to a cry in a group when no try of the crisis path got it through."""

from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.collecting import Collecting
from bot.conversation.inbound import Origin
from bot.conversation.visit import Visit
from bot.escalation.crisis.alert import Alert
from bot.groups.visit import GroupVisit
from scheduler.lanes import Lane
from storage import groups, people
from storage.sealing import MasterKey


async def leftovers(
    session: AsyncSession, master: MasterKey, origin: Origin, alert: Alert, now: datetime
) -> list[Collecting]:
    """The card for whoever wrote, if we can reach them, and the line for the group, if we know it."""
    found: list[Collecting] = []
    place = (origin.platform, origin.account)
    if alert.undelivered is not None and origin.sender:
        known = await people.with_sealer(session, master, *place, origin.sender)
        if known is not None and known[0].reachable:
            writer = Visit(session, *known, now)
            writer.say(replace(alert.undelivered, lane=Lane.CRISIS))
            found.append(writer)
    if alert.unsaid is not None:
        group = await groups.at(session, *place, origin.chat)
        if group is not None:
            everybody = GroupVisit(session, group, groups.sealer(master, group), now)
            about = f"cry:{alert.unsaid.topic or ''}"
            await everybody.take_back(about)  # of those that wait, one is enough
            everybody.say(replace(alert.unsaid, lane=Lane.CRISIS, about=about))
            found.append(everybody)
    return found
