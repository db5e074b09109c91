"""The outbox: messages to send, edit or delete, and what became of them.

Whatever concerns many rows is one Core statement, set at a time. The courier's half is in `leases`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Index,
    Row,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bell, groups, numbers
from storage.columns import LONG, NEVER_REUSED, word
from storage.database import is_postgresql
from storage.people import Person

LANES = range(7)
HEAD_LANE = 0  # crisis: waits for nothing and nobody
INSISTENT = 2  # lanes below this one answer a person, whatever we believed about reaching them


class OutboxKind(StrEnum):
    """What to do with a message."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"


class OutboxState(StrEnum):
    """PENDING and LEASED are under way; the others are final.

    UNSURE: it may have been delivered. EXPIRED: its `not_after` passed. SUPERSEDED: something newer was
    said about the same thing. WITHHELD: consent had ended when it was about to leave. UNREACHABLE: the person
    blocked the bot. REFUSED: the platform will never take it.
    """

    PENDING = "pending"
    LEASED = "leased"
    DELIVERED = "delivered"
    UNSURE = "unsure"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHHELD = "withheld"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


UNDER_WAY = (OutboxState.PENDING, OutboxState.LEASED)


class OutboxRow(SQLModel, table=True):
    """One message under way to one address.

    `about` names the thing spoken of ("card:12"). `target` is the platform's id of the message that an EDIT
    or DELETE concerns; until it is known, `target_row` names the outbox row that will know it once delivered.
    `body_sealed` is the message as JSON, sealed with the person's key (table "outbox", column "body_sealed").
    `attempt` counts leases, `copies` counts sends that may have reached the person.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_to_claim", "state", "lane", "not_before"),
        Index("outbox_by_about", "person_id", "about"),
        Index("outbox_by_address", "platform", "account", "ref", "state"),
        Index("outbox_by_end", "settled_at"),
        # Only the few edits that still wait for their message are in here.
        Index(
            "outbox_by_target_row",
            "target_row",
            sqlite_where=text("target_row IS NOT NULL"),
            postgresql_where=text("target_row IS NOT NULL"),
        ),
        NEVER_REUSED,
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", sa_type=LONG)
    platform: str
    account: str
    ref: str
    lane: int
    kind: OutboxKind = Field(default=OutboxKind.SEND, sa_type=word(OutboxKind))
    about: str | None = None
    target: str | None = None
    target_row: int | None = Field(default=None, foreign_key="outbox.id", sa_type=LONG)
    body_sealed: bytes
    created_at: datetime
    not_before: datetime
    not_after: datetime | None = None
    dedupe_key: str | None = Field(default=None, unique=True)
    state: OutboxState = Field(default=OutboxState.PENDING, sa_type=word(OutboxState))
    attempt: int = 0
    copies: int = 0
    lease_until: datetime | None = None
    lease_token: str | None = None
    message_ref: str | None = None
    settled_at: datetime | None = None


@dataclass(slots=True)
class Posting:
    """A row to be, with the fields of `OutboxRow`; posting gives it its id.

    Not a row itself: thousands are made in a minute, and a row of the ORM costs more than all the rest.
    """

    person_id: int
    platform: str
    account: str
    ref: str
    lane: int
    body_sealed: bytes
    created_at: datetime
    not_before: datetime
    kind: OutboxKind = OutboxKind.SEND
    about: str | None = None
    target: str | None = None
    target_row: int | None = None
    not_after: datetime | None = None
    dedupe_key: str | None = None
    state: OutboxState = OutboxState.PENDING
    attempt: int = 0
    copies: int = 0
    lease_until: datetime | None = None
    lease_token: str | None = None
    id: int | None = None

    @property
    def key(self) -> int:
        """The id of a posted row."""
        if self.id is None:
            raise ValueError("this row is not posted yet")
        return self.id

    @property
    def address(self) -> "Address":
        """Where it goes."""
        return Address(self.platform, self.account, self.ref)

    def values(self) -> dict[str, Any]:
        """Every column but the id."""
        return {name: getattr(self, name) for name in _POSTED}


_POSTED = tuple(field.name for field in fields(Posting) if field.name != "id")


class Address(NamedTuple):
    """Where a message goes; the account is the bot that talks."""

    platform: str
    account: str
    ref: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A row that reached a final state, for whoever wants to react to it."""

    row_id: int
    person_id: int
    address: Address
    lane: int
    kind: OutboxKind
    about: str | None
    state: OutboxState
    copies: int
    message_ref: str | None = None


