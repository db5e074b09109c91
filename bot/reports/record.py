"""Reading what a visit summary is made of."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby, pairwise
from typing import Any

from bot.conversation.visit import Visit
from bot.reports import rules
from bot.reports.rules import Note, Record, Regimen, Result, Said, Version
from scheduler.plans import held
from scheduler.timing import from_data
from storage import (
    adherence_days,
    care,
    changes,
    checkins,
    declarations,
    dose_events,
    doses,
    notes,
    notices,
    plans,
    questionnaires,
    regimens,
    words,
)
from storage.plans import RegimenStep
from storage.regimens import RegimenVersion
from storage.scores import core_score
from storage.vocabulary import RegimenState, SkipReason

Steps = Mapping[int, Sequence[RegimenStep]]  # by version


async def read(visit: Visit) -> Record:
    """The person's record of the last 90 days, as far as the page tells of it."""
    session, key, today = visit.session, visit.person.key, visit.today
    first = rules.first_day(today)
    return Record(
        today=today,
        regimens=await _regimens(visit),
        counts=await adherence_days.of_person(session, key, first, today),
        skips=await doses.skips(session, key, SkipReason.SIDE_EFFECTS, first, today),
        notes=await _notes(visit, first),
        declared_changes=await _declared_changes(visit),
        scores=await _scores(visit, first),
        results=await _results(visit, first),
        notices=[notices.open_content(visit.sealer, row) for row in await notices.of_people(session, [key])],
        plans=await _plans(visit),
        said=await _said(visit, first),
        recorders=await _recorders(visit, first),
    )


async def _regimens(visit: Visit) -> list[Regimen]:
    rows = await regimens.versions_of_people(visit.session, [visit.person.key])
    steps = await plans.of_versions(visit.session, [version.key for _, version in rows])
    return [
        _regimen(visit, row, [version for _, version in versions], steps)
        for row, versions in groupby(rows, key=lambda each: each[0])
    ]


def _regimen(visit: Visit, row: regimens.Regimen, own: Sequence[RegimenVersion], steps: Steps) -> Regimen:
    versions = tuple(each for pair in pairwise([*own, None]) for each in _versions(visit, *pair, steps))
    until, ends = _local(visit, row.stopped_at), own[-1].ends_on
    if until is None and own[-1].key in steps and ends is not None and ends < visit.today:
        until = ends  # a plan that has ended
    return Regimen(row.key, versions, until, row.state is RegimenState.PAUSED, row.for_mood)


def _versions(
    visit: Visit, version: RegimenVersion | None, following: RegimenVersion | None, steps: Steps
) -> Iterator[Version]:
    """What a version was while it held: itself, or those of its steps that have begun, each with its day."""
    if version is None:
        return
    since = visit.day_of(version.since)
    name, amount = regimens.open_words(visit.sealer, version)
    own = steps.get(version.key)
    if not own:
        yield Version(since, name, amount, from_data(version.timing))
        return
    before = visit.day_of(following.since) if following is not None else None
    begun = [each for each in held([step.since for step in own], since, before) if each[1] <= visit.today]
    if not begun and following is None:
        begun = [(0, own[0].since)]  # a plan that is still to come
    for number, day in begun:
        amounts = plans.open_amounts(visit.sealer, own[number])
        yield Version(day, name, ", ".join(amounts), from_data(own[number].timing))


async def _notes(visit: Visit, first: date) -> list[Note]:
    rows = await notes.between(visit.session, visit.person.key, first, visit.today)
    return [
        Note(dose.slot_date, dose.regimen_id, notes.open_content(visit.sealer, row), row.kind)
        for row, dose in rows
    ]


async def _said(visit: Visit, first: date) -> list[Said]:
    since = datetime.combine(first, time(), visit.zone).astimezone(UTC)
    kept = await words.kept(visit.session, visit.sealer, visit.person.key, since, visit.now)
    return [Said(visit.day_of(each.at), each.by, each.text) for each in kept]


async def _recorders(visit: Visit, first: date) -> list[str]:
    rows = await doses.recorded_for(visit.session, visit.person.key, first, visit.today)
    return [dose_events.open_recorder(visit.sealer, row) or "" for row in rows]


async def _declared_changes(visit: Visit) -> list[date]:
    rows = await declarations.of_people(visit.session, [visit.person.key])
    return sorted(changes.changes(declarations.open_content(visit.sealer, row) for row in rows))


async def _scores(visit: Visit, first: date) -> dict[date, float | None]:
    rows = await checkins.between(visit.session, visit.person.key, first, visit.today)
    return {row.day: core_score(_answers(visit, "checkin", row.answers_sealed) or {}) for row in rows}


async def _results(visit: Visit, first: date) -> list[Result]:
    found = []
    for row in await questionnaires.done_of_people(visit.session, [visit.person.key]):
        on = _local(visit, row.done_at)
        answers: Sequence[int] = _answers(visit, "questionnaire", row.answers_sealed) or ()
        if on is not None and on >= first:
            name, highest = rules.SCALES.get(row.instrument, (row.instrument, None))
            found.append(Result(on, name, sum(answers), highest))
    return found


async def _plans(visit: Visit) -> dict[str, Any]:
    row = (await care.files(visit.session, [visit.person.key])).get(visit.person.key)
    return care.open_content(visit.sealer, row) if row is not None else {}


def _answers(visit: Visit, table: str, sealed: bytes | None) -> Any:
    return None if sealed is None else json.loads(visit.sealer.open(table, "answers_sealed", sealed))


def _local(visit: Visit, instant: datetime | None) -> date | None:
    return None if instant is None else visit.day_of(instant)
