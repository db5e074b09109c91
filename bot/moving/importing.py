"""`evenkeel import`: people out of a file, in bulk. Who is there is left alone, and bad lines are named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.moving.arrivals import Arrival, read_line
from bot.moving.columns import BadLine
from bot.moving.settling import known, settle
from storage.database import Database
from storage.sealing import MasterKey

BATCH = 1_000


@dataclass(slots=True)
class Tally:
    """How many lines became people, were there already, and were refused."""

    settled: int = 0
    known: int = 0
    refused: int = 0


async def take_in(
    file: Path, database: Database, master: MasterKey, now: datetime, complain: Callable[[int, str], None]
) -> Tally:
    """Take everybody in, so many at a time. `complain` hears of each bad line: its number, and why.

    Each batch is kept as a whole or not at all, so that a broken run is gone on with by running it again.
    """
    tally = Tally()
    for batch in _batches(file, tally, complain):
        async with database.transaction() as session:
            there = await known(session, [arrival.address for arrival in batch])
            new = list({each.address: each for each in batch if each.address not in there}.values())
            await settle(session, master, new, now)
        tally.settled += len(new)
        tally.known += len(batch) - len(new)
    return tally


def _batches(file: Path, tally: Tally, complain: Callable[[int, str], None]) -> Iterator[list[Arrival]]:
    batch: list[Arrival] = []
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                batch.append(read_line(line))
            except BadLine as error:
                tally.refused += 1
                complain(number, str(error))
            if len(batch) >= BATCH:
                yield batch
                batch = []
    if batch:
        yield batch
