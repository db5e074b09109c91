"""Safety plans: six steps and up to three trusted people, every word of them sealed."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import LONG
from storage.sealing import Sealer


class SafetyPlan(SQLModel, table=True):
    """The plan of a person. Sealed JSON: a list of six texts, and a list of [name, reach]."""

    __tablename__: ClassVar[str] = "safety_plan"

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=LONG)
    steps_sealed: bytes
    contacts_sealed: bytes
    changed_at: datetime


def seal_words(
    sealer: Sealer, steps: Sequence[str], contacts: Sequence[tuple[str, str]]
) -> tuple[bytes, bytes]:
    """Steps and contacts (name, reach), sealed for a plan."""
    table = SafetyPlan.__tablename__
    return (
        sealer.seal(table, "steps_sealed", json.dumps(list(steps))),
        sealer.seal(table, "contacts_sealed", json.dumps(list(contacts))),
    )


def open_words(sealer: Sealer, plan: SafetyPlan) -> tuple[list[str], list[tuple[str, str]]]:
    """Steps and contacts (name, reach) of a plan."""
    table = SafetyPlan.__tablename__
    steps = json.loads(sealer.open(table, "steps_sealed", plan.steps_sealed))
    contacts = json.loads(sealer.open(table, "contacts_sealed", plan.contacts_sealed))
    return list(steps), [(name, reach) for name, reach in contacts]


async def of_person(session: AsyncSession, person_id: int) -> SafetyPlan | None:
    """The plan of a person."""
    return (await session.exec(select(SafetyPlan).where(SafetyPlan.person_id == person_id))).first()
