"""What the front remembers of an update that it answered, until the record is made."""

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.message import Message
from bot.escalation.rules import Outlook
from bot.escalation.screening.tiers import Tier


class Source(StrEnum):
    """By which way in a card was asked for."""

    COMMAND = "command"
    BUTTON = "button"
    TEXT = "text"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Alert:
    """An update that was answered here. It is recorded later, without a word of what was written.

    `words`: what was written says how somebody is, and is not only a call or the name of a country.
    `language` is that of the answer. `undelivered` is the answer to whoever wrote, `unsaid` the line for the
    group where they did, if no try got it through; the outbox then carries it on.
    """

    source: Source
    tier: Tier
    undelivered: Message | None = None
    unsaid: Message | None = None
    language: str = "en"
    outlook: Outlook = Outlook.OWN
    words: bool = False
