"""What a person wants to ask their care team."""

from typing import Any

from bot.conversation.visit import Visit
from bot.escalation.care import files, wording
from bot.escalation.care.dialogs import LANGUAGE, QUESTION, WORDS
from bot.escalation.care.file import MOST_QUESTIONS
from bot.escalation.planning.planner import tongue


async def show(visit: Visit, _argument: str) -> None:
    """List them, each to remove."""
    visit.show(wording.questions(tongue(visit), await files.own_file(visit)))


async def add(visit: Visit, _argument: str) -> None:
    """Ask for one more, while there is room."""
    if len((await files.own_file(visit)).questions) >= MOST_QUESTIONS:
        visit.toast = wording.questions_full(tongue(visit))
        await show(visit, "")
    else:
        await visit.open(QUESTION, {LANGUAGE: visit.person.language})


async def remove(visit: Visit, argument: str) -> None:
    """Take one out."""
    file = await files.own_file(visit)
    left = file.without_question(argument)
    visit.toast = wording.gone(tongue(visit)) if left == file else wording.removed(tongue(visit))
    await files.keep(visit, left)
    await show(visit, "")


async def end(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep the question."""
    await keep(visit, answers[WORDS])
    visit.toast = wording.kept(tongue(visit))
    await show(visit, "")


async def keep(visit: Visit, words: str) -> None:
    """Keep one question more."""
    await files.keep(visit, (await files.own_file(visit)).with_question(words))
