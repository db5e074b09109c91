"""Reading what a visit summary is made of."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from bot.conversation.visit import Visit
from bot.reports import rules
from bot.reports.rules import Record, Regimen, Result, Version
from scheduler.timing import from_data
from storage import care, changes, checkins, declarations, doses, notices, questionnaires, regimens
from storage.regimens import RegimenVersion
from storage.scores import core_score
from storage.vocabulary import RegimenState


async def read(visit: Visit) -> Record:
    """The person's record of the last 90 days, as far as the page tells of it."""
    session, key, today = visit.session, visit.person.key, visit.today
    first = rules.first_day(today)
    return Record(
        today=today,
        regimens=await _regimens(visit),
        doses=await doses.due_doses(session, key, first, today),
        declared_changes=await _declared_changes(visit),
        scores=await _scores(visit, first),
        results=await _results(visit, first),
        notices=[notices.open_content(visit.sealer, row) for row in await notices.of_people(session, [key])],
        plans=await _plans(visit),
    )


async def _regimens(visit: Visit) -> list[Regimen]:
    rows = await regimens.versions_of_people(visit.session, [visit.person.key])
    return [
        Regimen(
            row.key,
            tuple(_version(visit, version) for _, version in versions),
            _local(visit, row.stopped_at),
            row.state is RegimenState.PAUSED,
            row.for_mood,
        )
        for row, versions in groupby(rows, key=lambda each: each[0])
    ]


def _version(visit: Visit, version: RegimenVersion) -> Version:
    name, amount = regimens.open_words(visit.sealer, version)
    return Version(visit.day_of(version.since), name, amount, from_data(version.timing))


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
