"""What is left of the medicines of several people, read in a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.conversation.visit import Visit
from bot.medicines.shelf import Medicine, zone_of
from bot.medicines.stock_rules import run_out
from storage import stock
from storage.stock import Stock
from storage.vocabulary import RegimenState


@dataclass(frozen=True, slots=True)
class Supply:
    """A stock as it is now, and the first day without enough; None when it is not to be foreseen."""

    row: Stock
    left: Decimal
    runs_out: date | None


async def supplies(visits: Sequence[Visit], shelves: Sequence[Sequence[Medicine]]) -> dict[int, Supply]:
    """What is left, by regimen, of everything that is counted."""
    session, people = visits[0].session, [visit.person.key for visit in visits]
    rows = {row.regimen_id: row for row in await stock.of_people(session, people)}
    if not rows:
        return {}
    taken = await stock.taken_since_counted(session, list(rows))
    return {
        found.regimen.key: _supply(visit, found, rows[found.regimen.key], taken.get(found.regimen.key, 0))
        for visit, shelf in zip(visits, shelves, strict=True)
        for found in shelf
        if found.regimen.key in rows
    }


def _supply(visit: Visit, found: Medicine, row: Stock, taken: int) -> Supply:
    left = row.after(taken)
    if found.regimen.state is not RegimenState.ACTIVE:
        return Supply(row, left, None)
    day_ends = visit.context().day_ends
    zone = zone_of(visit, found.regimen)
    return Supply(row, left, run_out(found.course, zone, left, row.per_dose, visit.now, day_ends=day_ends))
