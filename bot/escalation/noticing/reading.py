"""Reads what the detector wants to know out of a person's sealed rows, and what they were told before."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise

from bot.conversation.visit import Visit
from bot.escalation.noticing.look import Look, look_at
from bot.escalation.noticing.record import (
    Amount,
    Answered,
    DoseSeen,
    Record,
    Said,
    Statement,
    Taken,
    days_of,
)
from bot.escalation.noticing.told import Told, told_from
from bot.escalation.recurrence.policy import shipped_policy
from scheduler.plans import held
from scheduler.timing import from_data
from storage import checkins, declarations, doses, notices, plans, questionnaires, regimens
from storage.checkins import CheckinSeen
from storage.declarations import DeclaredFact
from storage.doses import DoseRow
from storage.notices import Notice
from storage.plans import RegimenStep
from storage.questionnaires import Questionnaire
from storage.regimens import Regimen, RegimenVersion
from storage.vocabulary import CheckinState

Steps = Mapping[int, Sequence[RegimenStep]]  # by version

# Whose sum the detector knows; the PHQ-2 has another scale.
_SUMS = frozenset({"phq8", "phq9"})


async def look(visit: Visit) -> Look:
    """Where this person stands today."""
    return (await looks([visit]))[0]


async def looks(visits: Sequence[Visit]) -> list[Look]:
    """Where each of several people stands today. Everything that they answered in years is read at once.

    Opening and charting it takes a while, so that is done in a worker thread, one person after the other.
    """
    session, people = visits[0].session, [visit.person.key for visit in visits]
    rows = {key: _Rows() for key in people}
    for seen in await checkins.answers_of_people(session, people):
        rows[seen.person_id].answered.append(seen)
    for dose in await doses.seen_of_people(session, people):
        rows[dose.person_id].due.append(dose)
    for regimen, version in await regimens.versions_of_people(session, people):
        rows[regimen.person_id].versions.append((regimen, version))
    keys = [version.key for person in rows.values() for _, version in person.versions]
    steps = await plans.of_versions(session, keys)
    for filled in await questionnaires.done_of_people(session, people):
        rows[filled.person_id].filled.append(filled)
    for declared in await declarations.of_people(session, people):
        rows[declared.person_id].declared.append(declared)
    return [await asyncio.to_thread(_look, visit, rows[visit.person.key], steps) for visit in visits]


async def told(visit: Visit) -> list[tuple[Notice, Told]]:
    """What this person was told before, oldest first."""
    return (await told_all([visit]))[0]


async def told_all(visits: Sequence[Visit]) -> list[list[tuple[Notice, Told]]]:
    """What each of several people was told before, oldest first."""
    found: dict[int, list[Notice]] = defaultdict(list)
    for row in await notices.of_people(visits[0].session, [visit.person.key for visit in visits]):
        found[row.person_id].append(row)
    return [
        [(row, told_from(notices.open_content(visit.sealer, row))) for row in found[visit.person.key]]
        for visit in visits
    ]


async def statements(visit: Visit) -> list[Statement]:
    """What this person declared, oldest first."""
    rows = await declarations.of_people(visit.session, [visit.person.key])
    return [_statement(visit, row) for row in rows]


@dataclass(frozen=True, slots=True)
class _Rows:
    """A person's rows as they lie in the database."""

    answered: list[CheckinSeen] = field(default_factory=list)
    due: list[DoseRow] = field(default_factory=list)
    versions: list[tuple[Regimen, RegimenVersion]] = field(default_factory=list)
    filled: list[Questionnaire] = field(default_factory=list)
    declared: list[DeclaredFact] = field(default_factory=list)


def _look(visit: Visit, rows: _Rows, steps: Steps) -> Look:
    policy = shipped_policy()
    mood = {regimen.key for regimen, _ in rows.versions if regimen.for_mood}
    record = Record(
        checkins=[_answered(visit, row) for row in rows.answered if row.state is not CheckinState.OPEN],
        doses=[DoseSeen(row.slot_date, row.state, row.reason) for row in rows.due if row.regimen_id in mood],
        medicines=_medicines(visit, rows.versions, steps),
        phq=[_sum(visit, row) for row in rows.filled if row.instrument in _SUMS],
        statements=[_statement(visit, row) for row in rows.declared],
    )
    days, declared = days_of(record, visit.today, policy.classes.remission_days)
    agreed = (each.on for each in record.statements if each.kind is Said.USUAL)
    return look_at(days, declared, policy, max(agreed, default=None))


def _answered(visit: Visit, row: CheckinSeen) -> Answered:
    if row.answers_sealed is None:
        return Answered(row.day, {})
    opened = json.loads(visit.sealer.open("checkin", "answers_sealed", row.answers_sealed))
    return Answered(row.day, {str(item): int(value) for item, value in opened.items()})


def _sum(visit: Visit, row: Questionnaire) -> tuple[date, int]:
    answers = json.loads(visit.sealer.open("questionnaire", "answers_sealed", row.answers_sealed or b""))
    return visit.day_of(row.done_at or row.asked_at), sum(answers)


def _statement(visit: Visit, row: DeclaredFact) -> Statement:
    kind, on = declarations.open_content(visit.sealer, row)
    return Statement(Said(kind), on, visit.day_of(row.said_at))


def _medicines(visit: Visit, versions: Sequence[tuple[Regimen, RegimenVersion]], steps: Steps) -> list[Taken]:
    found = []
    for regimen, rows in groupby(versions, key=lambda each: each[0]):
        own = [version for _, version in rows]
        amounts = [each for pair in pairwise([*own, None]) for each in _amounts(visit, *pair, steps)]
        if regimen.for_mood and amounts:
            found.append(Taken(tuple(amounts), _stopped(visit, regimen, own[-1], steps)))
    return found


def _amounts(
    visit: Visit, version: RegimenVersion | None, following: RegimenVersion | None, steps: Steps
) -> Iterator[Amount]:
    """What a version was while it held: one amount, or those of its steps that have begun."""
    if version is None:
        return
    since = visit.day_of(version.since)
    own = steps.get(version.key)
    if not own:
        yield Amount(since, regimens.open_words(visit.sealer, version)[1], from_data(version.timing))
        return
    before = visit.day_of(following.since) if following is not None else None
    for number, day in held([step.since for step in own], since, before):
        if day <= visit.today:
            amounts = plans.open_amounts(visit.sealer, own[number])
            yield Amount(day, ", ".join(amounts), from_data(own[number].timing))


def _stopped(visit: Visit, regimen: Regimen, newest: RegimenVersion, steps: Steps) -> date | None:
    """The day on which it was stopped, or the first one after a plan that has ended."""
    if regimen.stopped_at is not None:
        return visit.day_of(regimen.stopped_at)
    over = newest.key in steps and newest.ends_on is not None and newest.ends_on < visit.today
    return newest.ends_on + timedelta(days=1) if over and newest.ends_on is not None else None
