"""The help button: the same one on every menu and every check-in."""

from bot.conversation import wording
from bot.conversation.catalogs import Gettext
from bot.conversation.message import SOS, Choice


def help_row(_: Gettext) -> tuple[Choice, ...]:
    """A row with the help button. It works for anybody, in any state, without a database."""
    return (Choice(wording.help_now(_), SOS),)
