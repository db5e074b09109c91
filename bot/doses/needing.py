"""The buttons of medicines as needed."""

from datetime import UTC, datetime

from bot.conversation.message import Action, Choice, Message
from bot.conversation.visit import Visit
from bot.doses import asking, cards, day, guard, wanted
from bot.doses.wanted import Wanted
from storage.vocabulary import DoseKind


async def take(visit: Visit, argument: str) -> None:
    """The person took one: "12", or "12.again" when it is surely another one."""
    key, _, sure = argument.partition(".")
    found = await wanted.find(visit, int(key))
    if found is None:
        return
    if not wanted.is_within(found):
        wanted.ask_anyway(found)
    elif not sure and found.last is not None and visit.now - found.last < guard.LEAST:
        _ask_same(found, found.last)
    else:
        await wanted.put(found, visit.now, DoseKind.AS_NEEDED)
        await day.today(visit, "")


def _ask_same(found: Wanted, last: datetime) -> None:
    visit, _ = found.book.visit, found.book.visit.gettext
    at = asking.moment(_, last, visit.zone, visit.today)
    key = found.medicine.regimen.key
    rows = (
        (Choice(asking.the_same(_), Action(cards.ROOM, "today")),),
        (Choice(asking.another_one(_), Action(cards.ROOM, "want", f"{key}.again")),),
    )
    visit.show(Message(asking.is_it_another(_, found.name, at, visit.now - last, ago=True), rows))


async def take_anyway(visit: Visit, argument: str) -> None:
    """Beyond the limits, and the person took it: "12.29544480", with the minute in which they said so."""
    key, _, minute = argument.partition(".")
    found = await wanted.find(visit, int(key))
    if found is not None:
        await wanted.put(found, datetime.fromtimestamp(int(minute) * 60, UTC), DoseKind.EXTRA)
        await day.today(visit, "")
