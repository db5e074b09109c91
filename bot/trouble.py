"""What can keep the bot from running and is no error of the program: said in one plain line."""

from bot.conversation.catalogs import CatalogUnusable
from bot.escalation.lines.helplines import HelplinesUnusable
from bot.receiving import AlreadyPolled
from bot.telegram.outcomes import TokenRefused
from bot.telegram.receiver import SecondPoller
from bot.vault import InUse
from bot.web.listening import PortTaken
from storage.database import DatabaseUnusable
from storage.sealing import KeyUnusable
from storage.tombstones import StonesUnwritable

PLAIN_TROUBLE = (
    AlreadyPolled,
    CatalogUnusable,
    HelplinesUnusable,
    PortTaken,
    TokenRefused,
    SecondPoller,
    InUse,
    DatabaseUnusable,
    KeyUnusable,
    StonesUnwritable,
)
