"""Words to send to the care team. The person sends them; the bot never does."""

from dataclasses import replace
from typing import Any

from bot.conversation.visit import Visit
from bot.escalation.care import files, wording
from bot.escalation.care.dialogs import DRAFT, LANGUAGE, NOW, WORDS
from bot.escalation.care.draft import Draft
from bot.escalation.care.file import File
from bot.escalation.planning.planner import tongue


async def write(visit: Visit, _argument: str) -> None:
    """Show the draft, with a way to send it to each of the team."""
    draft = await _draft(visit, await files.own_file(visit))
    visit.show(wording.letter(tongue(visit), draft, await files.own_team(visit)))


async def _draft(visit: Visit, file: File) -> Draft:
    if file.draft:
        return Draft(file.draft, own=True)
    facts = await files.facts(visit)
    return Draft(wording.ready_words(tongue(visit), visit.person.language, facts, visit.today))


async def own_words(visit: Visit, _argument: str) -> None:
    """Ask for words of one's own."""
    now = (await files.own_file(visit)).draft or ""
    await visit.open(DRAFT, {LANGUAGE: visit.person.language, NOW: now})


async def end(visit: Visit, answers: dict[str, Any]) -> None:
    """Keep them; they are the draft from now on."""
    await keep(visit, answers[WORDS])
    visit.toast = wording.kept(tongue(visit))
    await write(visit, "")


async def ready_words(visit: Visit, _argument: str) -> None:
    """Back to the words that were ready; one's own are forgotten."""
    await keep(visit, None)
    await write(visit, "")


async def keep(visit: Visit, words: str | None) -> None:
    """Keep these words as the draft; None for the ready ones."""
    await files.keep(visit, replace(await files.own_file(visit), draft=words))
