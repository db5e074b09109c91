"""Leases on the outbox: the courier claims rows, and settles them while the lease is its own.

Everything here is set at a time, and the statements of every round are built once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, Update, and_, bindparam, func, or_, select, tuple_, update
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import grants, groups
from storage.database import is_postgresql
from storage.grants import Grant, Receipt
from storage.outbox import (
    CLAIMABLE,
    HEAD_LANE,
    LANES,
    OUTBOX,
    Address,
    OutboxKind,
    OutboxState,
    row_,
    run,
)
from storage.people import PersonKey

_EVER = datetime(1, 1, 1, tzinfo=UTC)
_PERSON_KEY = SQLModel.metadata.tables[str(PersonKey.__tablename__)]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row under lease. `wrapped` is the data key of its person or group, None when it was destroyed."""

    row_id: int
    person_id: int | None
    address: Address
    lane: int
    kind: OutboxKind
    about: str | None
    target: str | None
    body_sealed: bytes
    wrapped: bytes | None
    not_before: datetime
    not_after: datetime | None
    attempt: int
    copies: int
    lease_token: str
    lease_until: datetime
    receipt: Receipt | None = None
    group_id: int | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of a leased row. PENDING puts it back; any other state is final (`settled_at` set)."""

    row_id: int
    lease_token: str
    lease_attempt: int
    state: OutboxState
    attempt: int
    copies: int
    not_before: datetime
    message_ref: str | None = None
    settled_at: datetime | None = None


class Held(NamedTuple):
    """Whom to leave alone for the moment: chats, as (account, ref), and whole accounts.

    With `only`, every account but these.
    """

    chats: Sequence[tuple[str, str]] = ()
    accounts: Sequence[str] = ()
    only: Sequence[str] | None = None


async def claim(
    session: AsyncSession,
    now: datetime,
    lease_until: datetime,
    token: str,
    limit: int,
    *,
    lanes: range = LANES,
    held: Held | None = None,
    sends_only: bool = False,
) -> list[Claimed]:
    """Lease up to `limit` rows to `token`, in order of lane, then `not_before`, then id.

    From one lane of one chat only the first row is taken: the next one waits until it is settled.
    `sends_only`: no edits and deletions. A message to a caregiver whose consent is not live in this very
    transaction is not leased: it ends as WITHHELD.
    """
    held = held or Held()
    statement = _to_claim(is_postgresql(session), held.only is not None, sends_only)
    found = await run(session, statement, _wanted(now, lanes, held) | {"most": limit})
    if any(row.consent_id is not None for row in found):
        found = await _consented(session, found, now)
    if not found:
        return []
    lease = {"ids": [row.id for row in found], "until": lease_until, "token": token}
    await run(session, _LEASING, lease)
    claimed = [_claimed(row, row.attempt + 1, token, lease_until) for row in found]
    return await _with_keys_of_groups(session, claimed)


async def _with_keys_of_groups(session: AsyncSession, claimed: list[Claimed]) -> list[Claimed]:
    """Most claims hold nothing for a group, and should not pay for a look at their keys."""
    ids = {row.group_id for row in claimed if row.group_id is not None}
    if not ids:
        return claimed
    keys = await groups.wrapped_keys(session, ids)
    return [row if row.group_id is None else replace(row, wrapped=keys.get(row.group_id)) for row in claimed]


async def claimable(session: AsyncSession, now: datetime, held: Held | None = None) -> bool:
    """True when `claim` would find something now; what is most urgent waits for nobody who is held."""
    held = held or Held()
    statement = _ANY_CLAIMABLE if held.only is None else _ANY_CLAIMABLE.where(_IN_ONLY)
    return bool(await run(session, statement, _wanted(now, LANES, held)))


def _wanted(now: datetime, lanes: range, held: Held) -> dict[str, Any]:
    """What a statement is to look for that leaves somebody alone."""
    wanted = {"now": now, "lanes": list(lanes), "chats": list(held.chats), "accounts": list(held.accounts)}
    return wanted if held.only is None else wanted | {"only": list(held.only)}


async def earliest(session: AsyncSession, after: datetime | None = None) -> datetime | None:
    """The smallest `not_before` of all pending rows (later than `after`, if given)."""
    return min((await firsts(session, after)).values(), default=None)


async def firsts(session: AsyncSession, after: datetime | None = None) -> dict[int, datetime]:
    """By lane, the smallest `not_before` of its pending rows (later than `after`, if given)."""
    found = await run(session, _EARLIEST, {"after": after or _EVER})
    return {lane: first for lane, first in zip(LANES, found[0], strict=True) if first is not None}


async def lapsed(session: AsyncSession, now: datetime, ours: Collection[int] = ()) -> list[Claimed]:
    """Rows whose lease ran out, to be settled as unsure; `ours` are in flight here and known to be alive."""
    return await _leases(session, row_.lease_until <= now, row_.id.not_in(list(ours)))


async def left_behind(session: AsyncSession, token: str) -> list[Claimed]:
    """Rows leased to anybody but `token`: what a dead process left to the only living one."""
    return await _leases(session, row_.lease_token != token)


async def settle(session: AsyncSession, settlements: Sequence[Settlement]) -> set[int]:
    """Write what became of leased rows; the ids that were written.

    A settlement whose lease has lapsed meanwhile, or was given to somebody else, is stale and left out.
    """
    held = await run(
        session,
        _still_leased(is_postgresql(session)),
        {"ids": [settlement.row_id for settlement in settlements]},
    )
    leases = {(row.id, row.lease_token, row.attempt) for row in held}
    live = [s for s in settlements if (s.row_id, s.lease_token, s.lease_attempt) in leases]
    if live:
        await run(session, _SETTLING, [_written(settlement) for settlement in live])
    return {settlement.row_id for settlement in live}


# --- the statements ----------------------------------------------------------------------------------------

_LEASED_COLUMNS = (
    *(
        row_[name]
        for name in ("id", "person_id", "group_id", "platform", "account", "ref", "lane", "kind", "about")
    ),
    *(row_[name] for name in ("target", "body_sealed", "not_before", "not_after", "attempt", "copies")),
    *(row_[name] for name in ("lease_token", "lease_until", "consent_id", "scope", "created_at")),
    _PERSON_KEY.c.wrapped,
)
_WITH_KEY = OUTBOX.outerjoin(_PERSON_KEY, _PERSON_KEY.c.person_id == row_.person_id)
_IN_LANES = row_.lane.in_(bindparam("lanes", expanding=True))
_IN_IDS = row_.id.in_(bindparam("ids", expanding=True))
_SETTLED_FIELDS = ("state", "attempt", "copies", "not_before", "message_ref", "settled_at")

_IN_ONLY = row_.account.in_(bindparam("only", expanding=True))
_FREE = and_(
    tuple_(row_.account, row_.ref).not_in(bindparam("chats", expanding=True)),
    row_.account.not_in(bindparam("accounts", expanding=True)),
)
_ANY_CLAIMABLE = select(row_.id).where(_IN_LANES, CLAIMABLE, or_(row_.lane == HEAD_LANE, _FREE)).limit(1)

_LEASING = (
    update(OUTBOX)
    .where(_IN_IDS)
    .values(
        state=OutboxState.LEASED,
        attempt=row_.attempt + 1,
        lease_until=bindparam("until", type_=row_.lease_until.type),
        lease_token=bindparam("token", type_=row_.lease_token.type),
    )
)


_WITHHOLDING = (
    update(OUTBOX)
    .where(_IN_IDS)
    .values(state=OutboxState.WITHHELD, settled_at=bindparam("at", type_=row_.settled_at.type))
)


@cache
def _to_claim(locking: bool, choosy: bool, sends_only: bool) -> Select[Any]:
    query = (
        select(*_LEASED_COLUMNS)
        .select_from(_WITH_KEY)
        .where(_IN_LANES, CLAIMABLE, _FREE)
        .order_by(row_.lane, row_.not_before, row_.id)
        .limit(bindparam("most"))
    )
    if choosy:
        query = query.where(_IN_ONLY)
    if sends_only:
        query = query.where(row_.kind == OutboxKind.SEND)
    return query.with_for_update(of=OUTBOX, skip_locked=True) if locking else query


@cache
def _still_leased(locking: bool) -> Select[Any]:
    query = select(row_.id, row_.lease_token, row_.attempt).where(_IN_IDS, row_.state == OutboxState.LEASED)
    return query.order_by(row_.id).with_for_update() if locking else query


def _settling() -> Update:
    values: dict[str, Any] = {
        name: bindparam(f"new_{name}", type_=row_[name].type) for name in _SETTLED_FIELDS
    }
    values |= {"lease_until": None, "lease_token": None}
    return update(OUTBOX).where(row_.id == bindparam("row_id")).values(values)


_SETTLING = _settling()


def _earliest_of_lane(lane: int) -> ColumnElement[Any]:
    where = (row_.state == OutboxState.PENDING, row_.lane == lane, row_.not_before > bindparam("after"))
    return select(func.min(row_.not_before)).where(*where).scalar_subquery()


# One probe of the index for each lane, however many rows are waiting.
_EARLIEST = select(*(_earliest_of_lane(lane).label(f"lane_{lane}") for lane in LANES))


async def _leases(session: AsyncSession, *where: ColumnElement[bool]) -> list[Claimed]:
    query = select(*_LEASED_COLUMNS).select_from(_WITH_KEY)
    query = query.where(row_.state == OutboxState.LEASED, *where).order_by(row_.id)
    if is_postgresql(session):
        query = query.with_for_update(of=OUTBOX, skip_locked=True)
    found = await run(session, query)
    return [_claimed(row, row.attempt, row.lease_token, row.lease_until) for row in found]


async def _consented(session: AsyncSession, found: Sequence[Row[Any]], now: datetime) -> list[Row[Any]]:
    """Those that rest on no consent, or on one that is live; the others end."""
    receipts = {row.id: _receipt(row) for row in found if row.consent_id is not None}
    live = await grants.live(session, receipts.values(), now)
    withheld = [key for key, receipt in receipts.items() if receipt not in live]
    if withheld:
        await run(session, _WITHHOLDING, {"ids": withheld, "at": now})
    return [row for row in found if row.id not in withheld]


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(Grant(row.consent_id, row.scope), row.person_id, row.created_at)


def _written(settlement: Settlement) -> dict[str, Any]:
    new = {f"new_{name}": getattr(settlement, name) for name in _SETTLED_FIELDS}
    return {"row_id": settlement.row_id} | new


def _claimed(row: Row[Any], attempt: int, token: str, until: datetime) -> Claimed:
    return Claimed(
        row_id=row.id,
        person_id=row.person_id,
        group_id=row.group_id,
        address=Address(row.platform, row.account, row.ref),
        lane=row.lane,
        kind=row.kind,
        about=row.about,
        target=row.target,
        body_sealed=row.body_sealed,
        wrapped=row.wrapped,
        not_before=row.not_before,
        not_after=row.not_after,
        attempt=attempt,
        copies=row.copies,
        lease_token=token,
        lease_until=until,
        receipt=_receipt(row) if row.consent_id is not None else None,
    )
