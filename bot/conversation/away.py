"""Our own absences: what fell into one is not made up for, as one message catches up on doses."""

from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.conversation.spans import Spans
from storage import outages

# Longer than anything but a dose is still worth sending late.
_LOOK_BACK = timedelta(hours=12)


async def absences(session: AsyncSession, now: datetime) -> Spans:
    """When we were away of late: from when until when, oldest first."""
    return tuple((each.began, each.ended) for each in await outages.during(session, now - _LOOK_BACK, now))
