"""A person's estate: every row about them, to hand over or to erase. A test walks the tables."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, tuple_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bonds, care, caring, declarations, invites, notices, safety_plans, stock, timers, told
from storage.adherence_days import AdherenceDay
from storage.bonds import Bond
from storage.care import CareContact, CareFile
from storage.caring import Caring
from storage.checkins import Checkin
from storage.crises import CrisisEvent
from storage.declarations import DeclaredFact
from storage.dialogs import OpenDialog
from storage.dose_cards import DoseCard
from storage.dose_events import DoseEvent
from storage.doses import Dose
from storage.holding import hold_people
from storage.invites import Invite
from storage.lapses import Lapse
from storage.ledger import LedgerRow
from storage.notes import DoseNote
from storage.notices import Notice
from storage.outbox import OutboxRow
from storage.people import Consent, Person, PersonKey
from storage.plans import RegimenStep
from storage.questionnaires import Questionnaire
from storage.regimens import Regimen, RegimenVersion
from storage.safety_plans import SafetyPlan
from storage.scopes import BondScope, ScopeChange
from storage.stock import Stock
from storage.timers import Setting
from storage.told import Told
from storage.words import CaregiverWord
from storage.wrong_links import WrongLink

Row = TypeVar("Row", bound=SQLModel)

# Children first, so that foreign keys hold at every step. The key goes first of all.
ERASED_BY_PERSON: tuple[type[SQLModel], ...] = (
    PersonKey,
    OutboxRow,
    OpenDialog,
    AdherenceDay,
    Stock,
    DoseNote,
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
    Told,
    CaregiverWord,
    ScopeChange,
    BondScope,
    Lapse,
    Bond,
    Invite,
    WrongLink,
    Consent,
)


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything kept about one person, apart from messages under way."""

    person: Person
    consents: list[Consent]
    regimens: list[Regimen]
    versions: list[RegimenVersion]
    steps: list[RegimenStep]
    stocks: list[Stock]
    doses: list[Dose]
    dose_events: list[DoseEvent]
    dose_notes: list[DoseNote]
    adherence_days: list[AdherenceDay]
    checkins: list[Checkin]
    questionnaires: list[Questionnaire]
    declared: list[DeclaredFact]
    notices: list[Notice]
    care_contacts: list[CareContact]
    care_file: CareFile | None
    crises: list[CrisisEvent]
    safety_plan: SafetyPlan | None
    invites: list[Invite]
    bonds: list[Bond]
    scopes: list[BondScope]
    scope_changes: list[ScopeChange]
    told: list[Told]
    words: list[CaregiverWord]
    caring: list[Caring]


async def read(session: AsyncSession, person_id: int) -> Estate:
    """Every row about a person, in the order in which they were written."""
    versions = (
        select(RegimenVersion)
        .join(Regimen, col(Regimen.id) == RegimenVersion.regimen_id)
        .where(Regimen.person_id == person_id)
        .order_by(col(RegimenVersion.id))
    )
    steps = (
        select(RegimenStep)
        .join(RegimenVersion, col(RegimenVersion.id) == RegimenStep.version_id)
        .join(Regimen, col(Regimen.id) == RegimenVersion.regimen_id)
        .where(Regimen.person_id == person_id)
        .order_by(col(RegimenStep.version_id), col(RegimenStep.number))
    )
    days = (
        select(AdherenceDay)
        .where(AdherenceDay.person_id == person_id)
        .order_by(col(AdherenceDay.day), col(AdherenceDay.regimen_id))
    )
    return Estate(
        person=(await session.exec(select(Person).where(Person.id == person_id))).one(),
        consents=await _rows(session, Consent, person_id),
        regimens=await _rows(session, Regimen, person_id),
        versions=list(await session.exec(versions)),
        steps=list(await session.exec(steps)),
        stocks=await stock.of_people(session, [person_id]),
        doses=await _rows(session, Dose, person_id),
        dose_events=await _rows(session, DoseEvent, person_id),
        dose_notes=await _rows(session, DoseNote, person_id),
        adherence_days=list(await session.exec(days)),
        checkins=await _rows(session, Checkin, person_id),
        questionnaires=await _rows(session, Questionnaire, person_id),
        declared=await declarations.of_people(session, [person_id]),
        notices=await notices.of_people(session, [person_id]),
        care_contacts=await care.contacts(session, person_id),
        care_file=(await care.files(session, [person_id])).get(person_id),
        crises=await _rows(session, CrisisEvent, person_id),
        safety_plan=await safety_plans.of_person(session, person_id),
        invites=await _rows(session, Invite, person_id),
        bonds=await _rows(session, Bond, person_id),
        scopes=list(await session.exec(select(BondScope).where(BondScope.person_id == person_id))),
        scope_changes=await _rows(session, ScopeChange, person_id),
        told=await _rows(session, Told, person_id),
        words=await _rows(session, CaregiverWord, person_id),
        caring=await caring.of_caregiver(session, person_id, ended=True),
    )


async def _rows(session: AsyncSession, table: type[Row], person_id: int) -> list[Row]:
    columns = table.__table__.c  # type: ignore[attr-defined]
    query = select(table).where(columns.person_id == person_id).order_by(columns.id)
    return list(await session.exec(query))


async def erase(session: AsyncSession, person_id: int, now: datetime) -> None:
    """Destroy the person's key and delete every row about them.

    What others remember of them stays with those others: whoever cares for them still has their own name for
    them, and whom they cared for still has the log of what was sent.
    """
    await session.flush()
    await _leave_others(session, person_id, now)
    for table in ERASED_BY_PERSON:
        await session.exec(delete(table).where(table.__table__.c.person_id == person_id))  # type: ignore[attr-defined]
    owned = select(Regimen.id).where(Regimen.person_id == person_id)
    versions = select(RegimenVersion.id).where(col(RegimenVersion.regimen_id).in_(owned))
    await session.exec(delete(RegimenStep).where(col(RegimenStep.version_id).in_(versions)))
    await session.exec(delete(RegimenVersion).where(col(RegimenVersion.regimen_id).in_(owned)))
    await session.exec(delete(Regimen).where(col(Regimen.person_id) == person_id))
    await timers.forget(session, "person", person_id)
    home = select(Person.account, Person.ref).where(Person.id == person_id)
    sent = delete(LedgerRow).where(tuple_(col(LedgerRow.account), col(LedgerRow.ref)).in_(home))
    await session.exec(sent)
    session.expunge_all()
    await session.exec(delete(Person).where(col(Person.id) == person_id))


async def _leave_others(session: AsyncSession, person_id: int, now: datetime) -> None:
    """End what ties this person to others, on the others' side; they are looked at soon."""
    cared_for = await bonds.people_of(session, person_id)
    await hold_people(session, cared_for)
    await told.keep_outcomes_of(session, person_id)
    await bonds.let_go(session, person_id, now)
    await timers.put(session, [Setting(key, bonds.ROOM, now) for key in cared_for])
    await session.exec(delete(Caring).where(col(Caring.caregiver_id) == person_id))
    await caring.let_go(session, person_id)
    await invites.forget_opener(session, person_id)
