"""Doses: one planned taking each."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Index, UniqueConstraint, and_, bindparam, false, func, or_, tuple_, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.adherence import DueDose
from storage.columns import LONG, NEVER_REUSED, word
from storage.database import is_postgresql
from storage.streaks import Taking
from storage.vocabulary import DoseKind, DoseState, SkipReason


class Dose(SQLModel, table=True):
    """A dose belongs to its slot's date for ever, whenever it is taken.

    `slot_date` and `slot_time` are local in `zone`; `due_at`, `window_end` and `snooze_limit` are instants.
    `asked` counts the reminders of this round; `reached` is true once one of them arrived. `told_at` is when
    an UNKNOWN dose was shown to the person as not delivered. A dose that was not planned has the day and time
    of its taking for a slot, and `due_at` is that instant.

    `step` and `turn` say which amount of its version it has: the number of the step, and the place in the
    amounts that take turns, both counted from 0; None where the version has no steps. `moved_from` is the
    instant at which it was due before the person moved it. `time_said`: `taken_at` is what the person said,
    not when they pressed. `recorded_by_sealed`: who recorded for the person that it was taken.
    """

    __tablename__ = "dose"
    __table_args__ = (
        UniqueConstraint("regimen_id", "slot_date", "slot_time", "kind", name="dose_of_slot"),
        Index("dose_of_person_by_day", "person_id", "slot_date"),
        Index("dose_of_person_by_state", "person_id", "state"),
        NEVER_REUSED,
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=LONG)
    person_id: int = Field(foreign_key="person.id", sa_type=LONG)
    regimen_id: int = Field(foreign_key="regimen.id", sa_type=LONG)
    version_id: int = Field(foreign_key="regimen_version.id", sa_type=LONG)
    slot_date: date
    slot_time: time
    zone: str
    due_at: datetime
    window_end: datetime
    snooze_limit: datetime
    state: DoseState = Field(default=DoseState.OPEN, sa_type=word(DoseState))
    ended_at: datetime | None = None
    taken_at: datetime | None = None
    reason: SkipReason | None = Field(default=None, sa_type=word(SkipReason))
    card_id: int | None = Field(default=None, foreign_key="dose_card.id", index=True, sa_type=LONG)
    asked: int = 0
    reached: bool = False
    next_ask_at: datetime | None = None
    snoozed_until: datetime | None = None
    told_at: datetime | None = None
    kind: DoseKind = Field(
        default=DoseKind.PLANNED, sa_type=word(DoseKind), sa_column_kwargs={"server_default": "planned"}
    )
    step: int | None = None
    turn: int | None = None
    moved_from: datetime | None = None
    time_said: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    recorded_by_sealed: bytes | None = None

    @property
    def key(self) -> int:
        """The id of a stored dose."""
        if (key := self.id) is None:
            raise ValueError("this dose is not stored yet")
        return key


# What every dose begins with.
_FRESH = {"state": DoseState.OPEN, "asked": 0, "reached": False, "time_said": False}
_DOSE = SQLModel.metadata.tables["dose"]
_SLOT = ("regimen_id", "slot_date", "slot_time", "kind")


class DueSlot(NamedTuple):
    """A dose to be: what is known of it before it has a row."""

    person_id: int
    regimen_id: int
    version_id: int
    slot_date: date
    slot_time: time
    zone: str
    due_at: datetime
    window_end: datetime
    snooze_limit: datetime
    kind: DoseKind = DoseKind.PLANNED
    step: int | None = None
    turn: int | None = None
    moved_from: datetime | None = None


async def add_new(session: AsyncSession, slots: Sequence[DueSlot]) -> list[Dose]:
    """Insert doses, set at a time; a slot that has its dose already is left alone. The new ones come back."""
    if not slots:
        return []
    # The rows that are told become doses; an insert by the ORM itself would make each of them twice.
    written: Any = select(Dose).from_statement(_inserting(is_postgresql(session)))
    rows = [slot._asdict() | _FRESH for slot in slots]
    return list((await session.exec(written, params=rows)).scalars())


@cache
def _inserting(on_server: bool) -> ReturningInsert[Any]:
    inserting = postgresql.insert(_DOSE) if on_server else sqlite.insert(_DOSE)
    return inserting.on_conflict_do_nothing(index_elements=_SLOT).returning(_DOSE)


# Built once: building them again for every press would cost more than the press.
_OF_PEOPLE = (
    select(Dose)
    .where(col(Dose.person_id).in_(bindparam("people", expanding=True)))
    .order_by(col(Dose.due_at), col(Dose.id))
)
_OPEN = _OF_PEOPLE.where(Dose.state == DoseState.OPEN)
_ON_CARDS = _OF_PEOPLE.where(col(Dose.card_id).in_(bindparam("cards", expanding=True)))
_OWNED = select(Dose).where(Dose.id == bindparam("dose"), Dose.person_id == bindparam("person"))
_UNTOLD = _OF_PEOPLE.where(Dose.state == DoseState.UNKNOWN, col(Dose.told_at).is_(None))


async def open_of_people(session: AsyncSession, person_ids: list[int]) -> list[Dose]:
    """The open doses of several people, in order of due instant."""
    return list(await session.exec(_OPEN, params={"people": list(person_ids)}))


async def of_day(session: AsyncSession, person_id: int, day: date) -> list[Dose]:
    """All doses of one local date, in order of slot."""
    return await between(session, person_id, day, day)


async def between(session: AsyncSession, person_id: int, first: date, last: date) -> list[Dose]:
    """All doses of a person with slot dates from `first` to `last`, both included."""
    query = (
        select(Dose)
        .where(Dose.person_id == person_id, col(Dose.slot_date).between(first, last))
        .order_by(col(Dose.slot_date), col(Dose.slot_time), col(Dose.id))
    )
    return list(await session.exec(query))


async def of_cards(
    session: AsyncSession, person_ids: Collection[int], card_ids: Collection[int]
) -> list[Dose]:
    """The doses shown on some cards of these people, in order of due instant."""
    wanted = {"people": list(person_ids), "cards": list(card_ids)}
    return list(await session.exec(_ON_CARDS, params=wanted))


async def untold(session: AsyncSession, person_ids: list[int]) -> list[Dose]:
    """Doses that could not be asked for and that the person has not been told of yet."""
    return list(await session.exec(_UNTOLD, params={"people": list(person_ids)}))


async def take_back_telling(
    session: AsyncSession, card_ids: Collection[int], spans: Collection[tuple[int, int, int]]
) -> None:
    """Nobody was told of these doses: what spoke of them never left.

    Those that could not be asked for, on these cards or in spans of a person, `(person_id, first, last)`. A
    card lists the newest alone; what else was said to be told with it was not told either.
    """
    together = select_columns(col(Dose.person_id), col(Dose.told_at)).where(
        col(Dose.card_id).in_(card_ids), col(Dose.told_at).is_not(None)
    )
    within = (
        and_(col(Dose.person_id) == who, col(Dose.id).between(first, last)) for who, first, last in spans
    )
    listed = or_(tuple_(col(Dose.person_id), col(Dose.told_at)).in_(together), *within)
    await session.exec(update(Dose).where(listed, col(Dose.state) == DoseState.UNKNOWN).values(told_at=None))


async def rename(
    session: AsyncSession,
    regimen_ids: Collection[int],
    between: tuple[time, time],
    by: timedelta,
    belongs: Callable[[Dose], bool],
) -> list[Dose]:
    """Let doses with slot times `between` (the second one excluded) belong to another day, and return them.

    `belongs`: whether one bears a name that is to change. They go in an order in which no slot takes the name
    of another on the way; one whose new name another dose has keeps its own.
    """
    first, end = between
    query = select(Dose).where(
        col(Dose.regimen_id).in_(regimen_ids), col(Dose.slot_time) >= first, col(Dose.slot_time) < end
    )
    rows = sorted(await session.exec(query), key=lambda dose: dose.slot_date, reverse=by > timedelta())
    taken, renamed = {_name(dose) for dose in rows}, list[Dose]()
    for dose in filter(belongs, rows):
        name = _name(dose, by)
        if name not in taken:
            taken ^= {_name(dose), name}
            renamed.append(dose)
    named = [{"dose": dose.key, "day": dose.slot_date + by} for dose in renamed]
    if named:
        await session.flush()
        renaming = update(Dose).where(col(Dose.id) == bindparam("dose"))
        await (await session.connection()).execute(renaming.values(slot_date=bindparam("day")), named)
    for dose, each in zip(renamed, named, strict=True):
        set_committed_value(dose, "slot_date", each["day"])
    return renamed


def _name(dose: Dose, by: timedelta = timedelta(0)) -> tuple[int, date, time, DoseKind]:
    """What is unique of a dose, on another day."""
    return dose.regimen_id, dose.slot_date + by, dose.slot_time, dose.kind


async def last_answered(session: AsyncSession, person_id: int, since: datetime) -> Dose | None:
    """The dose that the person answered last, if that was after `since`."""
    query = (
        select(Dose)
        .where(Dose.person_id == person_id, col(Dose.state).in_([DoseState.TAKEN, DoseState.SKIPPED]))
        .where(col(Dose.ended_at) >= since)
        .order_by(col(Dose.ended_at).desc(), col(Dose.id).desc())
    )
    return (await session.exec(query)).first()


async def of_regimen_slot(session: AsyncSession, regimen_id: int, day: date, at: time) -> Dose | None:
    """The planned dose of one slot of a regimen."""
    query = select(Dose).where(Dose.regimen_id == regimen_id, Dose.slot_date == day, Dose.slot_time == at)
    return (await session.exec(query.where(Dose.kind == DoseKind.PLANNED))).first()


async def owned(session: AsyncSession, person_id: int, dose_id: int) -> Dose | None:
    """A dose, if it is this person's."""
    return (await session.exec(_OWNED, params={"dose": dose_id, "person": person_id})).first()


