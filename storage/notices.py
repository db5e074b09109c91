"""Notices: what a person was told of their own pattern, the facts behind it, and their answer; sealed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED
from storage.sealing import Sealer


class Notice(SQLModel, table=True):
    """One notice. Sealed JSON: kind, class, local day, numbers, and what the person answered to it."""

    __tablename__: ClassVar[str] = "notice"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    told_at: datetime
    content_sealed: bytes

    @property
    def key(self) -> int:
        """The id of a stored notice."""
        if self.id is None:
            raise ValueError("this notice is not stored yet")
        return self.id


def about(key: int) -> str:
    """The name of a notice in the outbox."""
    return f"notice:{key}"


def seal_content(sealer: Sealer, content: Mapping[str, Any]) -> bytes:
    """The content of a notice, sealed."""
    return sealer.seal(Notice.__tablename__, "content_sealed", json.dumps(dict(content)))


def open_content(sealer: Sealer, row: Notice) -> dict[str, Any]:
    """The content of a notice."""
    content: dict[str, Any] = json.loads(
        sealer.open(Notice.__tablename__, "content_sealed", row.content_sealed)
    )
    return content


async def of_people(
    session: AsyncSession, person_ids: Sequence[int], since: datetime | None = None
) -> list[Notice]:
    """The notices of several people, oldest first; those told from an instant on, if one is given."""
    query = select(Notice).where(col(Notice.person_id).in_(person_ids))
    if since is not None:
        query = query.where(Notice.told_at >= since)
    return list(await session.exec(query.order_by(col(Notice.told_at), col(Notice.id))))


async def take_back(session: AsyncSession, key: int) -> None:
    """Drop a notice that never reached the person: it was not told."""
    await session.exec(delete(Notice).where(col(Notice.id) == key))


async def owned(session: AsyncSession, person_id: int, key: int) -> Notice | None:
    """A notice, if it is this person's."""
    query = select(Notice).where(Notice.id == key, Notice.person_id == person_id)
    return (await session.exec(query)).first()
