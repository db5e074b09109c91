"""Copies: the messages of the outbox that speak about one thing, and what became of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

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


async def about(
    session: AsyncSession, person_ids: Collection[int], things: Collection[str]
) -> dict[str, list[Copy]]:
    """The sends about each thing, oldest first, by thing."""
    query = (
        select(col(OutboxRow.about), col(OutboxRow.id), col(OutboxRow.state), col(OutboxRow.message_ref))
        .where(col(OutboxRow.person_id).in_(person_ids), col(OutboxRow.about).in_(things))
        .where(OutboxRow.kind == OutboxKind.SEND)
        .order_by(col(OutboxRow.id))
    )
    found: dict[str, list[Copy]] = defaultdict(list)
    for thing, row_id, state, message_ref in await session.exec(query):
        if thing is not None and row_id is not None:
            found[thing].append(Copy(row_id, state, message_ref))
    return found
