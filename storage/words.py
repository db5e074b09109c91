"""Words of caregivers to the record of a person: the caregiver tells, and sees nothing."""

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, NamedTuple

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bonds
from storage.bonds import Bond
from storage.columns import LONG, NEVER_REUSED, word
from storage.sealing import Sealer
from storage.vocabulary import WordState


class CaregiverWord(SQLModel, table=True):
    """Something a caregiver told, sealed with the person's key. `shown_at`: when the person was shown it."""

    __tablename__: ClassVar[str] = "caregiver_word"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    bond_id: int = Field(foreign_key="bond.id", index=True, sa_type=LONG)
    text_sealed: bytes
    at: datetime
    state: WordState = Field(default=WordState.NEW, sa_type=word(WordState))
    shown_at: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored word."""
        if self.id is None:
            raise ValueError("this word is not stored yet")
        return self.id


class SaidWord(NamedTuple):
    """A word as it is shown: when it was told, by whom (empty where they have no name), and what."""

    at: datetime
    by: str
    text: str


def seal_text(sealer: Sealer, text: str) -> bytes:
    """What was told, sealed with the person's key."""
    return sealer.seal(CaregiverWord.__tablename__, "text_sealed", text)


def open_text(sealer: Sealer, row: CaregiverWord) -> str:
    """What was told."""
    return sealer.open(CaregiverWord.__tablename__, "text_sealed", row.text_sealed)


async def unshown(session: AsyncSession, person_ids: Collection[int]) -> dict[int, list[CaregiverWord]]:
    """What was told to several people and not shown to them yet, by person, oldest first."""
    query = select(CaregiverWord).where(col(CaregiverWord.person_id).in_(person_ids))
    query = query.where(col(CaregiverWord.shown_at).is_(None)).order_by(col(CaregiverWord.id))
    found: dict[int, list[CaregiverWord]] = {}
    for row in await session.exec(query):
        found.setdefault(row.person_id, []).append(row)
    return found


async def kept(
    session: AsyncSession, sealer: Sealer, person_id: int, since: datetime, until: datetime
) -> list[SaidWord]:
    """What a person kept of what they were told from `since` to before `until`, oldest first."""
    query = (
        select(CaregiverWord, Bond)
        .join(Bond, col(Bond.id) == CaregiverWord.bond_id)
        .where(CaregiverWord.person_id == person_id, CaregiverWord.state == WordState.KEPT)
        .where(col(CaregiverWord.at) >= since, col(CaregiverWord.at) < until)
        .order_by(col(CaregiverWord.at), col(CaregiverWord.id))
    )
    return [
        SaidWord(row.at, bonds.open_name(sealer, bond).spoken, open_text(sealer, row))
        for row, bond in await session.exec(query)
    ]


async def forget(session: AsyncSession, keys: Collection[int]) -> None:
    """Nothing is left of these words."""
    await session.exec(delete(CaregiverWord).where(col(CaregiverWord.id).in_(keys)))


async def owned(session: AsyncSession, person_id: int, key: int) -> CaregiverWord | None:
    """A word, if it was told to this person."""
    query = select(CaregiverWord).where(CaregiverWord.id == key, CaregiverWord.person_id == person_id)
    return (await session.exec(query)).first()
