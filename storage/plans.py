"""Plans: the dated steps of a version of a regimen, each with its timing and its sealed amounts."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, ClassVar, NamedTuple, cast

from sqlalchemy import JSON, Column, UniqueConstraint, bindparam
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from storage import regimens
from storage.columns import LONG
from storage.regimens import Regimen, RegimenVersion
from storage.sealing import Sealer


class RegimenStep(SQLModel, table=True):
    """What holds from the local day `since` until the next step; steps of a version are numbered from 0.

    The timing is the scheduler's data, as that of a version. Sealed JSON: a list of the amounts that take
    turns, mostly one. Steps are written with their version and never changed.
    """

    __tablename__: ClassVar[str] = "regimen_step"
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    version_id: int = Field(foreign_key="regimen_version.id", sa_type=LONG)
    number: int
    since: date
    timing: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    amounts_sealed: bytes


class NewStep(NamedTuple):
    """A step to be written: from which local day, by which timing, and the amounts that take turns."""

    since: date
    timing: Mapping[str, Any]
    amounts: Sequence[str]


def seal_amounts(sealer: Sealer, amounts: Sequence[str]) -> bytes:
    """The amounts of a step, sealed."""
    return sealer.seal(RegimenStep.__tablename__, "amounts_sealed", json.dumps(list(amounts)))


def open_amounts(sealer: Sealer, step: RegimenStep) -> list[str]:
    """The amounts of a step, in the order in which they take turns."""
    opened: list[str] = json.loads(
        sealer.open(RegimenStep.__tablename__, "amounts_sealed", step.amounts_sealed)
    )
    return opened


async def put(session: AsyncSession, sealer: Sealer, version_id: int, steps: Sequence[NewStep]) -> None:
    """Write the steps of a new version of this person, in their order."""
    session.add_all(
        RegimenStep(
            version_id=version_id,
            number=number,
            since=step.since,
            timing=dict(step.timing),
            amounts_sealed=seal_amounts(sealer, step.amounts),
        )
        for number, step in enumerate(steps)
    )
    await session.flush()


async def of_people(
    session: AsyncSession, person_ids: list[int], *, stopped: bool = False
) -> list[tuple[Regimen, RegimenVersion, list[RegimenStep]]]:
    """Regimens of several people with their newest version and its steps, oldest regimen first."""
    found: dict[int, tuple[Regimen, RegimenVersion, list[RegimenStep]]] = {}
    for regimen, version, step in await session.exec(_newest(stopped), params={"people": person_ids}):
        steps = found.setdefault(regimen.key, (regimen, version, []))[2]
        if step is not None:
            steps.append(step)
    return list(found.values())


@cache
def _newest(stopped: bool) -> Select[Regimen, RegimenVersion, RegimenStep | None]:
    belongs = col(RegimenStep.version_id) == col(RegimenVersion.id)
    joined = regimens.newest(stopped).outerjoin_from(RegimenVersion, RegimenStep, belongs)
    query = joined.add_columns(RegimenStep).order_by(col(RegimenStep.number))
    # The outer join makes the step optional, which the types cannot know.
    return cast(Select[Regimen, RegimenVersion, RegimenStep | None], query)


_OF_VERSIONS = (
    select(RegimenStep)
    .where(col(RegimenStep.version_id).in_(bindparam("versions", expanding=True)))
    .order_by(col(RegimenStep.version_id), col(RegimenStep.number))
)


async def of_versions(session: AsyncSession, version_ids: Sequence[int]) -> dict[int, list[RegimenStep]]:
    """The steps of several versions, in their order; a version without steps has no entry."""
    found: dict[int, list[RegimenStep]] = defaultdict(list)
    for step in await session.exec(_OF_VERSIONS, params={"versions": list(version_ids)}):
        found[step.version_id].append(step)
    return dict(found)