async def last_answered_of(session: AsyncSession, regimen_id: int) -> Dose | None:
    """The latest slot of a regimen that the person answered."""
    query = (
        select(Dose)
        .where(Dose.regimen_id == regimen_id, Dose.kind == DoseKind.PLANNED)
        .where(col(Dose.state).in_([DoseState.TAKEN, DoseState.SKIPPED]))
        .order_by(col(Dose.due_at).desc())
    )
    return (await session.exec(query)).first()


async def takings(session: AsyncSession, person_id: int) -> list[Taking]:
    """What a person's streak is made of: the day, state and reason of every planned dose."""
    query = select(col(Dose.slot_date), col(Dose.state), col(Dose.reason)).where(
        Dose.person_id == person_id, Dose.kind == DoseKind.PLANNED
    )
    return [Taking(day, state, reason) for day, state, reason in await session.exec(query)]


# When a dose was taken, as far as anybody knows.
TAKEN_AROUND = func.coalesce(col(Dose.taken_at), col(Dose.due_at))
_TAKEN_SINCE = (
    select(Dose)
    .where(col(Dose.regimen_id).in_(bindparam("regimens", expanding=True)), Dose.state == DoseState.TAKEN)
    .where(bindparam("since", type_=TAKEN_AROUND.type) <= TAKEN_AROUND)
    .order_by(TAKEN_AROUND, col(Dose.id))
)


