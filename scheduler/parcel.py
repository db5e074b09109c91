"""A parcel: one message on its way out, who takes it, and who is asked before it leaves."""

from dataclasses import dataclass
from typing import Protocol

from scheduler.lanes import Lane
from scheduler.outcomes import Outcome
from storage.grants import Receipt
from storage.leases import Claimed
from storage.outbox import Address, OutboxKind, Posting
from storage.sealing import Sealer


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way out. `body` is JSON; `again` marks a copy after one that may have arrived.

    `surplus`: it leaves beyond the account's budget, and the platform is to be asked to let it. `receipt`: on
    what consent it rests.
    """

    row_id: int
    person_id: int | None
    kind: OutboxKind
    address: Address
    lane: Lane
    about: str | None
    body: str
    target: str | None
    again: bool
    surplus: bool = False
    receipt: Receipt | None = None


class Platform(Protocol):
    """Where messages go. It sorts every error of its own into an Outcome."""

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Raises AccountRefused when the account itself is; anything else raised counts as unsure."""
        ...


class Gate(Protocol):
    """Asked again just before a message that needs consent leaves; it may have ended since the claim."""

    async def may_send(self, parcel: Parcel) -> bool: ...


def packed(row: Claimed, sealer: Sealer, *, surplus: bool) -> Parcel:
    """The parcel of a claimed row. Raises CannotOpen when the body is not this person's or group's."""
    return Parcel(
        row_id=row.row_id,
        person_id=row.person_id,
        kind=row.kind,
        address=row.address,
        lane=Lane(row.lane),
        about=row.about,
        body=sealer.open("outbox", "body_sealed", row.body_sealed),
        target=row.target,
        again=row.copies > 0,
        surplus=surplus,
        receipt=row.receipt,
    )


def as_claimed(row: Posting) -> Claimed:
    """A row that its maker leased, as if it had been claimed."""
    if row.lease_token is None or row.lease_until is None:
        raise ValueError("this row was not leased before it was posted")
    return Claimed(
        row_id=row.key,
        person_id=row.person_id,
        group_id=row.group_id,
        address=row.address,
        lane=row.lane,
        kind=row.kind,
        about=row.about,
        target=row.target,
        body_sealed=row.body_sealed,
        wrapped=None,
        not_before=row.not_before,
        not_after=row.not_after,
        attempt=row.attempt,
        copies=row.copies,
        lease_token=row.lease_token,
        lease_until=row.lease_until,
    )