class Shown(NamedTuple):
    """A message before the person's eyes: edit it by `target`, or by `target_row` while that is unknown."""

    address: Address
    target: str | None
    target_row: int | None


OUTBOX: Table = SQLModel.metadata.tables["outbox"]
_PERSON: Table = SQLModel.metadata.tables[str(Person.__tablename__)]
row_ = OUTBOX.c
NOW = bindparam("now", type_=row_.not_before.type)
_ENDED_COLUMNS = (
    row_.id,
    row_.person_id,
    row_.platform,
    row_.account,
    row_.ref,
    row_.lane,
    row_.kind,
    row_.about,
    row_.state,
    row_.copies,
    row_.message_ref,
)


# --- posting -----------------------------------------------------------------------------------------------


async def post(session: AsyncSession, rows: Iterable[Posting]) -> list[int]:
    """Store rows and give each its id; a row whose `dedupe_key` was posted before is left out, its id None.

    A row may come leased already (`lease_to`); it is put in line like any other when something of its
    lane is still ahead of it in that chat. An edit makes earlier pending edits of the same message void.
    Workers that send hear of what waits and can leave at once, when the transaction commits.
    """
    wanted = list(rows)
    await session.flush()  # the people these rows belong to may be as new as the rows
    await _insert_plain(session, [row for row in wanted if row.dedupe_key is None])
    await _insert_once(session, [row for row in wanted if row.dedupe_key is not None])
    stored = [row for row in wanted if row.id is not None]
    await _line_up(session, [row for row in stored if row.state == OutboxState.LEASED])
    edits = [row for row in stored if row.kind != OutboxKind.SEND]
    if edits:
        moment = max(row.created_at for row in edits)
        await aim(session, moment)
        await void_older_edits(session, {row.address for row in edits}, moment)
    if is_postgresql(session) and any(_can_leave_at_once(row) for row in stored):
        await bell.ring(session)
    return [row.key for row in stored]


def lease_to(row: Posting, token: str, until: datetime) -> Posting:
    """The same row, leased to its maker before it is posted: a reply that leaves right after the commit."""
    row.state, row.attempt = OutboxState.LEASED, 1
    row.lease_token, row.lease_until = token, until
    return row


def _can_leave_at_once(row: Posting) -> bool:
    return row.state == OutboxState.PENDING and row.not_before <= row.created_at


async def _insert_plain(session: AsyncSession, rows: Sequence[Posting]) -> None:
    """One row is told its number when it is written; SQLite would write several one by one to tell theirs."""
    if len(rows) == 1:
        [found] = await run(session, insert(OUTBOX).returning(row_.id), rows[0].values())
        rows[0].id = found.id
        return
    for row, number in zip(rows, await numbers.reserve(session, OutboxRow, len(rows)), strict=True):
        row.id = number
    if rows:
        await run(session, insert(OUTBOX), [row.values() | {"id": row.id} for row in rows])


async def _insert_once(session: AsyncSession, rows: Sequence[Posting]) -> None:
    first = {row.dedupe_key: row for row in reversed(rows)}  # of two with one key the first counts
    if not first:
        return
    dialect = postgresql if is_postgresql(session) else sqlite
    statement = dialect.insert(OUTBOX).on_conflict_do_nothing(index_elements=["dedupe_key"])
    returning = statement.returning(row_.id, row_.dedupe_key)
    for found in await run(session, returning, [row.values() for row in first.values()]):
        first[found.dedupe_key].id = found.id


