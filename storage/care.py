"""The care team: who belongs to it, and what is planned with it, sealed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED
from storage.sealing import Sealer


class CareContact(SQLModel, table=True):
    """Somebody who treats the person. Sealed JSON: name, role, phone and e-mail, or neither."""

    __tablename__: ClassVar[str] = "care_contact"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    content_sealed: bytes

    @property
    def key(self) -> int:
        """The id of a stored contact."""
        if self.id is None:
            raise ValueError("this contact is not stored yet")
        return self.id


class CareFile(SQLModel, table=True):
    """What is planned with the care team. `bot/escalation/care/` says what the sealed JSON holds."""

    __tablename__: ClassVar[str] = "care_file"

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=LONG)
    content_sealed: bytes
    changed_at: datetime


def seal_content(
    sealer: Sealer, table: type[CareContact] | type[CareFile], content: Mapping[str, Any]
) -> bytes:
    """The content of a row of one of the two tables, sealed."""
    return sealer.seal(table.__tablename__, "content_sealed", json.dumps(dict(content)))


def open_content(sealer: Sealer, row: CareContact | CareFile) -> dict[str, Any]:
    """The content of a row."""
    content: dict[str, Any] = json.loads(
        sealer.open(type(row).__tablename__, "content_sealed", row.content_sealed)
    )
    return content


async def contacts(session: AsyncSession, person_id: int) -> list[CareContact]:
    """A person's care team, in the order in which it was written down."""
    query = select(CareContact).where(CareContact.person_id == person_id).order_by(col(CareContact.id))
    return list(await session.exec(query))


async def owned_contact(session: AsyncSession, person_id: int, key: int) -> CareContact | None:
    """A contact, if it is this person's."""
    query = select(CareContact).where(CareContact.id == key, CareContact.person_id == person_id)
    return (await session.exec(query)).first()


async def files(session: AsyncSession, person_ids: Sequence[int]) -> dict[int, CareFile]:
    """What several people have planned, by person; those who never planned anything are left out."""
    query = select(CareFile).where(col(CareFile.person_id).in_(person_ids))
    return {row.person_id: row for row in await session.exec(query)}
