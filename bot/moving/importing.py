"""`evenkeel import`: people out of a file, in bulk. Who is there is left alone, and bad lines are named."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.moving.arrivals import Arrival
from bot.moving.columns import BadLine
from bot.moving.lines import numbered
from bot.moving.reading import read_line
from bot.moving.settling import Address, known, settle
from bot.moving.trouble import is_of_data, told_plainly
from storage.database import Database
from storage.sealing import MasterKey

# A batch ends with so many people, or before so many bytes of their lines: years of doses take memory.
BATCH, BATCH_BYTES = 1_000, 16 * 2**20

Complain = Callable[[int, str], None]


@dataclass(slots=True)
class Tally:
    """How many lines became people, were there already, and were refused."""

    settled: int = 0
    known: int = 0
    refused: int = 0


async def take_in(
    file: Path, database: Database, master: MasterKey, now: datetime, complain: Complain
) -> Tally:
    """Take everybody in, so many at a time. `complain` hears of each bad line: its number, and why.

    Each batch is kept as a whole or not at all, so that a broken run is gone on with by running it again.
    Raises OSError for the file, and DatabaseUnusable.
    """
    hall = _Hall(database, master, now, complain)
    for batch in hall.arriving(file):
        with told_plainly():
            await hall.take(batch)
    return hall.tally


class _Numbered(NamedTuple):
    """Somebody who arrives, and the number of the line."""

    number: int
    arrival: Arrival


@dataclass(slots=True)
class _Hall:
    """Where people arrive."""

    database: Database
    master: MasterKey
    now: datetime
    complain: Complain
    tally: Tally = field(default_factory=Tally)

    def arriving(self, file: Path) -> Iterator[Sequence[_Numbered]]:
        """Those whose lines can be read, in batches."""
        batch: list[_Numbered] = []
        size = 0
        for number, line in numbered(file):
            size += len(line or b"")
            if batch and (len(batch) == BATCH or size > BATCH_BYTES):
                yield batch
                batch, size = [], len(line or b"")
            try:
                batch.append(_Numbered(number, _read(line)))
            except BadLine as error:
                self._refuse(number, str(error))
        if batch:
            yield batch

    async def take(self, batch: Sequence[_Numbered]) -> None:
        """One with a line that the database does not take is halved until the line is by itself."""
        try:
            new = await self._settle([each.arrival for each in batch])
        except Exception as error:
            if not is_of_data(error):
                raise
            if len(batch) == 1:
                self._refuse(batch[0].number, f"the database does not take it ({type(error).__name__})")
                return
        else:
            self.tally.settled += new
            self.tally.known += len(batch) - new
            return
        half = len(batch) // 2
        await self.take(batch[:half])
        await self.take(batch[half:])

    async def _settle(self, arrivals: Sequence[Arrival]) -> int:
        """How many of them are new. Of two at one address the first one is."""
        first: dict[Address, Arrival] = {}
        for arrival in arrivals:
            first.setdefault(arrival.address, arrival)
        async with self.database.transaction() as session:
            there = await known(session, first.keys())
            new = [arrival for address, arrival in first.items() if address not in there]
            await settle(session, self.master, new, self.now)
        return len(new)

    def _refuse(self, number: int, why: str) -> None:
        self.tally.refused += 1
        self.complain(number, why)


def _read(line: bytes | None) -> Arrival:
    if line is None:
        raise BadLine("too long")
    return read_line(line)
