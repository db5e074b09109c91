"""Regimens: what is taken, how much, by which timing; every change is a new version."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, UniqueConstraint, bindparam, true, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from storage.columns import LONG, NEVER_REUSED, word
from storage.sealing import Sealer
from storage.vocabulary import RegimenState


class Regimen(SQLModel, table=True):
    """A medicine of a person. `planned_through` is the instant up to which its doses exist as rows.

    `home_zone` is set when the medicine follows home time; None means local time, wherever the person is.
    `for_mood`: it counts when the pattern of mood and doses is looked at; a vitamin does not.
    `last_taken_at`: the instant of the last taking, as far as the doses tell; what hours are counted from.
    `paused_at`: when the pause began that still holds, be it one of everything. `step_told_for`: the first
    day of the step of the plan of which the person has heard, be it that it is as they wrote or that they
    were asked; `step_ask_at`: when to ask them once more.
    """

    __tablename__ = "regimen"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", index=True, sa_type=LONG)
    state: RegimenState = Field(default=RegimenState.ACTIVE, sa_type=word(RegimenState))
    home_zone: str | None = None
    for_mood: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    created_at: datetime
    planned_through: datetime
    stopped_at: datetime | None = None
    last_taken_at: datetime | None = None
    paused_at: datetime | None = None
    step_told_for: date | None = None
    step_ask_at: datetime | None = None

    @property
    def key(self) -> int:
        """The id of a stored regimen."""
        if (key := self.id) is None:
            raise ValueError("this regimen is not stored yet")
        return key


class RegimenVersion(SQLModel, table=True):
    """What a regimen was from one instant until the next version. The timing is the scheduler's data.

    `starts_on` and `ends_on` are the first and the last local day with doses; None for open. A version with
    steps (`storage.plans`) goes by them.
    """

    __tablename__: ClassVar[str] = "regimen_version"
    __table_args__ = (UniqueConstraint("regimen_id", "number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    regimen_id: int = Field(foreign_key="regimen.id", sa_type=LONG)
    number: int
    since: datetime
    timing: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    name_sealed: bytes
    amount_sealed: bytes
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def key(self) -> int:
        """The id of a stored version."""
        if (key := self.id) is None:
            raise ValueError("this version is not stored yet")
        return key


def seal_words(sealer: Sealer, name: str, amount: str) -> tuple[bytes, bytes]:
    """Name and amount, sealed for a version."""
    table = RegimenVersion.__tablename__
    return sealer.seal(table, "name_sealed", name), sealer.seal(table, "amount_sealed", amount)


def open_words(sealer: Sealer, version: RegimenVersion) -> tuple[str, str]:
    """Name and amount of a version."""
    table = RegimenVersion.__tablename__
    return (
        sealer.open(table, "name_sealed", version.name_sealed),
        sealer.open(table, "amount_sealed", version.amount_sealed),
    )


async def of_people(
    session: AsyncSession, person_ids: list[int], *, stopped: bool = False
) -> list[tuple[Regimen, RegimenVersion]]:
    """Regimens of several people with their newest version, oldest regimen first."""
    return list(await session.exec(newest(stopped), params={"people": person_ids}))


@cache
def newest(stopped: bool) -> Select[Regimen, RegimenVersion]:
    """Asks for the regimens of `people` with their newest version, oldest regimen first."""
    number = (
        select(RegimenVersion.number)
        .where(RegimenVersion.regimen_id == col(Regimen.id))
        .order_by(col(RegimenVersion.number).desc())
        .limit(1)
        .correlate(Regimen)
        .scalar_subquery()
    )
    query = (
        select(Regimen, RegimenVersion)
        .where(RegimenVersion.regimen_id == col(Regimen.id), RegimenVersion.number == number)
        .where(col(Regimen.person_id).in_(bindparam("people", expanding=True)))
        .order_by(col(Regimen.id))
    )
    return query if stopped else query.where(Regimen.state != RegimenState.STOPPED)


async def plan_through(session: AsyncSession, regimens: Iterable[Regimen], now: datetime) -> None:
    """The doses of these regimens exist up to `now`, in one statement; what is planned further stays so."""
    behind = [regimen for regimen in regimens if regimen.planned_through < now]
    if behind:
        wanted = {"now": now, "regimens": [regimen.key for regimen in behind]}
        await (await session.connection()).execute(_PLANNED_THROUGH, wanted)
    for regimen in behind:
        set_committed_value(regimen, "planned_through", now)


_PLANNED_THROUGH = (
    update(Regimen)
    .where(col(Regimen.id).in_(bindparam("regimens", expanding=True)))
    .values(planned_through=bindparam("now"))
)


async def versions_of_people(
    session: AsyncSession, person_ids: Sequence[int]
) -> list[tuple[Regimen, RegimenVersion]]:
    """Every version of every regimen of several people, oldest regimen first, then oldest version."""
    query = (
        select(Regimen, RegimenVersion)
        .where(RegimenVersion.regimen_id == col(Regimen.id), col(Regimen.person_id).in_(person_ids))
        .order_by(col(Regimen.id), col(RegimenVersion.number))
    )
    return list(await session.exec(query))


async def versions_by_key(session: AsyncSession, keys: Sequence[int]) -> list[RegimenVersion]:
    """Some versions, each by its key."""
    return list(await session.exec(select(RegimenVersion).where(col(RegimenVersion.id).in_(keys))))


async def versions(session: AsyncSession, regimen_id: int) -> list[RegimenVersion]:
    """Every version of one regimen, oldest first."""
    query = (
        select(RegimenVersion)
        .where(RegimenVersion.regimen_id == regimen_id)
        .order_by(col(RegimenVersion.number))
    )
    return list(await session.exec(query))
