"""Grants: a person's leave for one caregiver to learn one thing, looked up at the moment of sending."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bonds import Bond
from storage.people import Person
from storage.scopes import BondScope
from storage.vocabulary import BondState, PersonState, Scope


class Grant(NamedTuple):
    """What a message to a caregiver rests on: the bond, and the scope that has to be on."""

    bond_id: int
    scope: Scope


class Receipt(NamedTuple):
    """A grant, who is to receive what it lets out, and when that was written."""

    grant: Grant
    caregiver_id: int
    written_at: datetime


_TABLES = SQLModel.metadata.tables
_BOND, _SCOPE, _PERSON = (_TABLES[str(table.__tablename__)].c for table in (Bond, BondScope, Person))
_NOW = bindparam("now", type_=_BOND.expires_at.type)


def _confirmed() -> ColumnElement[bool]:
    """A low mood is told only while the person has said so within the last weeks."""
    return or_(_SCOPE.kind != Scope.LOW_MOOD, _SCOPE.confirmed_until > _NOW)


_LIVE = (
    select(_BOND.id, _SCOPE.kind, _BOND.caregiver_id, _BOND.state_since, _SCOPE.since)
    .join_from(_BOND.id.table, _SCOPE.bond_id.table, _SCOPE.bond_id == _BOND.id)
    .join(_PERSON.id.table, _PERSON.id == _BOND.person_id)
    .where(
        _BOND.id.in_(bindparam("bonds", expanding=True)),
        and_(_BOND.state == BondState.LIVE, _BOND.expires_at > _NOW),
        and_(_PERSON.state == PersonState.ACTIVE, _PERSON.reachable, _PERSON.silent_since.is_(None)),
        _confirmed(),
    )
)


async def live(session: AsyncSession, receipts: Collection[Receipt], now: datetime) -> set[Receipt]:
    """Those of these that hold at this moment: one look at what is committed now.

    Nothing leaves that was written before a pause or a switch-off, though consent was given again since.
    """
    wanted: dict[str, Any] = {"bonds": list({receipt.grant.bond_id for receipt in receipts}), "now": now}
    found = await (await session.connection()).execute(_LIVE, wanted)
    since = {
        (Grant(bond_id, kind), caregiver_id): max(state_since, on_since)
        for bond_id, kind, caregiver_id, state_since, on_since in found
    }
    return {each for each in receipts if (at := since.get(each[:2])) is not None and at <= each.written_at}
