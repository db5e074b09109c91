"""Evenkeel in a process of its own, as `evenkeel run` starts it, with a gauge inside.

`python -m tests.bench.worker <wish>` says when it is ready, and what it read when it was told to stop. It
measures from the first beat of the wake loop, or from SIGUSR1.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bot import log
from bot.app import App
from bot.roles import Role
from bot.run import run_app
from bot.settings import Settings
from scheduler.clock import Clock, SteerableClock, SystemClock
from scheduler.courier import Courier
from storage.outbox import OutboxState
from tests.bench.crowd import TOKEN
from tests.bench.gauge import Gauge, Reading, say, stand_still

LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Wish:
    """How it is to run.

    `until`: end after so many messages were delivered and settled, or after `patience` seconds; 0 runs until
    it is told to stop. `paced`: at Telegram's limits, else without any. `slots`: messages under way at once
    where there are no limits, if not as many as it comes with. `held`: wake and send nothing before SIGUSR1.
    `stalled`: seconds for which the loop stands still at the first beat. `ahead`: seconds by which its clock
    is fast; on SQLite only, because several workers go by the clock of their server.
    """

    database: str
    key: str
    sink: str
    until: int = 0
    patience: float = 120.0
    paced: bool = False
    beats: bool = True
    slots: int = 0
    held: bool = False
    role: str = Role.ALL.value
    stalled: float = 0.0
    ahead: float = 0.0

    def settings(self) -> Settings:
        """The settings of the process."""
        return Settings(
            telegram_token=SecretStr(TOKEN),
            telegram_api=self.sink,
            database_url=self.database,
            key_file=Path(self.key),
            http_listen="127.0.0.1:0",
        )

    def clock(self) -> Clock:
        """The machine's clock, or one that is fast."""
        own = SystemClock()
        return SteerableClock(own.now() + timedelta(seconds=self.ahead)) if self.ahead else own


class _Watch:
    """What stands beside the running app."""

    def __init__(self, wish: Wish, app: App) -> None:
        self._wish, self._courier = wish, app.courier
        self._gauge = Gauge(beats=wish.beats)
        self._go = asyncio.Event()
        self._reading: Reading | None = None
        self._woken = False
        if not wish.held:
            self._go.set()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._begin)
        self._hold(app)
        if not wish.paced:
            _without_pacing(app.courier, wish.slots)
        self._looking = asyncio.ensure_future(self._look())

    def _begin(self) -> None:
        self._gauge.begin()
        self._go.set()

    def _hold(self, app: App) -> None:
        """Nothing begins before `go`; without a hold the first beat of the wake loop is where we begin."""
        beat, run = app.wakes.beat, app.courier.run

        async def held_beat() -> None:
            await self._go.wait()
            if not self._woken and not self._wish.held:
                self._gauge.begin()
                stand_still(self._wish.stalled)
            self._woken = True
            await beat()

        async def held_run() -> None:
            await self._go.wait()
            await run()

        app.wakes.beat = held_beat  # type: ignore[method-assign]
        app.courier.run = held_run  # type: ignore[method-assign]

    async def _look(self) -> None:
        print(json.dumps({"ready": True}), flush=True)
        if not self._wish.until:
            return
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._wish.patience
        while self.delivered < self._wish.until and loop.time() < deadline:
            await asyncio.sleep(LOOK_SECONDS)
        self._reading = self._gauge.read(self.delivered)
        os.kill(os.getpid(), signal.SIGTERM)

    @property
    def delivered(self) -> int:
        """Messages that were accepted, and whose rows say so."""
        return self._courier.figures[OutboxState.DELIVERED]

    def end(self) -> None:
        """Say what was read."""
        say(self._reading or self._gauge.read(self.delivered), courier=self._courier.figures)


def _without_pacing(courier: Courier, slots: int) -> None:
    """The composition has no such wish, because nobody but a measurement may have it."""
    courier._pace._pacing, courier._ledger = None, None
    if slots:
        courier._flights._slots = slots


async def main(wish: Wish) -> None:
    """Run as the command does."""
    watches: list[_Watch] = []
    await run_app(
        wish.settings(), wish.clock(), lambda app: watches.append(_Watch(wish, app)), Role(wish.role)
    )
    watches[0].end()


if __name__ == "__main__":
    log.configure(logging.WARNING)
    asyncio.run(main(Wish(**json.loads(sys.argv[1]))))
