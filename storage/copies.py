"""Copies: the messages of the outbox that speak about one thing, and what became of them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.outbox import OutboxKind, OutboxRow, OutboxState

UNDER_WAY = frozenset({OutboxState.PENDING, OutboxState.LEASED})
ARRIVED = frozenset({OutboxState.DELIVERED, OutboxState.UNSURE})


@dataclass(frozen=True, slots=True)
class Copy:
    """One sent message. `message_ref` is the platform's id, once it is known; `settled_at`: when it ended.

    `sends`: how often it may have reached the person already.
    """

    row_id: int
    state: OutboxState
    message_ref: str | None
    settled_at: datetime | None = None
    sends: int = 0

    @property
    def is_in_doubt(self) -> bool:
        """Whether it is to be sent once more, because nobody knows if it arrived."""
        return self.state is OutboxState.PENDING and self.sends > 0


_SENDS = (
    select_columns(
        col(OutboxRow.about),
        col(OutboxRow.id),
        col(OutboxRow.state),
        col(OutboxRow.message_ref),
        col(OutboxRow.settled_at),
        col(OutboxRow.copies),
    )
    .where(col(OutboxRow.person_id).in_(bindparam("people", expanding=True)))
    .where(col(OutboxRow.about).in_(bindparam("things", expanding=True)))
    .where(col(OutboxRow.kind) == OutboxKind.SEND)
    .order_by(col(OutboxRow.id))
)


async def about(
    session: AsyncSession, person_ids: Collection[int], things: Collection[str]
) -> dict[str, list[Copy]]:
    """The sends about each thing, oldest first, by thing."""
    wanted = {"people": list(person_ids), "things": list(things)}
    sends = await (await session.connection()).execute(_SENDS, wanted)
    found: dict[str, list[Copy]] = defaultdict(list)
    for thing, row_id, state, message_ref, settled_at, so_often in sends:
        if thing is not None and row_id is not None:
            found[thing].append(Copy(row_id, state, message_ref, settled_at, so_often))
    return found


async def thing_of(session: AsyncSession, person_id: int, message_ref: str) -> str | None:
    """What a message speaks about; None for one of which we never heard that it arrived."""
    sent = (col(OutboxRow.person_id) == person_id, col(OutboxRow.message_ref) == message_ref)
    found = await (await session.connection()).execute(select_columns(col(OutboxRow.about)).where(*sent))
    thing: str | None = found.scalars().first()
    return thing
