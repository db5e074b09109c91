"""The demo's bot process: the unchanged bot with a clock that can be moved.

Started by the demo as `python -m bot.demo.worker ISO-INSTANT`; all settings come from the environment.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from bot import log
from bot.demo.steering import Direct, add_steering
from bot.run import run_app
from bot.settings import read_settings
from scheduler.clock import SteerableClock


async def _work(start: datetime) -> None:
    clock = SteerableClock(start)
    settings = read_settings(env_file=Path(os.devnull))  # the demo says everything in the environment
    watching = asyncio.create_task(_end_with_the_demo(os.getppid()))
    await run_app(settings, clock, prepare=lambda app: add_steering(app.web, Direct(app, clock)))
    watching.cancel()


async def _end_with_the_demo(parent: int) -> None:
    """A demo that was killed leaves no bot behind."""
    while os.getppid() == parent:  # noqa: ASYNC110 - the end of a parent sends no event
        await asyncio.sleep(1.0)
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Run until told to stop."""
    log.configure()
    asyncio.run(_work(datetime.fromisoformat(sys.argv[1])))


if __name__ == "__main__":
    main()
