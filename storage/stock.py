"""Stock: how much of a medicine is left, from what the person counted and what was taken since."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, Exactly
from storage.doses import TAKEN_AROUND, Dose
from storage.vocabulary import DoseState


class Stock(SQLModel, table=True):
    """What the person counted: `left` at the instant `counted_at`, of which every dose takes `per_dose`.

    Both in whatever the medicine is counted in, exact to three decimals. `lead_days`: how many days before it
    runs out they want to hear of it. `told_for` is the run-out date of which they heard last.
    """

    __tablename__: ClassVar[str] = "stock"

    regimen_id: int = Field(primary_key=True, foreign_key="regimen.id", sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    counted_at: datetime
    left: Decimal = Field(sa_type=Exactly)
    per_dose: Decimal = Field(sa_type=Exactly)
    lead_days: int
    told_for: date | None = None

    def after(self, taken: int) -> Decimal:
        """What is left after so many doses; never less than nothing."""
        return max(Decimal(0), self.left - self.per_dose * taken)


async def put(session: AsyncSession, stock: Stock) -> Stock:
    """Keep what was counted now in place of what was counted before. Raises StatementError if not exact."""
    kept = await session.merge(stock)
    await session.flush()
    return kept


async def of_people(session: AsyncSession, person_ids: Collection[int]) -> list[Stock]:
    """Every stock of several people, in order of regimen."""
    query = select(Stock).where(col(Stock.person_id).in_(person_ids)).order_by(col(Stock.regimen_id))
    return list(await session.exec(query))


async def taken_since_counted(session: AsyncSession, regimen_ids: Collection[int]) -> dict[int, int]:
    """How many doses of several regimens, of whatever kind, were taken since their stock was counted.

    One that was taken at a time not known was taken when it was due. Without such a dose there is no entry.
    """
    query = (
        select(col(Dose.regimen_id), func.count())
        .join(Stock, col(Stock.regimen_id) == Dose.regimen_id)
        .where(col(Stock.regimen_id).in_(regimen_ids))
        .where(Dose.state == DoseState.TAKEN, Stock.counted_at < TAKEN_AROUND)
        .group_by(col(Dose.regimen_id))
    )
    return dict((await session.exec(query)).all())


async def forget(session: AsyncSession, regimen_id: int) -> None:
    """The stock of a regimen is counted no longer."""
    await session.exec(delete(Stock).where(col(Stock.regimen_id) == regimen_id))
