"""/plan: writing the safety plan on a good day, a step at a time, and what is typed while a card comes up."""

from typing import Any

from bot.conversation import dialogs
from bot.conversation.catalogs import Gettext, safety
from bot.conversation.dialogs import Asked, Finished, Place, Reply
from bot.conversation.inbound import Event, Words
from bot.conversation.visit import Visit
from bot.escalation.planning import editing as wording
from bot.escalation.planning import plans
from bot.escalation.planning.dialogs import LANGUAGE, NOW, NUMBER, PERSON, STEP, THROUGH, WORDS
from bot.escalation.planning.plan import STEPS, Plan


def tongue(visit: Visit) -> Gettext:
    """The person's language in this wing."""
    return safety(visit.person.language)


async def own_plan(visit: Visit) -> Plan:
    """The person's plan."""
    return await plans.read(visit.session, visit.sealer, visit.person.key)


async def keep(visit: Visit, plan: Plan) -> None:
    """Keep the plan as it is now."""
    await plans.write(visit.session, visit.sealer, visit.person.key, plan, visit.now)


async def show(visit: Visit, _words: str) -> None:
    """Answer /plan: the plan, with a button for every step."""
    visit.show(wording.overview(tongue(visit), visit.person.language, await own_plan(visit)))


async def write_step(visit: Visit, argument: str) -> None:
    """Ask for one step, "1" to "6"."""
    await _open(visit, int(argument), through=False)


async def write_all(visit: Visit, _argument: str) -> None:
    """Go through all six steps. Each is kept as soon as it is written."""
    await _open(visit, 1, through=True)


async def _open(visit: Visit, number: int, *, through: bool) -> None:
    now = (await own_plan(visit)).steps[number - 1]
    known = {LANGUAGE: visit.person.language, NUMBER: number, THROUGH: through, NOW: now}
    await visit.open(STEP, known)


async def end_step(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep what was written, then ask for the next step or show the plan."""
    number = answers[NUMBER]
    if answers[WORDS] is not None:
        await keep(visit, (await own_plan(visit)).with_step(number, answers[WORDS]))
    if answers[THROUGH] and number < STEPS:
        await _open(visit, number + 1, through=True)
    else:
        await show(visit, "")


async def keep_answer(visit: Visit, event: Event) -> None:
    """What was typed for a step is kept, also when it brought up a card: a warning sign may sound like a cry.

    The card has been sent; the plan waits until the person goes on with it.
    """
    stored = await visit.place()
    if not _answers_the_plan(event) or stored is None or stored[0] != STEP.name or stored[1].step != "words":
        return
    place, text = stored[1], event.text if isinstance(event, Words) else ""
    turn = dialogs.advance(STEP, place, Reply(text=text), visit.context())
    if isinstance(turn, Asked):  # it was too long; the question says so and stays
        await visit.turn(STEP, turn)
    elif isinstance(turn, Finished):
        await keep(visit, (await own_plan(visit)).with_step(place.answers[NUMBER], turn.answers[WORDS]))
        waiting = Place("kept", place.answers, place.revision + 1)
        await visit.turn(STEP, Asked(waiting, STEP.step("kept").ask(visit.context(), waiting.answers)))


def _answers_the_plan(event: Event) -> bool:
    return isinstance(event, Words) and not (event.edited or event.forwarded or event.text.startswith("/"))


async def ask_wipe(visit: Visit, _argument: str) -> None:
    """First of two taps."""
    visit.show(wording.ask_wipe(tongue(visit)))


async def wipe(visit: Visit, _argument: str) -> None:
    """Second of two taps: the plan and the people in it are gone."""
    await keep(visit, Plan())
    stored = await visit.place()
    if stored is not None and stored[0] in {STEP.name, PERSON.name}:
        await visit.close()
    visit.show(wording.wiped(tongue(visit)))
