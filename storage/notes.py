"""Notes: what a person writes down with a dose, and the side effects they notice, sealed."""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED, word
from storage.doses import Dose
from storage.sealing import Sealer
from storage.vocabulary import DoseKind, DoseState, NoteKind


class DoseNote(SQLModel, table=True):
    """One note with a dose. `at` is when it was written down."""

    __tablename__: ClassVar[str] = "dose_note"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    dose_id: int = Field(foreign_key="dose.id", index=True, sa_type=LONG)
    kind: NoteKind = Field(default=NoteKind.NOTE, sa_type=word(NoteKind))
    at: datetime
    content_sealed: bytes

    @property
    def key(self) -> int:
        """The id of a stored note."""
        if self.id is None:
            raise ValueError("this note is not stored yet")
        return self.id


def seal_content(sealer: Sealer, words: str) -> bytes:
    """The words of a note, sealed."""
    return sealer.seal(DoseNote.__tablename__, "content_sealed", words)


def open_content(sealer: Sealer, note: DoseNote) -> str:
    """The words of a note."""
    return sealer.open(DoseNote.__tablename__, "content_sealed", note.content_sealed)


async def of_doses(
    session: AsyncSession, person_ids: Collection[int], dose_ids: Collection[int]
) -> list[DoseNote]:
    """The notes with some doses of these people, oldest first."""
    query = (
        select(DoseNote)
        .where(col(DoseNote.person_id).in_(person_ids), col(DoseNote.dose_id).in_(dose_ids))
        .order_by(col(DoseNote.at), col(DoseNote.id))
    )
    return list(await session.exec(query))


async def between(
    session: AsyncSession, person_id: int, first: date, last: date
) -> list[tuple[DoseNote, Dose]]:
    """A person's notes with doses of the days from `first` to `last`, both included, in order of day.

    An unplanned dose that was taken back is gone, and with it what was noted.
    """
    query = (
        select(DoseNote, Dose)
        .join(Dose, col(Dose.id) == DoseNote.dose_id)
        .where(or_(col(Dose.kind) == DoseKind.PLANNED, col(Dose.state) == DoseState.TAKEN))
        .where(DoseNote.person_id == person_id, col(Dose.slot_date).between(first, last))
        .order_by(col(Dose.slot_date), col(DoseNote.at), col(DoseNote.id))
    )
    return list(await session.exec(query))


async def owned(session: AsyncSession, person_id: int, note_id: int) -> DoseNote | None:
    """A note, if it is this person's."""
    query = select(DoseNote).where(DoseNote.id == note_id, DoseNote.person_id == person_id)
    return (await session.exec(query)).first()