async def last_taken(session: AsyncSession, regimen_ids: Collection[int]) -> dict[int, datetime]:
    """The instant of the last taking of several regimens, of whatever kind; without a taking, no entry."""
    query = (
        select(col(Dose.regimen_id), func.max(TAKEN_AROUND))
        .where(col(Dose.regimen_id).in_(regimen_ids), Dose.state == DoseState.TAKEN)
        .group_by(col(Dose.regimen_id))
    )
    return dict((await session.exec(query)).all())


async def taken_since(session: AsyncSession, regimen_ids: Collection[int], since: datetime) -> list[Dose]:
    """What was taken of several regimens from an instant on, of whatever kind, in order of taking."""
    wanted = {"regimens": list(regimen_ids), "since": since}
    return list(await session.exec(_TAKEN_SINCE, params=wanted))


async def planned_of_regimens(
    session: AsyncSession, regimen_ids: Collection[int], first: date, last: date
) -> list[Dose]:
    """The planned doses of several regimens with slot dates from `first` to `last`, both included."""
    query = (
        select(Dose)
        .where(col(Dose.regimen_id).in_(regimen_ids), Dose.kind == DoseKind.PLANNED)
        .where(col(Dose.slot_date).between(first, last))
        .order_by(col(Dose.slot_date), col(Dose.slot_time), col(Dose.id))
    )
    return list(await session.exec(query))


