"""What remains to be done about a crisis once it was answered: the record, and a calm day."""

from dataclasses import replace
from datetime import timedelta

from bot.conversation.room import Command, Room
from bot.conversation.visit import Visit
from bot.escalation import wording
from bot.escalation.front import Alert
from scheduler.lanes import Lane
from storage import crises

CALM_AFTER = timedelta(hours=12)


async def record(visit: Visit, alert: Alert) -> None:
    """Note that a card was shown, and keep cheer away for twelve hours. Dose reminders go on."""
    tier = alert.tier.name.lower()
    await crises.record(visit.session, visit.person.key, visit.now, alert.source.value, tier)
    visit.person.calm_until = visit.now + CALM_AFTER
    if alert.undelivered is not None:
        visit.say(replace(alert.undelivered, lane=Lane.CRISIS))


async def answered_already(_visit: Visit, _words: str) -> None:
    """The front answered before the router saw it."""


ROOM = Room(
    name="escalation",
    commands={
        "sos": Command(answered_already, wording.sos_summary, before_consent=True),
        "crisis": Command(answered_already, before_consent=True),
    },
)
