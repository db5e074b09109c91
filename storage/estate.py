"""A person's estate: every row about them, to hand over or to erase. A test walks the tables."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, tuple_
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from storage import bonds, caring, invites, timers, told
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
    """Everything kept about one person, apart from messages under way; the oldest of each kind first."""

    person: Person
    consents: list[Consent] = field(default_factory=list)
    regimens: list[Regimen] = field(default_factory=list)
    versions: list[RegimenVersion] = field(default_factory=list)
    steps: list[RegimenStep] = field(default_factory=list)
    stocks: list[Stock] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    dose_events: list[DoseEvent] = field(default_factory=list)
    dose_notes: list[DoseNote] = field(default_factory=list)
    adherence_days: list[AdherenceDay] = field(default_factory=list)
    checkins: list[Checkin] = field(default_factory=list)
    questionnaires: list[Questionnaire] = field(default_factory=list)
    declared: list[DeclaredFact] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    care_contacts: list[CareContact] = field(default_factory=list)
    care_files: list[CareFile] = field(default_factory=list)
    crises: list[CrisisEvent] = field(default_factory=list)
    safety_plans: list[SafetyPlan] = field(default_factory=list)
    invites: list[Invite] = field(default_factory=list)
    bonds: list[Bond] = field(default_factory=list)
    scopes: list[BondScope] = field(default_factory=list)
    scope_changes: list[ScopeChange] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    words: list[CaregiverWord] = field(default_factory=list)
    caring: list[Caring] = field(default_factory=list)

    @property
    def care_file(self) -> CareFile | None:
        """There is one at the most."""
        return next(iter(self.care_files), None)

    @property
    def safety_plan(self) -> SafetyPlan | None:
        """There is one at the most."""
        return next(iter(self.safety_plans), None)


_PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)


def _of_owners(owner: Any, table: type[SQLModel], *order: Any) -> Select[int, Any]:
    """The rows of a table whose owners are among some people, each after its owner."""
    return select(owner, table).where(col(owner).in_(_PEOPLE)).order_by(*order)


def _of_people(table: type[SQLModel], *order: Any) -> Select[int, Any]:
    """By their ids, unless another order is given."""
    columns = table.__table__.c  # type: ignore[attr-defined]
    return _of_owners(columns.person_id, table, *(order or (columns.id,)))


_EVERYBODY = select(Person).where(col(Person.id).in_(_PEOPLE)).order_by(col(Person.id))
_OF_REGIMEN = col(Regimen.id) == col(RegimenVersion.regimen_id)
_OF_VERSION = col(RegimenVersion.id) == col(RegimenStep.version_id)
# The parts of an estate, and where their rows are.
_PARTS: Mapping[str, Select[int, Any]] = {
    "consents": _of_people(Consent),
    "regimens": _of_people(Regimen),
    "versions": _of_owners(Regimen.person_id, RegimenVersion, RegimenVersion.id).join_from(
        RegimenVersion, Regimen, _OF_REGIMEN
    ),
    "steps": _of_owners(Regimen.person_id, RegimenStep, RegimenStep.version_id, RegimenStep.number)
    .join_from(RegimenStep, RegimenVersion, _OF_VERSION)
    .join(Regimen, _OF_REGIMEN),
    "stocks": _of_people(Stock, Stock.regimen_id),
    "doses": _of_people(Dose),
    "dose_events": _of_people(DoseEvent),
    "dose_notes": _of_people(DoseNote),
    "adherence_days": _of_people(AdherenceDay, AdherenceDay.day, AdherenceDay.regimen_id),
    "checkins": _of_people(Checkin),
    "questionnaires": _of_people(Questionnaire),
    "declared": _of_people(DeclaredFact, DeclaredFact.said_at, DeclaredFact.id),
    "notices": _of_people(Notice, Notice.told_at, Notice.id),
    "care_contacts": _of_people(CareContact),
    "care_files": _of_people(CareFile, CareFile.person_id),
    "crises": _of_people(CrisisEvent),
    "safety_plans": _of_people(SafetyPlan, SafetyPlan.person_id),
    "invites": _of_people(Invite),
    "bonds": _of_people(Bond),
    "scopes": _of_people(BondScope, BondScope.since, BondScope.kind),
    "scope_changes": _of_people(ScopeChange),
    "told": _of_people(Told),
    "words": _of_people(CaregiverWord),
    "caring": _of_owners(Caring.caregiver_id, Caring, Caring.id),
}


async def read(session: AsyncSession, person_id: int) -> Estate:
    """Every row about a person. Raises ValueError when there is nobody of that id."""
    [found] = await of_people(session, [person_id])
    return found


async def of_people(session: AsyncSession, person_ids: Collection[int]) -> list[Estate]:
    """Every row about several people, in order of their ids, with a statement for each table."""
    wanted = {"people": list(person_ids)}
    found = {person.key: Estate(person) for person in await session.exec(_EVERYBODY, params=wanted)}
    for part, rows in _PARTS.items():
        for owner, row in await session.exec(rows, params=wanted):
            getattr(found[owner], part).append(row)
    return list(found.values())


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
