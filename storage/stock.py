"""Stock: how much of a medicine is left, from what the person counted and what was taken since."""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, NamedTuple

from sqlalchemy import delete
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, Exactly
from storage.doses import TAKEN_AROUND, Dose
from storage.sealing import Sealer
from storage.vocabulary import DoseState


class Stock(SQLModel, table=True):
    """What the person counted: `left` at the instant `counted_at`, of which every dose takes `per_dose`.

    Both in whatever the medicine is counted in, exact to three decimals. Sealed JSON: what a dose of a plan
    takes instead, by its amount in the person's words, as far as they said it. `lead_days`: how many days
    before it runs out they want to hear of it. `told_for` is the run-out date of which they heard last.
    """

    __tablename__: ClassVar[str] = "stock"

    regimen_id: int = Field(primary_key=True, foreign_key="regimen.id", sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    counted_at: datetime
    left: Decimal = Field(sa_type=Exactly)
    per_dose: Decimal = Field(sa_type=Exactly)
    lead_days: int
    told_for: date | None = None
    per_amount_sealed: bytes | None = None

    def after(self, used: Decimal) -> Decimal:
        """What is left after so much was used; never less than nothing."""
        return max(Decimal(0), self.left - used)


class Taken(NamedTuple):
    """How many doses of one amount of a regimen were taken; `step` and `turn` as those of a dose."""

    regimen_id: int
    version_id: int
    step: int | None
    turn: int | None
    doses: int


def seal_per_amount(sealer: Sealer, per_amount: Mapping[str, Decimal]) -> bytes | None:
    """What a dose of each amount takes, sealed; None for nothing."""
    if not per_amount:
        return None
    plain = {amount: str(number) for amount, number in per_amount.items()}
    return sealer.seal(Stock.__tablename__, "per_amount_sealed", json.dumps(plain))


def open_per_amount(sealer: Sealer, stock: Stock) -> dict[str, Decimal]:
    """What a dose of each amount takes, as far as it was said."""
    if stock.per_amount_sealed is None:
        return {}
    plain = json.loads(sealer.open(Stock.__tablename__, "per_amount_sealed", stock.per_amount_sealed))
    return {amount: Decimal(number) for amount, number in plain.items()}


async def put(session: AsyncSession, stock: Stock) -> Stock:
    """Keep what was counted now in place of what was counted before. Raises StatementError if not exact."""
    kept = await session.merge(stock)
    await session.flush()
    return kept


async def of_people(session: AsyncSession, person_ids: Collection[int]) -> list[Stock]:
    """Every stock of several people, in order of regimen."""
    query = select(Stock).where(col(Stock.person_id).in_(person_ids)).order_by(col(Stock.regimen_id))
    return list(await session.exec(query))


async def taken_since_counted(session: AsyncSession, regimen_ids: Collection[int]) -> list[Taken]:
    """How many doses of several regimens, of whatever kind, were taken since their stock was counted.

    Apart for each amount that they had. One that was taken at a time not known was taken when it was due.
    """
    amount = (col(Dose.regimen_id), col(Dose.version_id), col(Dose.step), col(Dose.turn))
    query = (
        select_columns(*amount, func.count())
        .join(Stock, col(Stock.regimen_id) == col(Dose.regimen_id))
        .where(col(Stock.regimen_id).in_(regimen_ids))
        .where(col(Dose.state) == DoseState.TAKEN, col(Stock.counted_at) < TAKEN_AROUND)
        .group_by(*amount)
    )
    rows = await (await session.connection()).execute(query)
    return [Taken(*row) for row in rows]


async def forget(session: AsyncSession, regimen_id: int) -> None:
    """The stock of a regimen is counted no longer."""
    await session.exec(delete(Stock).where(col(Stock.regimen_id) == regimen_id))
