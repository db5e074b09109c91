"""The crisis numbers of a country, for the rooms: they know nothing of the wing that keeps them."""

from datetime import date

from bot.conversation.catalogs import safety
from bot.conversation.message import Message
from bot.escalation import wording
from bot.escalation.lines.helplines import Helplines
from bot.escalation.rules import card_for
from bot.groups.numbers.rules import Numbers, Readers


def numbers_of(helplines: Helplines) -> Numbers:
    """What is said of a country in a group."""

    def said(country: str | None, language: str, today: date, readers: Readers) -> Message:
        _, facts = safety(language), card_for(helplines, country, today, language=language)
        if readers in {Readers.ONE, Readers.HELPER}:
            return wording.whispered(_, facts, worried=readers is Readers.HELPER)
        return wording.in_group(_, facts, all_lines=readers is Readers.BOARD)

    return said
