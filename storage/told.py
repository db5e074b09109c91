"""Told: the person's log of what a caregiver was sent about them, word for word, and whether it arrived."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from sqlalchemy import bindparam, update
from sqlalchemy import select as select_columns
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bonds import Bond
from storage.columns import LONG, NEVER_REUSED, word
from storage.outbox import OutboxRow, OutboxState
from storage.sealing import Sealer
from storage.vocabulary import ReviewState, Scope


class Told(SQLModel, table=True):
    """One message to a caregiver, as the caregiver reads it. `about` names what it speaks of.

    `marks_sealed`: the styles of its words, as long as the person is asked first; whoever writes it knows
    their form. `outbox_id` is the message; what became of it is read there, and is in `outcome` once that row
    is gone.
    """

    __tablename__: ClassVar[str] = "told"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    bond_id: int = Field(foreign_key="bond.id", index=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    kind: Scope = Field(sa_type=word(Scope))
    about: str | None = None
    text_sealed: bytes
    made_at: datetime
    marks_sealed: bytes | None = None
    review: ReviewState | None = Field(default=None, sa_type=word(ReviewState))
    review_until: datetime | None = None
    outbox_id: int | None = Field(default=None, index=True, sa_type=LONG)
    outcome: OutboxState | None = Field(default=None, sa_type=word(OutboxState))
    acknowledged_at: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored row."""
        if self.id is None:
            raise ValueError("this row is not stored yet")
        return self.id


def seal_text(sealer: Sealer, text: str) -> bytes:
    """The words of a message, sealed with the person's key."""
    return sealer.seal(Told.__tablename__, "text_sealed", text)


def open_text(sealer: Sealer, row: Told) -> str:
    """The words of a message."""
    return sealer.open(Told.__tablename__, "text_sealed", row.text_sealed)


def seal_marks(sealer: Sealer, marks: str) -> bytes:
    """The styles of a message, sealed like its words."""
    return sealer.seal(Told.__tablename__, "marks_sealed", marks)


def open_marks(sealer: Sealer, row: Told) -> str | None:
    """The styles of a message; None when it has none."""
    if row.marks_sealed is None:
        return None
    return sealer.open(Told.__tablename__, "marks_sealed", row.marks_sealed)


async def of_bonds(session: AsyncSession, keys: Collection[int]) -> list[Told]:
    """What was sent by these bonds, oldest first."""
    query = select(Told).where(col(Told.bond_id).in_(keys)).order_by(col(Told.id))
    return list(await session.exec(query))


async def since(session: AsyncSession, keys: Collection[int], at: datetime) -> list[Told]:
    """What was sent by these bonds from an instant on, or waits for the person's word; oldest first."""
    query = select(Told).where(col(Told.bond_id).in_(keys), Told.made_at >= at).order_by(col(Told.id))
    return list(await session.exec(query))


async def page(session: AsyncSession, bond_id: int, count: int, before: int | None = None) -> list[Told]:
    """The newest so many of a bond, newest first; those older than the row `before`, if one is given."""
    query = select(Told).where(Told.bond_id == bond_id)
    if before is not None:
        query = query.where(col(Told.id) < before)
    return list(await session.exec(query.order_by(col(Told.id).desc()).limit(count)))


async def owned(session: AsyncSession, person_id: int, key: int) -> Told | None:
    """A row, if it tells of this person."""
    return (await session.exec(select(Told).where(Told.id == key, Told.person_id == person_id))).first()


async def acknowledge(session: AsyncSession, key: int, caregiver_id: int, now: datetime) -> int | None:
    """The caregiver has seen it: once, and only what was written to them. Whose log it is in, if so."""
    theirs = select(Bond.id).where(Bond.caregiver_id == caregiver_id)
    mine = (col(Told.id) == key, col(Told.bond_id).in_(theirs), col(Told.acknowledged_at).is_(None))
    seen = update(Told).where(*mine).values(acknowledged_at=now).returning(col(Told.person_id))
    found = (await session.exec(seen)).first()
    return found[0] if found is not None else None


async def acknowledge_about(session: AsyncSession, bond_id: int, about: str, now: datetime) -> None:
    """The caregiver did something about this thing: what they were told of it counts as seen."""
    of_it = (col(Told.bond_id) == bond_id, col(Told.about) == about, col(Told.acknowledged_at).is_(None))
    await session.exec(update(Told).where(*of_it).values(acknowledged_at=now))


async def running_calls(session: AsyncSession, person_id: int, since: datetime) -> list[Told]:
    """What the person sent by their own tap since an instant, that nobody has seen yet."""
    calls = select(Told).where(
        Told.person_id == person_id, Told.kind == Scope.NEED_YOU, Told.made_at >= since
    )
    return list(await session.exec(calls.where(col(Told.acknowledged_at).is_(None)).order_by(col(Told.id))))


# Built once: building it again for every dose that is recorded would cost more than the look.
_ABOUT = select(Told).where(
    Told.person_id == bindparam("person"), col(Told.about).in_(bindparam("things", expanding=True))
)


async def take_back(session: AsyncSession, person_id: int, about: Collection[str], now: datetime) -> None:
    """What would be told about these things is no longer so: what has not left does not leave.

    For nearly everybody it is one look at an index.
    """
    for row in await session.exec(_ABOUT, params={"person": person_id, "things": list(about)}):
        if row.review is ReviewState.WAITING:
            row.review = ReviewState.DROPPED
        elif row.outbox_id is not None and row.outcome is None:
            waits = (col(OutboxRow.id) == row.outbox_id, col(OutboxRow.state) == OutboxState.PENDING)
            gone = update(OutboxRow).where(*waits).values(state=OutboxState.SUPERSEDED, settled_at=now)
            if (await session.exec(gone.returning(col(OutboxRow.id)))).first() is not None:
                row.outcome = OutboxState.SUPERSEDED


async def outcomes(session: AsyncSession, rows: Collection[Told]) -> dict[int, OutboxState]:
    """What became of messages, by the id of the log's row; of those never posted nothing."""
    posted = {row.outbox_id: row for row in rows if row.outbox_id is not None and row.outcome is None}
    query = select(OutboxRow.id, OutboxRow.state).where(col(OutboxRow.id).in_(posted))
    found = {row.id: row.outcome for row in rows if row.id is not None and row.outcome is not None}
    for key, state in await session.exec(query):
        if key is not None and (row := posted[key]).id is not None:
            found[row.id] = OutboxState(state)
    return found


async def keep_outcomes(session: AsyncSession, before: datetime) -> None:
    """Copy what became of messages whose rows are about to be forgotten, settled before an instant."""
    await _copy(session, col(OutboxRow.settled_at) < before)


async def keep_outcomes_of(session: AsyncSession, caregiver_id: int) -> None:
    """Copy what became of the messages to a caregiver who is erased."""
    await _copy(session, col(OutboxRow.person_id) == caregiver_id)


async def _copy(session: AsyncSession, which: object) -> None:
    mine = col(OutboxRow.id) == col(Told.outbox_id)
    state = select_columns(col(OutboxRow.state)).where(mine).scalar_subquery()
    there = select_columns(col(OutboxRow.id)).where(which, col(OutboxRow.consent_id).is_not(None))  # type: ignore[arg-type]
    where = (col(Told.outcome).is_(None), col(Told.outbox_id).in_(there))
    await session.exec(update(Told).where(*where).values(outcome=state))
