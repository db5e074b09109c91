"""The crisis numbers of a country, for the rooms: they know nothing of the wing that keeps them."""

from datetime import date

from bot.conversation.catalogs import safety
from bot.conversation.message import Message
from bot.escalation import wording
from bot.escalation.lines.helplines import Helplines
from bot.escalation.rules import card_for
from bot.groups.numbers.rules import Numbers


def numbers_of(helplines: Helplines) -> Numbers:
    """What is said of a country to everybody in a group."""

    def said(country: str | None, language: str, today: date, all_lines: bool) -> Message:
        facts = card_for(helplines, country, today, language=language)
        return wording.in_group(safety(language), facts, all_lines=all_lines)

    return said
