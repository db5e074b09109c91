"""A message of the outbox: the row, what it is before it is one, and what is said of it afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    FromClause,
    Index,
    Row,
    Table,
    and_,
    bindparam,
    literal,
    text,
)
from sqlmodel import Field, SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG, NEVER_REUSED, word
from storage.groups import Group
from storage.people import Person
from storage.vocabulary import Scope

LANES = range(7)
HEAD_LANE = 0  # crisis: waits for nothing and nobody
INSISTENT = 2  # lanes below this one answer a person, whatever we believed about reaching them


class OutboxKind(StrEnum):
    """What to do with a message."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    UNPIN = "unpin"


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
    """One message under way to one address: to a person (`person_id`), or to a group (`group_id`).

    `about` names the thing spoken of ("card:12"). `target` is the platform's id of the message that an
    EDIT, DELETE or UNPIN concerns; until it is known, `target_row` names the outbox row that will know it.
    `body_sealed` is the message as JSON, sealed with the key of that person or group (table "outbox",
    column "body_sealed").
    `attempt` counts leases, `copies` counts sends that may have reached the person.
    `consent_id` names the bond, and `scope` what of it, on which a message to a caregiver rests; it is no
    foreign key, because a bond that is gone is a consent that is gone.
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
        # As are the few messages that go to a group.
        Index(
            "outbox_by_group",
            "group_id",
            sqlite_where=text("group_id IS NOT NULL"),
            postgresql_where=text("group_id IS NOT NULL"),
        ),
        NEVER_REUSED,
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=LONG)
    group_id: int | None = Field(default=None, foreign_key="support_group.id", sa_type=LONG)
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
    consent_id: int | None = Field(default=None, sa_type=LONG)
    scope: Scope | None = Field(default=None, sa_type=word(Scope))


@dataclass(slots=True)
class Posting:
    """A row to be, with the fields of `OutboxRow`; posting gives it its id.

    Not a row itself: thousands are made in a minute, and a row of the ORM costs more than all the rest.
    """

    person_id: int | None
    platform: str
    account: str
    ref: str
    lane: int
    body_sealed: bytes
    created_at: datetime
    not_before: datetime
    group_id: int | None = None
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
    consent_id: int | None = None
    scope: Scope | None = None
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
        return dict(zip(_POSTED, _posted(self), strict=True))


_POSTED = tuple(field.name for field in fields(Posting) if field.name != "id")
_posted = attrgetter(*_POSTED)


class Address(NamedTuple):
    """Where a message goes; the account is the bot that talks."""

    platform: str
    account: str
    ref: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A row that reached a final state, for whoever wants to react to it.

    `astray`: it stands in its chat, but not in the part of it where it was to stand, for that is gone. Of an
    edit: there is no such message any more.
    """

    row_id: int
    person_id: int | None
    address: Address
    lane: int
    kind: OutboxKind
    about: str | None
    state: OutboxState
    copies: int
    message_ref: str | None = None
    group_id: int | None = None
    astray: bool = False


class Shown(NamedTuple):
    """A message before the person's eyes: edit it by `target`, or by `target_row` while that is unknown."""

    address: Address
    target: str | None
    target_row: int | None


OUTBOX: Table = SQLModel.metadata.tables["outbox"]
GROUP: Table = SQLModel.metadata.tables[str(Group.__tablename__)]
PERSON: Table = SQLModel.metadata.tables[str(Person.__tablename__)]
row_ = OUTBOX.c
NOW = bindparam("now", type_=row_.not_before.type)


def same_address(other: FromClause) -> ColumnElement[bool]:
    """The other row goes to where this one goes."""
    return and_(other.c.platform == row_.platform, other.c.account == row_.account, other.c.ref == row_.ref)


def as_value(state: OutboxState) -> ColumnElement[Any]:
    """A state as a value of its column: inside CASE it would be taken for plain text."""
    return literal(state, row_.state.type)


async def run(
    session: AsyncSession,
    statement: Executable,
    parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
) -> Sequence[Row[Any]]:
    """Execute on the session's connection, past the ORM; the rows, if the statement returns any."""
    connection = await session.connection()
    result: Any = await connection.execute(statement, parameters)
    return list(result) if result.returns_rows else []
