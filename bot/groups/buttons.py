"""The buttons under what stands in a group: by verb, what follows a press. Anybody there may press them."""

from collections.abc import Awaitable, Callable, Mapping

from bot.groups.pulse import board
from bot.groups.pulse.answers import answer
from bot.groups.visit import GroupVisit

# Given the visit, the argument of the button, and the platform's reference of who pressed it.
PressHandler = Callable[[GroupVisit, str, str], Awaitable[None]]

BUTTONS: Mapping[str, PressHandler] = {board.VERB: answer}
