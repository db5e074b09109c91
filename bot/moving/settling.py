"""Writing arrivals down, many at a time: their words sealed, their rows in one statement for each table."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, tuple_
from sqlmodel import SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.moving.arrivals import Arrival, Row, Sealed
from storage import (
    adherence_days,
    care,
    declarations,
    dose_events,
    notes,
    notices,
    numbers,
    plans,
    regimens,
    safety_plans,
    stock,
    timers,
)
from storage.adherence import DueDose, day_counts
from storage.adherence_days import AdherenceDay
from storage.care import CareContact, CareFile
from storage.checkins import Checkin
from storage.crises import CrisisEvent
from storage.declarations import DeclaredFact
from storage.dose_events import DoseEvent
from storage.doses import Dose
from storage.notes import DoseNote
from storage.notices import Notice
from storage.people import Consent, Person, PersonKey
from storage.plans import RegimenStep
from storage.questionnaires import Questionnaire
from storage.regimens import Regimen, RegimenVersion
from storage.safety_plans import SafetyPlan
from storage.sealing import MasterKey, Sealer
from storage.stock import Stock
from storage.timers import Setting

Address = tuple[str, str, str]
_COUNTED = ("state", "due_at", "window_end", "reason", "taken_at", "kind")


async def known(session: AsyncSession, addresses: Collection[Address]) -> set[Address]:
    """The addresses where somebody lives already."""
    where = (col(Person.platform), col(Person.account), col(Person.ref))
    query = select(*where).where(tuple_(*where).in_(list(addresses)))
    return {(row[0], row[1], row[2]) for row in await (await session.connection()).execute(query)}


async def settle(
    session: AsyncSession, master: MasterKey, arrivals: Sequence[Arrival], now: datetime
) -> None:
    """Write these people down. Their rooms look at them at once."""
    batch = _Batch(master, await _ids(session, arrivals), now)
    for arrival in arrivals:
        batch.add(arrival)
    connection = await session.connection()
    for table, rows in batch.rows.items():  # in the order in which they refer to one another
        await connection.execute(insert(table), rows)
    await timers.put(session, batch.timers)


async def _ids(session: AsyncSession, arrivals: Sequence[Arrival]) -> dict[type[SQLModel], Iterator[int]]:
    counts: dict[type[SQLModel], int] = {
        Person: len(arrivals),
        Regimen: sum(len(each.medicines) for each in arrivals),
        RegimenVersion: sum(len(m.versions) for each in arrivals for m in each.medicines),
        Dose: sum(len(each.doses) for each in arrivals),
    }
    return {table: iter(await numbers.reserve(session, table, count)) for table, count in counts.items()}


class _Batch:
    """The rows of many people, by table."""

    def __init__(self, master: MasterKey, ids: dict[type[SQLModel], Iterator[int]], now: datetime) -> None:
        self._master, self._ids, self._now = master, ids, now
        self.rows: dict[type[SQLModel], list[Row]] = defaultdict(list)
        self.timers: list[Setting] = []

    def add(self, arrival: Arrival) -> None:
        key = next(self._ids[Person])
        wrapped = self._master.new_wrapped_key(key)
        sealer = self._master.sealer(wrapped, key)
        self._put(Person, {"id": key, **arrival.person})
        self._put(PersonKey, {"person_id": key, "wrapped": wrapped})
        of_person = {"person_id": key}
        self._put(Consent, *({**of_person, **row} for row in arrival.consents))
        self._medicines(key, sealer, arrival)
        for table, answered in ((Checkin, arrival.checkins), (Questionnaire, arrival.questionnaires)):
            for each in answered:
                sealed = _sealed_answers(sealer, table, each.content)
                self._put(table, {**of_person, **each.row, "answers_sealed": sealed})
        self._told(key, sealer, arrival)
        self._cared_for(key, sealer, arrival)
        self._put(CrisisEvent, *({**of_person, **row} for row in arrival.crises))
        self.timers += [Setting(key, room, self._now) for room in _rooms(arrival)]

    def _medicines(self, key: int, sealer: Sealer, arrival: Arrival) -> None:
        homes: dict[int, tuple[int, int]] = {}
        for medicine in arrival.medicines:
            regimen = next(self._ids[Regimen])
            self._put(Regimen, {"id": regimen, "person_id": key, **medicine.row})
            if medicine.stock is not None:
                per_amount = stock.seal_per_amount(sealer, medicine.stock.content)
                mine = {"regimen_id": regimen, "person_id": key, "per_amount_sealed": per_amount}
                self._put(Stock, {**mine, **medicine.stock.row})
            for version in medicine.versions:
                number = next(self._ids[RegimenVersion])
                homes[version.was] = (regimen, number)
                name, amount = regimens.seal_words(sealer, version.name, version.amount)
                words = {"name_sealed": name, "amount_sealed": amount}
                self._put(RegimenVersion, {"id": number, "regimen_id": regimen, **version.row, **words})
                for step in version.steps:
                    amounts = {"amounts_sealed": plans.seal_amounts(sealer, step.content)}
                    self._put(RegimenStep, {"version_id": number, **step.row, **amounts})
        self._doses(key, sealer, arrival, homes)

    def _doses(
        self, key: int, sealer: Sealer, arrival: Arrival, homes: Mapping[int, tuple[int, int]]
    ) -> None:
        due = []
        for dose in arrival.doses:
            number, (regimen, version_id) = next(self._ids[Dose]), homes[dose.version]
            home = {"id": number, "person_id": key, "regimen_id": regimen, "version_id": version_id}
            self._put(Dose, {**home, **_recorded(sealer, dose.dose)})
            due.append(_due(regimen, dose.row))
            of_dose = {"dose_id": number, "person_id": key}
            self._put(DoseEvent, *({**of_dose, **_recorded(sealer, event)} for event in dose.events))
            for note in dose.notes:
                sealed = notes.seal_content(sealer, note.content)
                self._put(DoseNote, {**of_dose, **note.row, "content_sealed": sealed})
        self._put(AdherenceDay, *(adherence_days.row_of(key, count) for count in day_counts(due)))

    def _told(self, key: int, sealer: Sealer, arrival: Arrival) -> None:
        for each in arrival.declared:
            sealed = declarations.seal_content(sealer, *each.content)
            self._put(DeclaredFact, {"person_id": key, **each.row, "content_sealed": sealed})
        for each in arrival.notices:
            sealed = notices.seal_content(sealer, each.content)
            self._put(Notice, {"person_id": key, **each.row, "content_sealed": sealed})

    def _cared_for(self, key: int, sealer: Sealer, arrival: Arrival) -> None:
        for contact in arrival.care_team:
            sealed = care.seal_content(sealer, CareContact, contact)
            self._put(CareContact, {"person_id": key, "content_sealed": sealed})
        if arrival.care_file is not None:
            sealed = care.seal_content(sealer, CareFile, arrival.care_file.content)
            self._put(CareFile, {"person_id": key, **arrival.care_file.row, "content_sealed": sealed})
        if arrival.safety_plan is not None:
            steps, people = safety_plans.seal_words(sealer, *arrival.safety_plan.content)
            words = {"steps_sealed": steps, "contacts_sealed": people}
            self._put(SafetyPlan, {"person_id": key, **arrival.safety_plan.row, **words})

    def _put(self, table: type[SQLModel], *rows: Row) -> None:
        if rows:
            self.rows[table] += rows


def _sealed_answers(sealer: Sealer, table: type[Checkin] | type[Questionnaire], answers: Any) -> bytes | None:
    if answers is None:
        return None
    return sealer.seal(str(table.__tablename__), "answers_sealed", json.dumps(answers))


def _recorded(sealer: Sealer, each: Sealed) -> Row:
    """A dose or a fact about one. Every row has the column, so that they go in one statement."""
    sealed = dose_events.seal_recorder(sealer, each.content) if each.content is not None else None
    return {**each.row, "recorded_by_sealed": sealed}


def _due(regimen: int, row: Row) -> DueDose:
    return DueDose(regimen_id=regimen, day=row["slot_date"], **{name: row[name] for name in _COUNTED})


def _rooms(arrival: Arrival) -> list[str]:
    """The rooms that have something to look at; each then knows by itself when to look again."""
    rooms = ["doses", "gaps"] if arrival.medicines else []
    if arrival.person["checkin_at"] is not None:
        rooms.append("mood")
    if arrival.person["phq"] is not None:
        rooms.append("phq")
    if arrival.checkins:
        rooms.append("notice")
    if arrival.care_file is not None or arrival.medicines:
        rooms.append("care")
    return rooms
