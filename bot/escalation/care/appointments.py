"""The next appointment: one at a time."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.conversation.visit import Visit
from bot.escalation.care import asking, card, files, rules, wake, wording
from bot.escalation.care.dialogs import APPOINTMENT, LANGUAGE, ON, TEAM, WITH, time_in
from bot.escalation.care.file import Appointment, File
from bot.escalation.planning.planner import tongue


async def show(visit: Visit, _argument: str) -> None:
    """Show the appointment there is, or ask for one."""
    planned = (await files.own_file(visit)).appointment
    if planned is None or planned.on < visit.today:
        await ask(visit, "")
    else:
        visit.show(wording.appointment(tongue(visit), visit.person.language, planned, visit.today))


async def ask(visit: Visit, _argument: str) -> None:
    """Ask for day, time and with whom; the earlier appointment stays until all is known."""
    team = [[str(each.key), each.name] for each in await files.own_team(visit)]
    await visit.open(APPOINTMENT, {LANGUAGE: visit.person.language, TEAM: team})


async def remove(visit: Visit, _argument: str) -> None:
    """Take it out: neither a reminder nor a question about it."""
    await _keep(visit, replace(await files.own_file(visit), appointment=None))
    visit.toast = wording.removed(tongue(visit))
    await card.show(visit, "")


async def end(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep it."""
    planned = Appointment(date.fromisoformat(answers[ON]), time_in(answers), answers[WITH])
    file = await files.own_file(visit)
    await _keep(visit, rules.planned(file, planned, visit.now, wake.hours(visit)))
    visit.toast = wording.kept(tongue(visit))
    await card.show(visit, "")


async def _keep(visit: Visit, file: File) -> None:
    await files.keep(visit, file)
    visit.supersede(asking.VISIT)
    await wake.wake([visit])
