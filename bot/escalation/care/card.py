"""/care: the card with everything about the team."""

from bot.conversation.visit import Visit
from bot.escalation.care import files, wording
from bot.escalation.planning.planner import tongue


async def show(visit: Visit, _argument: str) -> None:
    """Show the card."""
    file, team = await files.own_file(visit), await files.own_team(visit)
    visit.show(wording.card(tongue(visit), visit.person.language, file, team, visit.today))
