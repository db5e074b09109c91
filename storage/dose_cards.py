"""Dose cards: one reminder message each, which the outbox knows by a name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED


class DoseCard(SQLModel, table=True):
    """One reminder message with the doses that fell due together."""

    __tablename__ = "dose_card"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    made_at: datetime


def about_card(card_id: int | None) -> str:
    """The name of a card in the outbox."""
    return f"card:{card_id}"


def card_in(about: str | None) -> int | None:
    """The card of such a name; None for any other name."""
    kind, _, number = (about or "").partition(":")
    return int(number) if kind == "card" and number.isdigit() else None


_NEW_CARDS = insert(SQLModel.metadata.tables["dose_card"]).returning(
    col(DoseCard.person_id), col(DoseCard.id)
)


async def add(session: AsyncSession, person_ids: Sequence[int], now: datetime) -> list[int]:
    """A new card for each of these people, who are all different; their ids, in the same order."""
    rows = [{"person_id": person_id, "made_at": now} for person_id in person_ids]
    connection = await session.connection()
    # In any order, and matched here: in order SQLite would take them one by one.
    made: dict[int, int] = {row.person_id: row.id for row in await connection.execute(_NEW_CARDS, rows)}
    return [made[person_id] for person_id in person_ids]
