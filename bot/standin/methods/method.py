"""What every method of the Bot API is: the world and the parameters in, the `result` out."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.standin.parameters import Parameters
from bot.standin.world import World

Method = Callable[[World, Parameters], Awaitable[Any]]
