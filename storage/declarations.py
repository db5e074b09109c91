"""Declared facts: what a person says of their dose and of their usual time, sealed and dated."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG
from storage.sealing import Sealer


class DeclaredFact(SQLModel, table=True):
    """One statement. Sealed JSON: {"kind": a word, "on": a local date in ISO form}.

    Rows are only ever added; a later statement of the same kind overrules an earlier one.
    """

    __tablename__: ClassVar[str] = "declared_fact"

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    said_at: datetime
    content_sealed: bytes


def seal_content(sealer: Sealer, kind: str, on: date) -> bytes:
    """A statement, sealed."""
    content = json.dumps({"kind": kind, "on": on.isoformat()})
    return sealer.seal(DeclaredFact.__tablename__, "content_sealed", content)


def open_content(sealer: Sealer, row: DeclaredFact) -> tuple[str, date]:
    """What was said, and of which day."""
    content: dict[str, Any] = json.loads(
        sealer.open(DeclaredFact.__tablename__, "content_sealed", row.content_sealed)
    )
    return str(content["kind"]), date.fromisoformat(content["on"])


async def of_people(session: AsyncSession, person_ids: Sequence[int]) -> list[DeclaredFact]:
    """What several people said, oldest first."""
    query = (
        select(DeclaredFact)
        .where(col(DeclaredFact.person_id).in_(person_ids))
        .order_by(col(DeclaredFact.said_at), col(DeclaredFact.id))
    )
    return list(await session.exec(query))
