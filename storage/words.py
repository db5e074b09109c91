"""Words of caregivers to the record of a person: the caregiver tells, and sees nothing."""

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED, word
from storage.sealing import Sealer
from storage.vocabulary import WordState


class CaregiverWord(SQLModel, table=True):
    """Something a caregiver told, sealed with the person's key."""

    __tablename__: ClassVar[str] = "caregiver_word"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    bond_id: int = Field(foreign_key="bond.id", index=True, sa_type=LONG)
    text_sealed: bytes
    at: datetime
    state: WordState = Field(default=WordState.NEW, sa_type=word(WordState))

    @property
    def key(self) -> int:
        """The id of a stored word."""
        if self.id is None:
            raise ValueError("this word is not stored yet")
        return self.id


def seal_text(sealer: Sealer, text: str) -> bytes:
    """What was told, sealed with the person's key."""
    return sealer.seal(CaregiverWord.__tablename__, "text_sealed", text)


def open_text(sealer: Sealer, row: CaregiverWord) -> str:
    """What was told."""
    return sealer.open(CaregiverWord.__tablename__, "text_sealed", row.text_sealed)


async def of_person(session: AsyncSession, person_id: int) -> list[CaregiverWord]:
    """Everything that caregivers told a person's record, oldest first."""
    query = select(CaregiverWord).where(CaregiverWord.person_id == person_id)
    return list(await session.exec(query.order_by(col(CaregiverWord.id))))


async def owned(session: AsyncSession, person_id: int, key: int) -> CaregiverWord | None:
    """A word, if it was told to this person."""
    query = select(CaregiverWord).where(CaregiverWord.id == key, CaregiverWord.person_id == person_id)
    return (await session.exec(query)).first()
