"""The rooms of the house, and /help, which lists what they offer."""

from bot.caregivers.handlers import ROOM as CAREGIVERS
from bot.caregivers.handlers import TELLING
from bot.checkins.handlers import ROOM as CHECKINS
from bot.conversation.catalogs import Gettext
from bot.conversation.help import help_row
from bot.conversation.message import Message
from bot.conversation.room import Command, Room
from bot.conversation.visit import Visit
from bot.doses.handlers import ROOM as DOSES
from bot.escalation.care.handlers import ROOM as CARE
from bot.escalation.gaps.wake import ROOM as GAPS
from bot.escalation.handlers import ROOM as ESCALATION
from bot.escalation.noticing.handlers import ROOM as NOTICES
from bot.escalation.sharing.handlers import ROOM as SHARING
from bot.groups.handlers import ROOM as GROUPS
from bot.medicines.handlers import ROOM as MEDICINES
from bot.people import wording
from bot.people.handlers import ROOM as PEOPLE
from bot.questionnaires.handlers import ROOM as QUESTIONNAIRES
from bot.reports.handlers import ROOM as REPORTS
from storage.vocabulary import PersonState


async def show_help(visit: Visit, _words: str) -> None:
    """Answer /help."""
    offered = summaries(visit.gettext)
    if visit.person.state is PersonState.GUEST:
        offered = [line for line in offered if _COMMANDS[line[0]].serves(PersonState.GUEST)]
    text = wording.help_text(visit.gettext, offered)
    visit.say(Message(text, (help_row(visit.gettext),)))


async def go(visit: Visit, command: str) -> None:
    """Answer the button that stands for a command."""
    if command in _COMMANDS:
        await _COMMANDS[command].handler(visit, "")


HELP = Room(
    name="help",
    commands={"help": Command(show_help, wording.help_summary, before_consent=True)},
    buttons={"go": go},
)

ROOMS: tuple[Room, ...] = (
    DOSES,
    CHECKINS,
    QUESTIONNAIRES,
    MEDICINES,
    PEOPLE,
    REPORTS,
    ESCALATION,
    NOTICES,
    GAPS,
    CARE,
    CAREGIVERS,
    TELLING,
    SHARING,
    GROUPS,
    HELP,
)

_COMMANDS = {name: command for room in ROOMS for name, command in room.commands.items()}
COMMANDS = frozenset(_COMMANDS)

# The order of the platform's menu: what is needed most often, then what is needed most.
_MENU = (
    "today", "sos", "worried", "plan", "care", "report", "add", "meds", "checkin", "mood", "usual", "phq",
    "streak", "undo", "caregivers", "needyou", "caring", "tell", "settings", "pause", "resume", "group",
    "privacy", "export", "delete", "help", "start", "cancel",
)  # fmt: skip


def summaries(_: Gettext) -> list[tuple[str, str]]:
    """Every command of the menu with its summary, in order."""
    offered = {name: command.summary(_) for name, command in _COMMANDS.items() if command.summary is not None}
    return [(name, offered[name]) for name in _MENU]
