""" "I need you": sent by the person's own tap alone, to one caregiver or to all who may hear it."""

from datetime import timedelta

from bot.caregivers.letters import wording as letters
from bot.caregivers.telling import needing, reading, wording
from bot.caregivers.telling.reading import Tie
from bot.caregivers.telling.wake import wake
from bot.caregivers.telling.writing import Draft, write
from bot.caregivers.wording import short
from bot.conversation.catalogs import safety
from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Message
from bot.conversation.visit import Visit
from storage import bonds, told
from storage.bonds import ROOM
from storage.vocabulary import PersonState, ReviewState, Scope

ALL = "all"
# A second tap within these minutes is a shaking hand, not a second call.
AGAIN_NOT_BEFORE = timedelta(minutes=5)


async def offer(visit: Visit, _words: str) -> None:
    """Show what they would read, and whom it can go to."""
    _ = visit.gettext
    if visit.person.state is PersonState.PAUSED:
        visit.show(Message(wording.paused_all(_), (help_row(_),)))
        return
    ties = await _may_hear(visit)
    if not ties:
        visit.show(Message(wording.nobody_to_call(_), (help_row(_),)))
        return
    tongues = dict.fromkeys(tie.to.person.language for tie in ties)
    previews = [letters.need_you(safety(tongue), again=False) for tongue in tongues]
    names = [short(bonds.open_name(visit.sealer, tie.bond)) for tie in ties]
    rows = [
        (Choice(wording.call_button(_, name), Action(ROOM, "call", str(tie.bond.key)), "primary"),)
        for name, tie in zip(names, ties, strict=True)
    ]
    rows += [(Choice(wording.call_all(_), Action(ROOM, "call", ALL), "primary"),)] if len(ties) > 1 else []
    visit.show(Message(wording.who_to_call(_, previews), (*rows, help_row(_))))


async def call(visit: Visit, argument: str) -> None:
    """Send it."""
    _ = visit.gettext
    ties = [tie for tie in await _may_hear(visit) if argument in (ALL, str(tie.bond.key))]
    fresh = [tie for tie in ties if not _called_lately(visit, tie)]
    if not ties or visit.person.state is PersonState.PAUSED:
        await offer(visit, "")
        return
    if not fresh:
        visit.toast = wording.called_lately(_)
        return
    about = needing.about(visit.now)
    await write([(visit, _draft(tie, about)) for tie in fresh])
    await wake([visit])
    names = [short(bonds.open_name(visit.sealer, tie.bond)) for tie in fresh]
    enough = (Choice(wording.enough_button(_), Action(ROOM, "enough")),)
    visit.show(Message(wording.called(_, names), (enough, help_row(_))))


async def enough(visit: Visit, _argument: str) -> None:
    """They do not need it any more: what has left stays, and nothing is said again."""
    _, session, me = visit.gettext, visit.session, visit.person.key
    for row in await told.running_calls(session, me, visit.now - needing.WORTH_SENDING_FOR):
        row.review = ReviewState.ENOUGH
        await told.take_back(session, me, [row.about or ""], visit.now)
    visit.show(Message(wording.said_no_more(_), (help_row(_),)))


def _draft(tie: Tie, about: str) -> Draft:
    text = letters.need_you(safety(tie.to.person.language), again=False)
    return Draft(tie, Scope.NEED_YOU, about, text)


def _called_lately(visit: Visit, tie: Tie) -> bool:
    return any(entry.made_at > visit.now - AGAIN_NOT_BEFORE for entry in tie.entries(Scope.NEED_YOU))


async def _may_hear(visit: Visit) -> list[Tie]:
    [look] = await reading.read([visit])
    return [tie for tie in look.ties if Scope.NEED_YOU in tie.on]
