"""The demo's bot process: the unchanged bot with a clock that can be moved.

Started by the demo as `python -m bot.demo.worker ISO-INSTANT`; all settings come from the environment.
"""

import asyncio
import sys
from datetime import datetime

from bot import log
from bot.demo.steering import Direct, add_steering
from bot.run import run_app
from bot.settings import read_settings
from scheduler.clock import SteerableClock


async def _work(start: datetime) -> None:
    clock = SteerableClock(start)
    await run_app(read_settings(), clock, prepare=lambda app: add_steering(app.web, Direct(app, clock)))


def main() -> None:
    """Run until told to stop."""
    log.configure()
    asyncio.run(_work(datetime.fromisoformat(sys.argv[1])))


if __name__ == "__main__":
    main()
