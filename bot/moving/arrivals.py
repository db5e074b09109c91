"""One line of a file of people, read: what `/export` hands over, checked before anything is written. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.moving.columns import BadLine, instant, values
from scheduler.localtime import UnknownZone, zone
from scheduler.timing import from_data
from storage.checkins import Checkin
from storage.crises import CrisisEvent
from storage.declarations import DeclaredFact
from storage.doses import Dose, DoseEvent
from storage.people import Consent, Person
from storage.questionnaires import Questionnaire
from storage.regimens import Regimen, RegimenVersion
from storage.safety_plans import SafetyPlan
from storage.vocabulary import DoseState

FORMAT = "evenkeel-export-1"
_A_MOMENT = timedelta(microseconds=1)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a regimen, with the words that are to be sealed, and its number in the file."""

    row: Row
    name: str
    amount: str
    was: int


@dataclass(frozen=True, slots=True)
class Medicine:
    """A regimen with its versions."""

    row: Row
    versions: Sequence[Version]


@dataclass(frozen=True, slots=True)
class PastDose:
    """A dose that has ended, the version it was of, and its events."""

    row: Row
    version: int
    events: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row with content that is to be sealed."""

    row: Row
    content: Any


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person with everything that is kept about them. `left_at` is when the data was handed over."""

    person: Row
    left_at: datetime
    consents: Sequence[Row]
    medicines: Sequence[Medicine]
    doses: Sequence[PastDose]
    checkins: Sequence[Sealed]
    questionnaires: Sequence[Sealed]
    declared: Sequence[Sealed]
    notices: Sequence[Sealed]
    care_team: Sequence[Mapping[str, Any]]
    care_file: Sealed | None
    crises: Sequence[Row]
    safety_plan: Sealed | None

    @property
    def address(self) -> tuple[str, str, str]:
        """Platform, account and reference: where the person talks."""
        return self.person["platform"], self.person["account"], self.person["ref"]


def read_line(line: str | bytes) -> Arrival:
    """A person from a line of JSON. Raises BadLine."""
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine("not JSON") from None
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise BadLine(f"not of the format {FORMAT}")
    try:
        return _arrival(given)
    except BadLine:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadLine(f"not understood ({type(error).__name__})") from None


def _arrival(given: Mapping[str, Any]) -> Arrival:
    left_at = instant(given["exported_at"])
    doses = _many(given, "doses")
    medicines = [_medicine(each, doses, left_at) for each in _many(given, "medicines")]
    versions = {version.was for medicine in medicines for version in medicine.versions}
    plan = given.get("safety_plan")
    care_file = given.get("care_file")
    return Arrival(
        person=_person(given["person"]),
        left_at=left_at,
        consents=[values(Consent, each) for each in _many(given, "consents")],
        medicines=medicines,
        doses=_doses(doses, _many(given, "dose_events"), versions),
        checkins=[_answered(Checkin, each) for each in _many(given, "checkins")],
        questionnaires=[_answered(Questionnaire, each) for each in _many(given, "questionnaires")],
        declared=[
            Sealed(values(DeclaredFact, each), (str(each["kind"]), date.fromisoformat(each["on"])))
            for each in _many(given, "declared")
        ],
        notices=[_notice(each) for each in _many(given, "notices")],
        care_team=[dict(each) for each in _many(given, "care_team")],
        care_file=Sealed({"changed_at": left_at}, dict(care_file)) if care_file is not None else None,
        crises=[values(CrisisEvent, each) for each in _many(given, "crisis_cards_shown")],
        safety_plan=_plan(plan) if plan is not None else None,
    )


def _many(given: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = given.get(name, [])
    if not isinstance(found, list):
        raise BadLine(f"{name} is not a list")
    return found


def _person(given: Mapping[str, Any]) -> Row:
    row = values(Person, given)
    try:
        zone(row["zone"] or "UTC")
    except UnknownZone:
        raise BadLine("person: zone is not one that we know") from None
    return row


def _medicine(given: Mapping[str, Any], doses: Sequence[Any], left_at: datetime) -> Medicine:
    """Its doses are planned anew from the first that was still open, or from the export on."""
    versions = [_version(each) for each in given["versions"]]
    ours = {version.was for version in versions}
    still_open = [
        instant(dose["due_at"]) - _A_MOMENT
        for dose in doses
        if dose["version_id"] in ours and dose["state"] == DoseState.OPEN
    ]
    row = values(Regimen, {"planned_through": min([left_at, *still_open]).isoformat(), **given})
    if [version.row["number"] for version in versions] != [*range(1, len(versions) + 1)]:
        raise BadLine("the versions of a medicine are not numbered from 1")
    if not versions:
        raise BadLine("a medicine without a version")
    return Medicine(row, versions)


def _version(given: Mapping[str, Any]) -> Version:
    row = values(RegimenVersion, given)
    try:
        from_data(row["timing"])
    except ValueError:
        raise BadLine("regimen_version: timing is not understood") from None
    return Version(row, _words(given, "name"), _words(given, "amount"), given["id"])


def _doses(given: Sequence[Any], events: Sequence[Any], versions: set[int]) -> list[PastDose]:
    """Those that have ended: an open one is asked anew by the bot that takes over."""
    of_dose: dict[int, list[Row]] = {}
    for event in events:
        of_dose.setdefault(event["dose_id"], []).append(values(DoseEvent, event))
    found = []
    for each in given:
        if each["version_id"] not in versions:
            raise BadLine("a dose of a medicine that is not there")
        row = values(Dose, {"snooze_limit": each["window_end"], **each})
        if row["state"] is not DoseState.OPEN:
            found.append(PastDose(row, each["version_id"], of_dose.get(each["id"], [])))
    return found


def _answered(table: type[Checkin] | type[Questionnaire], given: Mapping[str, Any]) -> Sealed:
    return Sealed(values(table, given), given.get("answers"))


def _notice(given: Mapping[str, Any]) -> Sealed:
    content = {name: value for name, value in given.items() if name != "id"}
    return Sealed({"told_at": instant(f"{date.fromisoformat(given['on'])}T12:00:00+00:00")}, content)


def _plan(given: Mapping[str, Any]) -> Sealed:
    people = [(_words(each, "name"), _words(each, "reach")) for each in given["people"]]
    steps = [str(step) for step in given["steps"]]
    return Sealed(values(SafetyPlan, given), (steps, people))


def _words(given: Mapping[str, Any], name: str) -> str:
    if not isinstance(given[name], str):
        raise BadLine(f"{name} is not text")
    return str(given[name])