async def due_doses(session: AsyncSession, person_id: int, first: date, last: date) -> list[DueDose]:
    """What a person's adherence is made of, with slot dates from `first` to `last`, both included.

    Of every kind; the figures keep them apart.
    """
    return [due_dose(row) for row in await between(session, person_id, first, last)]


async def skips(
    session: AsyncSession, person_id: int, reason: SkipReason, first: date, last: date
) -> list[tuple[date, int]]:
    """The days and regimens of doses skipped for a reason, from `first` to `last`, both included."""
    query = select(col(Dose.slot_date), col(Dose.regimen_id)).where(
        Dose.person_id == person_id, col(Dose.slot_date).between(first, last)
    )
    found = await session.exec(query.where(Dose.state == DoseState.SKIPPED, Dose.reason == reason))
    return list(found.all())


def due_dose(row: Dose) -> DueDose:
    """A dose, as far as adherence is concerned."""
    return DueDose(
        row.regimen_id,
        row.slot_date,
        row.state,
        row.due_at,
        row.window_end,
        row.reason,
        row.taken_at,
        row.kind,
    )


async def recorded_for(session: AsyncSession, person_id: int, first: date, last: date) -> list[Dose]:
    """Doses that somebody recorded for the person, with slot dates from `first` to `last`, both included."""
    query = select(Dose).where(Dose.person_id == person_id, col(Dose.slot_date).between(first, last))
    return list(await session.exec(query.where(col(Dose.recorded_by_sealed).is_not(None))))


async def withdrawn_since(session: AsyncSession, person_id: int, now: datetime) -> list[Dose]:
    """Planned doses that were withdrawn although their window still runs."""
    query = select(Dose).where(
        Dose.person_id == person_id, Dose.state == DoseState.WITHDRAWN, Dose.window_end > now
    )
    return list(await session.exec(query.where(Dose.kind == DoseKind.PLANNED)))


async def planned_since(session: AsyncSession, person_ids: Collection[int], since: date) -> list[Dose]:
    """The planned doses of several people from a slot date on, in order of due instant."""
    query = _OF_PEOPLE.where(Dose.kind == DoseKind.PLANNED, Dose.slot_date >= since)
    return list(await session.exec(query, params={"people": list(person_ids)}))


class DoseRow(NamedTuple):
    """What became of a dose, without the rest of its row."""

    person_id: int
    regimen_id: int
    slot_date: date
    state: DoseState
    reason: SkipReason | None


async def seen_of_people(
    session: AsyncSession, person_ids: Sequence[int], since: date | None = None
) -> list[DoseRow]:
    """What became of the planned doses of several people, in order of day; from a slot date on, if given."""
    query = select_columns(
        col(Dose.person_id), col(Dose.regimen_id), col(Dose.slot_date), col(Dose.state), col(Dose.reason)
    ).where(col(Dose.person_id).in_(person_ids), col(Dose.kind) == DoseKind.PLANNED)
    if since is not None:
        query = query.where(col(Dose.slot_date) >= since)
    rows = await (await session.connection()).execute(query.order_by(col(Dose.slot_date)))
    return [DoseRow(*row) for row in rows]
