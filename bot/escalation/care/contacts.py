"""The people in the care team: adding, changing and removing them."""

from typing import Any

from bot.conversation.visit import Visit
from bot.escalation.care import card, files, wording
from bot.escalation.care.dialogs import CARER, CONTACT, COUNTRY, LANGUAGE, answers_of, contact_in
from bot.escalation.care.team import MOST_CONTACTS
from bot.escalation.planning.planner import tongue


async def show(visit: Visit, _argument: str) -> None:
    """List them, each to change or to remove."""
    visit.show(wording.people(tongue(visit), await files.own_team(visit)))


async def add(visit: Visit, _argument: str) -> None:
    """Ask for one more, while there is room."""
    if len(await files.own_team(visit)) >= MOST_CONTACTS:
        visit.toast = wording.full(tongue(visit))
        await show(visit, "")
    else:
        await visit.open(CARER, {**_known(visit), CONTACT: 0})


async def change(visit: Visit, argument: str) -> None:
    """Ask anew for somebody's name, what they do and how they are reached."""
    found = await files.contact(visit, int(argument))
    if found is None:
        await _gone(visit)
    else:
        await visit.open(CARER, {**_known(visit), **answers_of(found)})


async def remove(visit: Visit, argument: str) -> None:
    """Take somebody out."""
    if not await files.remove_contact(visit, int(argument)):
        await _gone(visit)
        return
    visit.toast = wording.removed(tongue(visit))
    await show(visit, "")


async def end(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep whoever was named. Six is the most, also when several dialogs were begun at once."""
    contact, team = contact_in(answers), await files.own_team(visit)
    is_new = contact.key not in {each.key for each in team}
    if is_new and len(team) >= MOST_CONTACTS:
        visit.toast = wording.full(tongue(visit))
    else:
        await files.keep_contact(visit, contact)
        visit.toast = wording.kept(tongue(visit))
    await card.show(visit, "")


def _known(visit: Visit) -> dict[str, Any]:
    return {LANGUAGE: visit.person.language, COUNTRY: visit.person.country}


async def _gone(visit: Visit) -> None:
    visit.toast = wording.gone(tongue(visit))
    await show(visit, "")
