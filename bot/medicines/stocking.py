"""What is left of the medicines of several people, read in a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.conversation.visit import Visit
from bot.medicines.plan_rules import SaidPlan
from bot.medicines.shelf import Medicine, zone_of
from bot.medicines.stock_rules import Takes, run_out
from scheduler.timing import UNBOUNDED
from storage import plans, stock
from storage.plans import RegimenStep
from storage.stock import Stock, Taken
from storage.vocabulary import RegimenState


@dataclass(frozen=True, slots=True)
class Supply:
    """A stock as it is now, and the first day without enough; None when it is not to be foreseen.

    `per_amount`: what a dose takes, by its amount in a plan, as far as that was said.
    """

    row: Stock
    left: Decimal
    runs_out: date | None
    per_amount: Mapping[str, Decimal] = field(default_factory=dict)

    def unsaid(self, amounts: Iterable[str]) -> list[str]:
        """Of several amounts, those of which nobody said what a dose takes."""
        return [amount for amount in amounts if amount not in self.per_amount]


async def supplies(visits: Sequence[Visit], shelves: Sequence[Sequence[Medicine]]) -> dict[int, Supply]:
    """What is left, by regimen, of everything that is counted."""
    session, people = visits[0].session, [visit.person.key for visit in visits]
    rows = {row.regimen_id: row for row in await stock.of_people(session, people)}
    if not rows:
        return {}
    taken: dict[int, list[Taken]] = defaultdict(list)
    for each in await stock.taken_since_counted(session, list(rows)):
        taken[each.regimen_id].append(each)
    in_plans = {each.version_id for of_one in taken.values() for each in of_one if each.step is not None}
    steps = await plans.of_versions(session, list(in_plans)) if in_plans else {}
    return {
        found.regimen.key: _supply(visit, found, rows[found.regimen.key], taken[found.regimen.key], steps)
        for visit, shelf in zip(visits, shelves, strict=True)
        for found in shelf
        if found.regimen.key in rows
    }


def _supply(
    visit: Visit,
    found: Medicine,
    row: Stock,
    taken: Iterable[Taken],
    steps: Mapping[int, Sequence[RegimenStep]],
) -> Supply:
    said = stock.open_per_amount(visit.sealer, row)
    used = sum((each.doses * _took(visit, row, said, each, steps) for each in taken), Decimal(0))
    left = row.after(used)
    if found.regimen.state is not RegimenState.ACTIVE:
        return Supply(row, left, None, said)
    runs_out = run_out(
        found.course,
        zone_of(visit, found.regimen),
        left,
        _takes(row, said, found.plan),
        visit.now,
        day_ends=visit.context().day_ends,
        bounds=found.bounds if found.plan is None else UNBOUNDED,
    )
    return Supply(row, left, runs_out, said)


def _took(
    visit: Visit,
    row: Stock,
    said: Mapping[str, Decimal],
    each: Taken,
    steps: Mapping[int, Sequence[RegimenStep]],
) -> Decimal:
    """What one of the doses took that were taken: by the amount that it had then."""
    if each.step is None or each.version_id not in steps:
        return row.per_dose
    amounts = plans.open_amounts(visit.sealer, steps[each.version_id][each.step])
    return said.get(amounts[each.turn or 0], row.per_dose)


def _takes(row: Stock, said: Mapping[str, Decimal], plan: SaidPlan | None) -> Takes:
    steps = plan.steps if plan is not None else ()
    by_step = [[said.get(amount, row.per_dose) for amount in step.amounts] for step in steps]
    return Takes(row.per_dose, by_step)