async def _line_up(session: AsyncSession, leased: Sequence[Posting]) -> None:
    """Turn leased newcomers that have something in their way into pending ones."""
    if not leased:
        return
    now = max(row.created_at for row in leased)
    waits_for_its_message = and_(row_.kind != OutboxKind.SEND, row_.target.is_(None))
    blocked = and_(
        row_.id.in_([row.key for row in leased]),
        row_.lane != HEAD_LANE,
        or_(_NEWCOMER_BLOCKED, waits_for_its_message),
    )
    pending = {"state": OutboxState.PENDING, "attempt": 0, "lease_token": None, "lease_until": None}
    statement = update(OUTBOX).where(blocked).values(pending).returning(row_.id)
    put_back = {found.id for found in await run(session, statement, {"now": now})}
    for row in leased:
        if row.id in put_back:
            row.state, row.attempt, row.lease_token, row.lease_until = OutboxState.PENDING, 0, None, None


# --- whose turn it is --------------------------------------------------------------------------------------


def _can_still_go(row: Any) -> ColumnElement[bool]:
    """Not too late, and its target is known if it needs one."""
    in_time = or_(row.not_after.is_(None), row.not_after >= NOW)
    return and_(in_time, or_(row.kind == OutboxKind.SEND, row.target.is_not(None)))


def _in_the_way(*, newcomer: bool) -> ColumnElement[bool]:
    """Another row of the same chat must leave, or be settled, before this one.

    In the way is what is in flight in the same lane or concerns the same message; and every earlier row of
    the lane that is due, or that has been tried without reaching the person. What may have reached the person
    already is no longer first, so its repeat holds nobody up.
    """
    other = OUTBOX.alias("other")
    same_target = and_(row_.kind != OutboxKind.SEND, other.c.target == row_.target)
    in_flight = and_(
        other.c.state == OutboxState.LEASED,
        or_(other.c.lane == row_.lane, same_target),
        other.c.id < row_.id if newcomer else other.c.id != row_.id,
    )
    tried = and_(other.c.attempt > 0, other.c.copies == 0)
    ahead = and_(
        other.c.state == OutboxState.PENDING,
        other.c.lane == row_.lane,
        other.c.id < row_.id,
        or_(other.c.not_before <= NOW, tried),
        _can_still_go(other.c),
    )
    return exists().where(_same_address(other), other.c.state.in_(UNDER_WAY), or_(in_flight, ahead))


def _same_address(other: FromClause) -> ColumnElement[bool]:
    return and_(other.c.platform == row_.platform, other.c.account == row_.account, other.c.ref == row_.ref)


# The conditions are built once; building them again for every claim would cost more than the claim.
_UNREACHABLE = exists().where(_same_address(_PERSON), _PERSON.c.reachable.is_(False))
_NEWCOMER_BLOCKED = _in_the_way(newcomer=True)
CLAIMABLE = and_(
    row_.state == OutboxState.PENDING,
    row_.not_before <= NOW,
    _can_still_go(row_),
    or_(row_.lane < INSISTENT, ~_UNREACHABLE),
    or_(row_.lane == HEAD_LANE, ~_in_the_way(newcomer=False)),
)


# --- combinations of columns -------------------------------------------------------------------------------

_PLACE = ("platform", "account", "ref")
_THING = ("person_id", "about")


def _one_of(names: Sequence[str]) -> ColumnElement[bool]:
    """These columns together are one of several combinations, which `_wanted` gives.

    Each column is asked for by itself too: SQLite finds no index by combinations.
    """
    columns = [row_[name] for name in names]
    alone = [column.in_(bindparam(f"every_{column.name}", expanding=True)) for column in columns]
    return and_(*alone, tuple_(*columns).in_(bindparam("combinations", expanding=True)))


def _wanted(names: Sequence[str], combinations: Collection[tuple[Any, ...]]) -> dict[str, Any]:
    """The parameters of `_one_of`; there has to be a combination."""
    every = zip(names, zip(*combinations, strict=True), strict=True)
    found: dict[str, Any] = {f"every_{name}": list(dict.fromkeys(values)) for name, values in every}
    return found | {"combinations": [tuple(each) for each in combinations]}


_PENDING_AT = and_(_one_of(_PLACE), row_.state == OutboxState.PENDING)


def _ended(state: Any, now: Any) -> dict[str, Any]:
    return {"state": state, "settled_at": now}


# --- edits find their message ------------------------------------------------------------------------------


