"""Buttons that lead from a group to the private chat. Who taps them shows nowhere."""

from bot.conversation.message import Choice, Choices, Link
from bot.groups import wording
from bot.groups.visit import GroupVisit

PRIVATE = "hello"  # what follows /start when somebody came by a link from a group for themselves


def private_row(visit: GroupVisit) -> Choices:
    """The button for everybody; nothing while nobody knows the address."""
    url = visit.way(PRIVATE)
    return ((Choice(wording.in_private(visit.gettext), Link(url)),),) if url is not None else ()
