"""A person's estate: every row about them, to hand over or to erase. A test walks the tables."""

from dataclasses import dataclass

from sqlalchemy import delete, tuple_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import care, declarations, notices, safety_plans, timers
from storage.care import CareContact, CareFile
from storage.checkins import Checkin
from storage.crises import CrisisEvent
from storage.declarations import DeclaredFact
from storage.dialogs import OpenDialog
from storage.doses import Dose, DoseCard, DoseEvent
from storage.ledger import LedgerRow
from storage.notices import Notice
from storage.outbox import OutboxRow
from storage.people import Consent, Person, PersonKey
from storage.questionnaires import Questionnaire
from storage.regimens import Regimen, RegimenVersion
from storage.safety_plans import SafetyPlan

# Children first, so that foreign keys hold at every step. The key goes first of all.
ERASED_BY_PERSON: tuple[type[SQLModel], ...] = (
    PersonKey,
    OutboxRow,
    OpenDialog,
    DoseEvent,
    Dose,
    DoseCard,
    Checkin,
    Questionnaire,
    DeclaredFact,
    Notice,
    CareContact,
    CareFile,
    CrisisEvent,
    SafetyPlan,
    Consent,
)


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything kept about one person, apart from messages under way."""

    person: Person
    consents: list[Consent]
    regimens: list[Regimen]
    versions: list[RegimenVersion]
    doses: list[Dose]
    dose_events: list[DoseEvent]
    checkins: list[Checkin]
    questionnaires: list[Questionnaire]
    declared: list[DeclaredFact]
    notices: list[Notice]
    care_contacts: list[CareContact]
    care_file: CareFile | None
    crises: list[CrisisEvent]
    safety_plan: SafetyPlan | None


async def read(session: AsyncSession, person_id: int) -> Estate:
    """Every row about a person."""
    of_person = Regimen.person_id == person_id
    owned = (
        select(RegimenVersion).join(Regimen, col(Regimen.id) == RegimenVersion.regimen_id).where(of_person)
    )
    return Estate(
        person=(await session.exec(select(Person).where(Person.id == person_id))).one(),
        consents=list(await session.exec(select(Consent).where(Consent.person_id == person_id))),
        regimens=list(await session.exec(select(Regimen).where(of_person))),
        versions=list(await session.exec(owned)),
        doses=list(await session.exec(select(Dose).where(Dose.person_id == person_id))),
        dose_events=list(await session.exec(select(DoseEvent).where(DoseEvent.person_id == person_id))),
        checkins=list(await session.exec(select(Checkin).where(Checkin.person_id == person_id))),
        questionnaires=list(
            await session.exec(select(Questionnaire).where(Questionnaire.person_id == person_id))
        ),
        declared=await declarations.of_people(session, [person_id]),
        notices=await notices.of_people(session, [person_id]),
        care_contacts=await care.contacts(session, person_id),
        care_file=(await care.files(session, [person_id])).get(person_id),
        crises=list(await session.exec(select(CrisisEvent).where(CrisisEvent.person_id == person_id))),
        safety_plan=await safety_plans.of_person(session, person_id),
    )


async def erase(session: AsyncSession, person_id: int) -> None:
    """Destroy the person's key and delete every row about them."""
    await session.flush()
    for table in ERASED_BY_PERSON:
        await session.exec(delete(table).where(table.__table__.c.person_id == person_id))  # type: ignore[attr-defined]
    owned = select(Regimen.id).where(Regimen.person_id == person_id)
    await session.exec(delete(RegimenVersion).where(col(RegimenVersion.regimen_id).in_(owned)))
    await session.exec(delete(Regimen).where(col(Regimen.person_id) == person_id))
    await timers.forget(session, "person", person_id)
    home = select(Person.account, Person.ref).where(Person.id == person_id)
    sent = delete(LedgerRow).where(tuple_(col(LedgerRow.account), col(LedgerRow.ref)).in_(home))
    await session.exec(sent)
    session.expunge_all()
    await session.exec(delete(Person).where(col(Person.id) == person_id))
