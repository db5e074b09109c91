"""The caregiver's side of telling: the answer is the same whether anybody hears it or not."""

from typing import Any

from bot.caregivers.helping import leave, rules, wording
from bot.caregivers.helping.dialogs import NAME, PEOPLE, TELLING, WHOM, WORDS
from bot.conversation import dialogs
from bot.conversation.dialogs import Asked, Reply
from bot.conversation.message import Message
from bot.conversation.visit import Visit
from storage import caring, words
from storage.bonds import ROOM
from storage.caring import Caring
from storage.vocabulary import Scope
from storage.words import CaregiverWord


async def begin(visit: Visit, said: str) -> None:
    """Answer /tell; what stands behind the command is what they want to tell."""
    rows = await caring.of_caregiver(visit.session, visit.person.key)
    if not rows:
        visit.say(Message(wording.nobody(visit.gettext)))
        return
    free = [row for row in rows if rules.one_more(row.telling_since, row.tellings, visit.now)]
    if not free:
        visit.say(Message(wording.enough_for_today(visit.gettext, rules.MOST_TELLINGS)))
        return
    people = [[row.key, caring.open_name(visit.sealer, row)] for row in free]
    asked = dialogs.begin(TELLING, visit.context(), {PEOPLE: people})
    if len(people) == 1:
        asked = _onward(visit, asked, Reply(option=str(people[0][0])))
        asked = _onward(visit, asked, Reply(text=said)) if said else asked
    visit.press = None
    await visit.turn(TELLING, asked)


async def press(visit: Visit, _argument: str) -> None:
    """The button of /caring."""
    await begin(visit, "")


def _onward(visit: Visit, asked: Asked, reply: Reply) -> Asked:
    """The next question, where the answer is known already."""
    turn = dialogs.advance(TELLING, asked.place, reply, visit.context())
    return turn if isinstance(turn, Asked) else asked


async def tell(visit: Visit, answers: dict[str, Any]) -> None:
    """They meant it. Who does not listen any more, for whatever reason, does not get it."""
    _, row = visit.gettext, await caring.owned(visit.session, visit.person.key, answers[WHOM])
    if row is None:
        visit.show(Message(wording.left_unsaid(_)))
        return
    counted = rules.one_more(row.telling_since, row.tellings, visit.now)
    if counted is None:
        visit.show(Message(wording.enough_for_today(_, rules.MOST_TELLINGS)))
        return
    row.telling_since, row.tellings = counted
    await _pass_on(visit, row, answers[WORDS])
    visit.show(Message(wording.thanks(_, answers[NAME])))


async def _pass_on(visit: Visit, row: Caring, text: str) -> None:
    found = await leave.given(visit, row, Scope.MAY_TELL)
    if found is None:
        return
    host = found.host
    sealed = words.seal_text(host.sealer, text)
    visit.session.add(
        CaregiverWord(person_id=host.person.key, bond_id=found.bond.key, text_sealed=sealed, at=visit.now)
    )
    host.wake(ROOM, visit.now)
