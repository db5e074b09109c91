"""Telegram's Bot API on this machine: for the demo, the tests and the benchmarks."""

from bot.standin.server import Serving, StandIn, serve
from bot.standin.timemachine import TimeMachine

__all__ = ["Serving", "StandIn", "TimeMachine", "serve"]
