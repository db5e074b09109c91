"""Typing a delay or a time of the day that no button has."""

from typing import Any

from bot.caregivers.scoping import choices, page, wording
from bot.caregivers.scoping.dialogs import SETTING
from bot.conversation.visit import Visit


async def ask(visit: Visit, argument: str) -> None:
    """The person wants another one than the buttons offer."""
    draft = choices.read(argument)
    if draft is None or await page.owned(visit, str(draft.bond)) is None:
        visit.toast = wording.no_longer(visit.gettext)
        return
    await visit.open(SETTING, {"draft": argument})


async def typed(visit: Visit, answers: dict[str, Any]) -> None:
    """Show it with its preview: nothing is switched on by typing."""
    draft = choices.read(answers["draft"])
    if draft is not None:
        await page.scope(visit, draft.with_delay(answers["delay"]).argument())