def _state(state: OutboxState) -> ColumnElement[Any]:
    """A state as a value of its column: inside CASE it would be taken for plain text."""
    return literal(state, row_.state.type)


def _aiming() -> Update:
    sent = OUTBOX.alias("sent")
    reference = select(sent.c.message_ref).where(sent.c.id == row_.target_row).scalar_subquery()
    settled = exists().where(sent.c.id == row_.target_row, sent.c.state.not_in(UNDER_WAY))
    pointless = and_(row_.state == OutboxState.PENDING, reference.is_(None))
    values = {
        "target": reference,
        "target_row": None,
        "state": case((pointless, _state(OutboxState.SUPERSEDED)), else_=row_.state),
        "settled_at": case((pointless, NOW), else_=row_.settled_at),
    }
    return update(OUTBOX).where(row_.target_row.is_not(None), settled).values(values)


_AIMING = _aiming()


async def aim(session: AsyncSession, now: datetime) -> None:
    """Give edits their target once the row they wait for is settled; without a message there is no edit."""
    await run(session, _AIMING, {"now": now})


def _voiding() -> Update:
    newer = OUTBOX.alias("newer")
    later = exists().where(
        _same_address(newer),
        newer.c.kind != OutboxKind.SEND,
        newer.c.id > row_.id,
        or_(newer.c.target == row_.target, newer.c.target_row == row_.target_row),
    )
    where = and_(_PENDING_AT, row_.kind == OutboxKind.EDIT, later)
    return update(OUTBOX).where(where).values(_ended(OutboxState.SUPERSEDED, NOW))


_VOIDING = _voiding()


async def void_older_edits(session: AsyncSession, addresses: Collection[Address], now: datetime) -> None:
    """Supersede pending edits of a message that a later edit or deletion concerns too."""
    if addresses:
        await run(session, _VOIDING, _wanted(_PLACE, addresses) | {"now": now})


# --- ends without a send -----------------------------------------------------------------------------------


_SUPERSEDING = (
    update(OUTBOX)
    .where(_one_of(_THING), row_.state == OutboxState.PENDING)
    .values(_ended(OutboxState.SUPERSEDED, NOW))
    .returning(row_.id)
)


async def supersede(session: AsyncSession, things: Collection[tuple[int, str]], now: datetime) -> int:
    """End what is still pending about things of people, each `(person_id, about)`; how many rows.

    What is leased has left already.
    """
    if not things:
        return 0
    return len(await run(session, _SUPERSEDING, _wanted(_THING, things) | {"now": now}))


async def expire(session: AsyncSession, now: datetime) -> list[Ended]:
    """End pending rows whose `not_after` passed: UNSURE when a copy may have arrived, else EXPIRED."""
    state = case((row_.copies > 0, _state(OutboxState.UNSURE)), else_=_state(OutboxState.EXPIRED))
    where = and_(row_.state == OutboxState.PENDING, row_.not_after < now)
    return await _end(session, where, state, now)


async def strand(session: AsyncSession, addresses: Collection[Address], now: datetime) -> list[Ended]:
    """End everything pending at addresses that cannot be reached."""
    if not addresses:
        return []
    state, wanted = OutboxState.UNREACHABLE, _wanted(_PLACE, addresses)
    return await _end(session, _PENDING_AT, state, now, wanted)


async def strand_unreachable(session: AsyncSession, now: datetime) -> list[Ended]:
    """End what was posted to people who were known to be unreachable; replies are still tried."""
    where = and_(row_.state == OutboxState.PENDING, row_.lane >= INSISTENT, _UNREACHABLE)
    return await _end(session, where, OutboxState.UNREACHABLE, now)


async def withhold(session: AsyncSession, platform: str, account: str, now: datetime) -> int:
    """End everything pending that would leave through an account which is no longer ours; how many rows."""
    where = and_(row_.state == OutboxState.PENDING, row_.platform == platform, row_.account == account)
    ended = update(OUTBOX).where(where).values(_ended(OutboxState.WITHHELD, now)).returning(row_.id)
    return len(await run(session, ended))


