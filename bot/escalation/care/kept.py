"""What is typed for the care team is kept, also when it brought up a card: it is what they should know."""

from bot.conversation import dialogs
from bot.conversation.dialogs import Asked, Dialog, Finished, Reply
from bot.conversation.inbound import Event, Words
from bot.conversation.visit import Visit
from bot.escalation.care import letters, questions, wording
from bot.escalation.care.dialogs import DRAFT, QUESTION, WORDS
from bot.escalation.planning.planner import tongue


async def keep_answer(visit: Visit, event: Event) -> None:
    """Keep the words if they answer one of our questions. The card has been sent before."""
    stored = await visit.place()
    dialog = _open_dialog(stored[0]) if stored is not None else None
    if stored is None or dialog is None or not isinstance(event, Words):
        return
    if event.edited or event.forwarded or event.text.startswith("/"):
        return
    turn = dialogs.advance(dialog, stored[1], Reply(text=event.text), visit.context())
    if isinstance(turn, Asked):  # it was too long; the question says so and stays
        await visit.turn(dialog, turn)
    elif isinstance(turn, Finished):
        await visit.close()
        await _keep(visit, dialog, turn.answers[WORDS])
        visit.say(wording.kept_all_the_same(tongue(visit)))


def _open_dialog(name: str) -> Dialog | None:
    return next((dialog for dialog in (DRAFT, QUESTION) if dialog.name == name), None)


async def _keep(visit: Visit, dialog: Dialog, words: str) -> None:
    if dialog is DRAFT:
        await letters.keep(visit, words)
    else:
        await questions.keep(visit, words)
