"""The people one trusts: adding, changing and removing them."""

from typing import Any

from bot.conversation.visit import Visit
from bot.escalation.planning import editing as wording
from bot.escalation.planning.dialogs import CONTACT, COUNTRY, LANGUAGE, NAME, PERSON, REACH
from bot.escalation.planning.plan import MOST_CONTACTS, Contact
from bot.escalation.planning.planner import keep, own_plan, tongue


async def show(visit: Visit, _argument: str) -> None:
    """List them."""
    visit.show(wording.people(tongue(visit), visit.person.language, await own_plan(visit), MOST_CONTACTS))


async def add(visit: Visit, _argument: str) -> None:
    """Ask for one more, while there is room."""
    if len((await own_plan(visit)).contacts) >= MOST_CONTACTS:
        await show(visit, "")
    else:
        await visit.open(PERSON, _known(visit, ""))


async def change(visit: Visit, argument: str) -> None:
    """Ask for a person's name and number anew."""
    found = (await own_plan(visit)).contact(argument)
    if found is None:
        await _gone(visit)
    else:
        await visit.open(PERSON, {**_known(visit, argument), NAME: found.name, REACH: found.reach})


async def remove(visit: Visit, argument: str) -> None:
    """Take a person out."""
    plan = await own_plan(visit)
    if plan.contact(argument) is None:
        await _gone(visit)
        return
    await keep(visit, plan.without_contact(argument))
    visit.toast = wording.removed(tongue(visit))
    await show(visit, "")


async def end(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep the person that was named."""
    contact = Contact(answers[NAME], answers[REACH])
    await keep(visit, (await own_plan(visit)).with_contact(contact, answers[CONTACT]))
    visit.toast = wording.added(tongue(visit))
    await show(visit, "")


def _known(visit: Visit, earlier: str) -> dict[str, Any]:
    return {LANGUAGE: visit.person.language, COUNTRY: visit.person.country, CONTACT: earlier}


async def _gone(visit: Visit) -> None:
    visit.toast = wording.gone(tongue(visit))
    await show(visit, "")
