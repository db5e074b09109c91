"""Copies: the messages of the outbox that speak about one thing, and what became of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.outbox import OutboxKind, OutboxRow, OutboxState

UNDER_WAY = frozenset({OutboxState.PENDING, OutboxState.LEASED})
ARRIVED = frozenset({OutboxState.DELIVERED, OutboxState.UNSURE})


@dataclass(frozen=True, slots=True)
class Copy:
    """One sent message. `message_ref` is the platform's id, once it is known."""

    row_id: int
    state: OutboxState
    message_ref: str | None


_SENDS = (
    select(col(OutboxRow.about), col(OutboxRow.id), col(OutboxRow.state), col(OutboxRow.message_ref))
    .where(col(OutboxRow.person_id).in_(bindparam("people", expanding=True)))
    .where(col(OutboxRow.about).in_(bindparam("things", expanding=True)))
    .where(OutboxRow.kind == OutboxKind.SEND)
    .order_by(col(OutboxRow.id))
)


async def about(
    session: AsyncSession, person_ids: Collection[int], things: Collection[str]
) -> dict[str, list[Copy]]:
    """The sends about each thing, oldest first, by thing."""
    sends = await session.exec(_SENDS, params={"people": list(person_ids), "things": list(things)})
    found: dict[str, list[Copy]] = defaultdict(list)
    for thing, row_id, state, message_ref in sends:
        if thing is not None and row_id is not None:
            found[thing].append(Copy(row_id, state, message_ref))
    return found
