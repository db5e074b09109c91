"""What the person answers to a notice."""

from dataclasses import replace
from datetime import timedelta

from bot.conversation.facts import CareTeamNotNeeded
from bot.conversation.room import Command, Conversation, Room
from bot.conversation.visit import Visit
from bot.escalation.noticing import asking, card, reading, usual, wake, wording
from bot.escalation.noticing.dialogs import DOSE
from bot.escalation.noticing.told import LEVELS, Kind, Reason, Told, told_from
from bot.escalation.recurrence.policy import shipped_policy
from storage import notices
from storage.notices import Notice


async def useful(visit: Visit, argument: str) -> None:
    """Was it useful? "12.y" or "12.n" is notice 12."""
    key, word = argument.split(".")
    found = await _found(visit, key)
    if found is not None:
        row, told = found
        await _keep(visit, row, replace(told, useful=word == "y"))


async def why(visit: Visit, argument: str) -> None:
    """The person knows what is behind it: ask what, in one tap."""
    if await _found(visit, argument) is not None:
        visit.show(card.reasons(visit, int(argument)))


async def because(visit: Visit, argument: str) -> None:
    """What is behind it: "12.illness"."""
    key, word = argument.split(".")
    found = await _found(visit, key)
    if found is not None:
        row, told = found
        await _keep(visit, row, replace(told, reason=Reason(word)))
        newest = [each.key for each, other in await reading.told(visit) if other.kind in LEVELS][-1:]
        if told.kind is not Kind.CONFIRMED and newest == [row.key]:
            visit.tell(CareTeamNotNeeded())


async def shown(visit: Visit, argument: str) -> None:
    """The notice once more, as it is."""
    found = await _found(visit, argument)
    if found is not None:
        await _keep(visit, *found)


async def later(visit: Visit, argument: str) -> None:
    """Come back to it in some days, if it is still so."""
    found = await _found(visit, argument)
    if found is not None:
        row, told = found
        again = visit.today + timedelta(days=shipped_policy().notices.later_days)
        await _keep(visit, row, replace(told, later=again))
        await wake.wake([visit])


async def _found(visit: Visit, key: str) -> tuple[Notice, Told] | None:
    row = await notices.owned(visit.session, visit.person.key, int(key))
    if row is None:
        visit.toast = wording.gone(card.tongue(visit))
        return None
    return row, told_from(notices.open_content(visit.sealer, row))


async def _keep(visit: Visit, row: Notice, told: Told) -> None:
    row.content_sealed = notices.seal_content(visit.sealer, told.content())
    visit.show(card.notice(visit, row.key, told, questionnaire=await wake.offered(visit)))


ROOM = Room(
    name=card.ROOM,
    commands={"usual": Command(usual.show, asking.usual_summary)},
    buttons={
        "useful": useful,
        "why": why,
        "because": because,
        "shown": shown,
        "later": later,
        "usual": usual.answer,
        "page": usual.show,
        "lately": usual.take_lately,
        "anew": usual.begin_anew,
        "dose": usual.ask_about_dose,
        "notices": usual.switch,
    },
    conversations=(Conversation(DOSE, usual.end_dose),),
    wake=wake.wake,
)
