"""Was the team reached, and what came of it: the answers, and what follows from them."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.conversation.facts import DoseChanged
from bot.conversation.visit import Visit
from bot.escalation.care import appointments, asking, files, rules, wake, wording
from bot.escalation.care.dialogs import CHOSEN, LANGUAGE, OUTCOME, SINCE
from bot.escalation.planning.planner import tongue


async def suggested(visit: Visit) -> None:
    """React to a notice that suggested the team: ask in a few days. An earlier question gives way to it."""
    file = rules.suggested(await files.own_file(visit), visit.now, wake.hours(visit), wake.policy())
    await files.keep(visit, file)
    visit.supersede(asking.FOLLOW)
    await wake.wake([visit])


async def talked(visit: Visit, _argument: str) -> None:
    """A talk took place: that counts at once, whatever is said about what came of it."""
    await files.keep(visit, rules.talked(await files.own_file(visit), visit.today))
    visit.supersede(asking.FOLLOW)
    visit.supersede(asking.REVIEW)
    await wake.wake([visit])
    visit.toast = wording.talk_noted(tongue(visit))
    await visit.open(OUTCOME, {LANGUAGE: visit.person.language})


async def end_talk(visit: Visit, answers: dict[str, Any]) -> None:
    """Tell the change of a dose to whoever must know, and go on to an appointment that was made."""
    language = visit.person.language
    changed = date.fromisoformat(answers[SINCE]) if answers[SINCE] is not None else None
    if changed is not None:
        visit.tell(DoseChanged(changed))
    visit.show(asking.outcome_noted(tongue(visit), language, changed, visit.today))
    if rules.APPOINTMENT in answers[CHOSEN]:
        visit.press = None  # the answer stays where it is, and the question comes below it
        await appointments.ask(visit, "")


async def not_yet(visit: Visit, _argument: str) -> None:
    """It takes longer: words to begin with, and one more question at most."""
    file = rules.not_yet(await files.own_file(visit), visit.now, wake.hours(visit), wake.policy())
    await files.keep(visit, file)
    again = rules.asks_again(file, wake.policy()) and file.appointment is None
    days = wake.policy().follow_through_days if again else None
    visit.show(asking.not_yet(tongue(visit), visit.person.language, days))
    await wake.wake([visit])


async def unsaid(visit: Visit, _argument: str) -> None:
    """No reason is asked, and the question does not come back."""
    await files.keep(visit, replace(await files.own_file(visit), follow=None))
    visit.show(asking.unsaid(tongue(visit), visit.person.language))
    await wake.wake([visit])


async def let_be(visit: Visit) -> None:
    """React to a person who knows what is behind it: the question does not come."""
    file = await files.own_file(visit)
    if file.follow is not None:
        await files.keep(visit, replace(file, follow=None))
        visit.supersede(asking.FOLLOW)
        await wake.wake([visit])


async def look_again(visit: Visit) -> None:
    """React to a return or to other hours. In calm hours a question that has not left yet does not leave."""
    if visit.calm:
        visit.supersede(asking.FOLLOW)
        visit.supersede(asking.REVIEW)
    await wake.wake([visit])
