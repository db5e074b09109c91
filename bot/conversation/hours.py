"""By whose clock somebody lives, and when they want no sound."""

from zoneinfo import ZoneInfo

from bot.conversation.quiet import QuietHours
from scheduler.localtime import zone
from storage.people import Person

FALLBACK_ZONE = "UTC"


def zone_of(person: Person) -> ZoneInfo:
    """Their zone; UTC while it is not known."""
    return zone(person.zone or FALLBACK_ZONE)


def quiet_hours_of(person: Person) -> QuietHours | None:
    """Their quiet hours, if they have any."""
    if person.quiet_from is None:
        return None
    return QuietHours(zone_of(person), person.quiet_from, person.quiet_until)
