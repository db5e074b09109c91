"""Commands and taps of the questionnaires."""

from bot.conversation.facts import QuestionnaireAnswered
from bot.conversation.help import help_row
from bot.conversation.message import Action, Choice, Message
from bot.conversation.room import Command, Room
from bot.conversation.visit import Visit
from bot.questionnaires import card, wake, wording
from bot.questionnaires.instrument import INSTRUMENTS, next_item
from storage import questionnaires
from storage.questionnaires import Questionnaire
from storage.vocabulary import CheckinState


async def offer(visit: Visit, _words: str) -> None:
    """Go on with an open questionnaire, or offer to begin one."""
    _ = visit.gettext
    if visit.calm:
        visit.say(Message(wording.resting_now(_), (help_row(_),)))
        return
    still = await questionnaires.open_of_people(visit.session, [visit.person.key])
    if still and card.is_current(still[-1]):
        visit.say(card.question(visit, still[-1]))
        return
    buttons = [
        (Choice(wording.take(_, instrument), Action(card.ROOM, "begin", key)),)
        for key, instrument in INSTRUMENTS.items()
    ]
    if visit.person.phq is not None:
        buttons.append((Choice(wording.no_more(_), Action(card.ROOM, "every", "no")),))
    visit.say(Message(wording.offer(_), (*buttons, help_row(_))))


async def begin(visit: Visit, argument: str) -> None:
    """The first item of a new questionnaire, as a message of its own, which can be found and closed later."""
    instrument = INSTRUMENTS[argument]
    row = await wake.begin(visit, instrument)
    visit.show(Message(wording.begun(visit.gettext, instrument)))
    visit.say(card.question(visit, row))
    await wake.wake([visit])


async def tap(visit: Visit, argument: str) -> None:
    """One answer: "12.0.3" is questionnaire 12, first item, the fourth choice."""
    key, item, value = map(int, argument.split("."))
    row = await _open(visit, key)
    if row is None:
        return
    answers = card.answers_of(visit, row)
    if item != next_item(card.instrument_of(row), answers):
        visit.toast = wording.moved_on(visit.gettext)
        return
    card.keep(visit, row, [*answers, value])
    if row.state is CheckinState.DONE:
        visit.tell(QuestionnaireAnswered())
    visit.show(card.question(visit, row))


async def back(visit: Visit, argument: str) -> None:
    """Take the last answer back: "12.3" stands under the fourth item of questionnaire 12."""
    key, item = map(int, argument.split("."))
    row = await _open(visit, key)
    if row is None:
        return
    answers = card.answers_of(visit, row)
    if item != len(answers):
        visit.toast = wording.moved_on(visit.gettext)
        return
    card.keep(visit, row, answers[:-1])
    visit.show(card.question(visit, row))


async def aside(visit: Visit, argument: str) -> None:
    """Not now. It stays open, with what was answered, until it closes by itself."""
    row = await _open(visit, int(argument))
    if row is not None:
        visit.show(Message(wording.set_aside(visit.gettext), about=card.about(row)))


async def every(visit: Visit, argument: str) -> None:
    """Every two weeks from now on, or not by ourselves any more."""
    instrument = INSTRUMENTS.get(argument)
    visit.person.phq = argument if instrument is not None else None
    visit.person.phq_since = visit.now
    _ = visit.gettext
    visit.show(Message(wording.comes(_, instrument) if instrument else wording.comes_no_more(_)))
    await wake.wake([visit])


async def hold_back(visit: Visit) -> None:
    """React to calm hours or a pause: a question that has not left yet does not leave."""
    for row in await questionnaires.open_of_people(visit.session, [visit.person.key]):
        visit.supersede(card.about(row))


async def _open(visit: Visit, key: int) -> Questionnaire | None:
    row = await questionnaires.owned(visit.session, visit.person.key, key)
    if row is None or row.state is not CheckinState.OPEN or not card.is_current(row):
        visit.toast = wording.is_closed(visit.gettext)
        return None
    return row


ROOM = Room(
    name=card.ROOM,
    commands={"phq": Command(offer, wording.summary)},
    buttons={"begin": begin, "tap": tap, "item9": tap, "back": back, "aside": aside, "every": every},
    wake=wake.wake,
)
