"""Moves people into an empty database and out of it again, in a process of its own, as the commands do.

`python -m tests.bench.mover <wish>`: {"database", "key", "file", "out"}.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bot import log
from bot.memory import look_seldom
from bot.moving.exporting import hand_over
from bot.moving.importing import take_in
from bot.vault import open_vault
from scheduler.clock import SystemClock
from tests.bench.gauge import Gauge, say


@dataclass(frozen=True, slots=True)
class Wish:
    """Where the people are, where they go, and where they are written down after that."""

    database: str
    key: str
    file: str
    out: str


async def main(wish: Wish) -> None:
    """What it read is of the way in; that of the way out goes with it."""
    vault = await open_vault(wish.database, Path(wish.key))
    house, now = (vault.database, vault.master), SystemClock().now()
    gauge = Gauge(beats=False)
    tally = await take_in(Path(wish.file), *house, now, _complain)
    way_in = gauge.read(tally.settled)
    gauge.begin()
    count = await hand_over(Path(wish.out), *house, now)
    way_out = gauge.read(count.people)
    await vault.close()
    say(way_in, out=asdict(way_out))


def _complain(number: int, why: str) -> None:
    raise AssertionError(f"line {number}: {why}")


if __name__ == "__main__":
    look_seldom()
    log.configure()  # to standard error: what goes to standard output is read
    asyncio.run(main(Wish(**json.loads(sys.argv[1]))))
