"""The bot as it is, in a process of its own; with `hung` its wake loop and its courier never come back.

Started by the stage as `python -m tests.drill.worker [hung]`; settings come from the environment.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot import log
from bot.app import App
from bot.run import run_app
from bot.settings import read_settings
from scheduler.clock import SystemClock


async def _for_ever() -> None:
    await asyncio.Event().wait()


def _hang(app: App) -> None:
    app.wakes.beat = _for_ever  # type: ignore[method-assign]
    app.courier.round = _for_ever  # type: ignore[method-assign]


def _leave(_: App) -> None:
    pass


if __name__ == "__main__":
    log.configure()
    settings = read_settings(env_file=Path(os.devnull))
    asyncio.run(run_app(settings, SystemClock(), prepare=_hang if "hung" in sys.argv else _leave))
