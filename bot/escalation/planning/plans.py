"""A person's safety plan, read from the database and written to it, sealed."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.escalation.planning.plan import Contact, Plan
from storage import safety_plans
from storage.safety_plans import SafetyPlan
from storage.sealing import Sealer


async def read(session: AsyncSession, sealer: Sealer, person_id: int) -> Plan:
    """The plan of a person; an empty one when nothing was ever written."""
    row = await safety_plans.of_person(session, person_id)
    if row is None:
        return Plan()
    steps, contacts = safety_plans.open_words(sealer, row)
    return Plan(tuple(steps), tuple(Contact(name, reach) for name, reach in contacts))


async def write(session: AsyncSession, sealer: Sealer, person_id: int, plan: Plan, now: datetime) -> None:
    """Keep a plan in the place of the earlier one; an empty plan leaves no row behind."""
    row = await safety_plans.of_person(session, person_id)
    if not plan.written and not plan.contacts:
        if row is not None:
            await session.delete(row)
        return
    people = [(contact.name, contact.reach) for contact in plan.contacts]
    steps, contacts = safety_plans.seal_words(sealer, plan.steps, people)
    if row is None:
        row = SafetyPlan(person_id=person_id, steps_sealed=steps, contacts_sealed=contacts, changed_at=now)
    row.steps_sealed, row.contacts_sealed, row.changed_at = steps, contacts, now
    session.add(row)
