"""Scopes: what each caregiver may learn. A scope that is off has no row; every change is logged."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, func, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.bonds import Bond
from storage.columns import LONG, NEVER_REUSED, word
from storage.vocabulary import BondState, Review, Scope


class BondScope(SQLModel, table=True):
    """A scope that is on. `delay` is in minutes; `confirmed_until` is for those confirmed again and again."""

    __tablename__: ClassVar[str] = "scope"

    bond_id: int = Field(primary_key=True, foreign_key="bond.id", sa_type=LONG)
    kind: Scope = Field(primary_key=True, sa_type=word(Scope))
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    since: datetime
    delay: int | None = None
    threshold: int | None = None
    confirmed_until: datetime | None = None


class ScopeChange(SQLModel, table=True):
    """A scope was switched on or off, or set in another way: the log of consent.

    A row says how it stands from then on. `names_told`: with the names of medicines. Rows from before
    settings were logged have none.
    """

    __tablename__: ClassVar[str] = "scope_change"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    bond_id: int = Field(foreign_key="bond.id", index=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    kind: Scope = Field(sa_type=word(Scope))
    turned_on: bool
    at: datetime
    delay: int | None = None
    threshold: int | None = None
    names_told: bool | None = None
    review: Review | None = Field(default=None, sa_type=word(Review))

    @property
    def standing(self) -> tuple[object, ...]:
        """How it stands; when is left out."""
        return (self.turned_on, self.delay, self.threshold, self.names_told, self.review)


async def of_bonds(session: AsyncSession, keys: Collection[int]) -> dict[int, list[BondScope]]:
    """What is on, by bond."""
    query = select(BondScope).where(col(BondScope.bond_id).in_(keys)).order_by(col(BondScope.kind))
    found: dict[int, list[BondScope]] = {key: [] for key in keys}
    for row in await session.exec(query):
        found[row.bond_id].append(row)
    return found


async def live_of_people(
    session: AsyncSession, person_ids: Collection[int], now: datetime
) -> list[tuple[Bond, BondScope]]:
    """What several people let out now, with the bond by which they do; oldest bond first."""
    query = (
        select(Bond, BondScope)
        .where(BondScope.bond_id == col(Bond.id), col(BondScope.person_id).in_(person_ids))
        .where(Bond.state == BondState.LIVE, Bond.expires_at > now)
        .order_by(col(Bond.id), col(BondScope.kind))
    )
    return list(await session.exec(query))


async def one(session: AsyncSession, bond_id: int, kind: Scope) -> BondScope | None:
    """A scope that is on; None when it is off."""
    query = select(BondScope).where(BondScope.bond_id == bond_id, BondScope.kind == kind)
    return (await session.exec(query)).first()


async def changes(session: AsyncSession, bond_id: int) -> list[ScopeChange]:
    """When the scopes of a bond were switched on and off, oldest first."""
    query = select(ScopeChange).where(ScopeChange.bond_id == bond_id).order_by(col(ScopeChange.id))
    return list(await session.exec(query))


async def switch_on(
    session: AsyncSession,
    bond: Bond,
    kind: Scope,
    now: datetime,
    *,
    delay: int | None = None,
    threshold: int | None = None,
    confirmed_until: datetime | None = None,
) -> bool:
    """Switch a scope on, or change how it is set; the bond says whether with names, and asked first.

    Whether that is something new: then whoever calls it leaves a tombstone before the commit.
    """
    values: dict[str, Any] = {"delay": delay, "threshold": threshold, "confirmed_until": confirmed_until}
    here = (col(BondScope.bond_id) == bond.key, col(BondScope.kind) == kind)
    changed = update(BondScope).where(*here).values(**values).returning(col(BondScope.bond_id))
    if (await session.exec(changed)).first() is None:
        session.add(BondScope(bond_id=bond.key, person_id=bond.person_id, kind=kind, since=now, **values))
    await session.flush()
    return await _log(session, bond, kind, now, on=True, delay=delay, threshold=threshold)


async def log_all(session: AsyncSession, bond: Bond, now: datetime) -> list[Scope]:
    """Something was set that holds for all scopes of a bond that are on; those for which it is new."""
    on = (await of_bonds(session, [bond.key]))[bond.key]
    return [
        row.kind
        for row in on
        if await _log(session, bond, row.kind, now, on=True, delay=row.delay, threshold=row.threshold)
    ]


async def set_at(session: AsyncSession, keys: Collection[int]) -> dict[tuple[int, Scope], datetime]:
    """When scopes of some bonds were last switched or set, by bond and scope."""
    query = select(ScopeChange.bond_id, ScopeChange.kind, func.max(ScopeChange.at))
    query = query.where(col(ScopeChange.bond_id).in_(keys)).group_by(
        col(ScopeChange.bond_id), col(ScopeChange.kind)
    )
    return {(bond_id, Scope(kind)): at for bond_id, kind, at in await session.exec(query)}


async def switch_off(session: AsyncSession, bond: Bond, kind: Scope, now: datetime) -> bool:
    """Switch a scope off; False when it was. Whoever calls it leaves a tombstone before the commit.

    The names of medicines go with the one scope where they were ticked: whoever may record saw them, too.
    """
    if kind is Scope.DOSE_NOT_RECORDED:
        bond.names_told = False
    here = (col(BondScope.bond_id) == bond.key, col(BondScope.kind) == kind)
    gone = delete(BondScope).where(*here).returning(col(BondScope.bond_id))
    if (await session.exec(gone)).first() is None:
        return False
    await _log(session, bond, kind, now, on=False)
    return True


async def _log(
    session: AsyncSession,
    bond: Bond,
    kind: Scope,
    now: datetime,
    *,
    on: bool,
    delay: int | None = None,
    threshold: int | None = None,
) -> bool:
    """Log how a scope stands now, if that is something new; whether it is."""
    change = ScopeChange(bond_id=bond.key, person_id=bond.person_id, kind=kind, turned_on=on, at=now)
    if on:
        change.delay, change.threshold, change.review = delay, threshold, bond.review
        change.names_told = bond.names_told if kind is Scope.DOSE_NOT_RECORDED else None
    last = select(ScopeChange).where(ScopeChange.bond_id == bond.key, ScopeChange.kind == kind)
    before = (await session.exec(last.order_by(col(ScopeChange.id).desc()).limit(1))).first()
    if before is not None and before.standing == change.standing:
        return False
    session.add(change)
    await session.flush()
    return True