async def _end(
    session: AsyncSession,
    where: ColumnElement[bool],
    state: Any,
    now: datetime,
    wanted: Mapping[str, Any] | None = None,
) -> list[Ended]:
    statement = update(OUTBOX).where(where).values(_ended(state, now)).returning(*_ENDED_COLUMNS)
    return [
        Ended(
            row_id=row.id,
            person_id=row.person_id,
            address=Address(row.platform, row.account, row.ref),
            lane=row.lane,
            kind=row.kind,
            about=row.about,
            state=row.state,
            copies=row.copies,
            message_ref=row.message_ref,
        )
        for row in await run(session, statement, wanted)
    ]


def _at(address: Address) -> ColumnElement[bool]:
    return and_(row_.platform == address.platform, row_.account == address.account, row_.ref == address.ref)


# --- the rest ----------------------------------------------------------------------------------------------


async def delivered_about(session: AsyncSession, person_id: int, about: str) -> list[Shown]:
    """Every message about a thing that is, or may soon be, before the person's eyes; oldest first."""
    coming = or_(row_.state == OutboxState.LEASED, and_(row_.state == OutboxState.PENDING, row_.copies > 0))
    query = (
        select(row_.id, row_.platform, row_.account, row_.ref, row_.message_ref)
        .where(row_.person_id == person_id, row_.about == about, row_.kind == OutboxKind.SEND)
        .where(or_(coming, row_.message_ref.is_not(None)))
        .order_by(row_.id)
    )
    return [
        Shown(
            Address(row.platform, row.account, row.ref),
            row.message_ref,
            None if row.message_ref is not None else row.id,
        )
        for row in await run(session, query)
    ]


async def never_left(session: AsyncSession, person_id: int, about: str) -> bool:
    """True when something was said about a thing, and none of it has reached the person, or still may."""
    said = (row_.person_id == person_id, row_.about == about, row_.kind == OutboxKind.SEND)
    maybe = (OutboxState.LEASED, OutboxState.DELIVERED, OutboxState.UNSURE)
    left = or_(row_.state.in_(maybe), row_.message_ref.is_not(None), row_.copies > 0)
    rows = await run(session, select(left.label("left")).where(*said))
    return bool(rows) and not any(row.left for row in rows)


async def move(session: AsyncSession, old: Address, ref: str) -> None:
    """Rewrite an address everywhere: every row, the group, and the person, unless somebody lives there."""
    await run(session, update(OUTBOX).where(_at(old)).values(ref=ref))
    there = _PERSON.alias("there")
    taken = exists().where(
        there.c.platform == old.platform, there.c.account == old.account, there.c.ref == ref
    )
    person = _PERSON.c
    lives = and_(person.platform == old.platform, person.account == old.account, person.ref == old.ref)
    await run(session, update(_PERSON).where(lives, ~taken).values(ref=ref))
    await groups.move(session, old.platform, old.account, old.ref, ref)


async def counts(session: AsyncSession) -> Mapping[OutboxState, int]:
    """How many rows are in each state."""
    found = await run(session, select(row_.state, func.count().label("rows")).group_by(row_.state))
    return {row.state: row.rows for row in found}


async def forget_person(session: AsyncSession, person_id: int) -> None:
    """Delete every row of a person, whatever its state; a send in flight will find nothing to settle."""
    mine = select(row_.id).where(row_.person_id == person_id).scalar_subquery()
    await run(session, update(OUTBOX).where(row_.target_row.in_(mine)).values(target_row=None))
    await run(session, delete(OUTBOX).where(row_.person_id == person_id))


async def reap(session: AsyncSession, before: datetime) -> int:
    """Delete rows settled before an instant; how many."""
    awaited = select(row_.target_row).where(row_.target_row.is_not(None)).scalar_subquery()
    statement = delete(OUTBOX).where(row_.settled_at < before, row_.id.not_in(awaited)).returning(row_.id)
    return len(await run(session, statement))


async def run(
    session: AsyncSession,
    statement: Executable,
    parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> Sequence[Row[Any]]:
    """Execute on the session's connection, past the ORM; the rows, if the statement returns any."""
    connection = await session.connection()
    result: Any = await connection.execute(statement, parameters)
    return list(result) if result.returns_rows else []
