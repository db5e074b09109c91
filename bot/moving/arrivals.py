"""One line of a file of people, read: what `/export` hands over, checked before anything is written. Pure."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.moving.columns import BadLine, instant, number, values
from scheduler.localtime import UnknownZone, zone
from scheduler.timing import from_data
from storage.checkins import Checkin
from storage.crises import CrisisEvent
from storage.declarations import DeclaredFact
from storage.dose_events import DoseEvent
from storage.doses import Dose
from storage.notes import DoseNote
from storage.people import Consent, Person
from storage.plans import RegimenStep
from storage.questionnaires import Questionnaire
from storage.regimens import Regimen, RegimenVersion
from storage.safety_plans import SafetyPlan
from storage.stock import Stock
from storage.vocabulary import DoseState

FORMAT = "evenkeel-export-1"
_A_MOMENT = timedelta(microseconds=1)
# What an open dose starts anew from.
_NOT_ASKED = {"asked": 0, "reached": False, "next_ask_at": None, "snoozed_until": None, "told_at": None}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A row with content that is to be sealed."""

    row: Row
    content: Any


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a regimen, with the words that are to be sealed, its steps, and its number in the file."""

    row: Row
    name: str
    amount: str
    steps: Sequence[Sealed]
    was: int


@dataclass(frozen=True, slots=True)
class Medicine:
    """A regimen with its versions, and its stock if that was counted."""

    row: Row
    versions: Sequence[Version]
    stock: Sealed | None


@dataclass(frozen=True, slots=True)
class KeptDose:
    """A dose that has ended, or that no planning would bring back; the version it is of, events and notes.

    It and its events are sealed with the name of the helper who recorded them, or None.
    """

    dose: Sealed
    version: int
    events: Sequence[Sealed]
    notes: Sequence[Sealed]

    @property
    def row(self) -> Row:
        """The dose itself."""
        return self.dose.row


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person with everything that is kept about them. `left_at` is when the data was handed over."""

    person: Row
    left_at: datetime
    consents: Sequence[Row]
    medicines: Sequence[Medicine]
    doses: Sequence[KeptDose]
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
    versions = {version.was: version for medicine in medicines for version in medicine.versions}
    plan = given.get("safety_plan")
    care_file = given.get("care_file")
    return Arrival(
        person=_person(given["person"]),
        left_at=left_at,
        consents=[values(Consent, each) for each in _many(given, "consents")],
        medicines=medicines,
        doses=_doses(doses, _many(given, "dose_events"), _many(given, "dose_notes"), versions),
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
    stock = given.get("stock")
    return Medicine(row, versions, _stock(stock) if stock is not None else None)


def _stock(given: Mapping[str, Any]) -> Sealed:
    try:
        per_amount = {amount: number(takes) for amount, takes in given.get("per_amount", {}).items()}
    except ValueError:
        raise BadLine("stock: per_amount is not understood") from None
    return Sealed(values(Stock, given), per_amount)


def _version(given: Mapping[str, Any]) -> Version:
    row = _timed(RegimenVersion, given)
    steps = [_step(each) for each in _many(given, "steps")]
    if [step.row["number"] for step in steps] != [*range(len(steps))]:
        raise BadLine("the steps of a version are not numbered from 0")
    return Version(row, _words(given, "name"), _words(given, "amount"), steps, given["id"])


def _step(given: Mapping[str, Any]) -> Sealed:
    amounts = _many(given, "amounts")
    if not amounts or not all(isinstance(amount, str) for amount in amounts):
        raise BadLine("amounts are not texts")
    return Sealed(_timed(RegimenStep, given), amounts)


def _timed(table: type[RegimenVersion] | type[RegimenStep], given: Mapping[str, Any]) -> Row:
    row = values(table, given)
    try:
        from_data(row["timing"])
    except ValueError:
        raise BadLine(f"{table.__tablename__}: timing is not understood") from None
    return row


def _doses(
    given: Sequence[Any], events: Sequence[Any], notes: Sequence[Any], versions: Mapping[int, Version]
) -> list[KeptDose]:
    """Those that have ended: an open one is asked anew by the bot that takes over.

    One that was moved, or has a note, stays open: planned anew it would be without.
    """
    events_of = _by_dose(
        (each["dose_id"], Sealed(values(DoseEvent, each), _recorder(each))) for each in events
    )
    notes_of = _by_dose(
        (each["dose_id"], Sealed(values(DoseNote, each), _words(each, "content"))) for each in notes
    )
    found = []
    for each in given:
        was, key = each["version_id"], each.get("id")
        if was not in versions:
            raise BadLine("a dose of a medicine that is not there")
        row = values(Dose, {"snooze_limit": each["window_end"], **each})
        _check_amount(row, versions[was])
        if row["state"] is DoseState.OPEN:
            if row["moved_from"] is None and key not in notes_of:
                continue
            row |= _NOT_ASKED
        dose = Sealed(row, _recorder(each))
        found.append(KeptDose(dose, was, events_of.get(key, []), notes_of.get(key, [])))
    return found


def _recorder(given: Mapping[str, Any]) -> str | None:
    return _words(given, "recorded_by") if "recorded_by" in given else None


def _by_dose(found: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    of_dose: dict[int, list[Any]] = defaultdict(list)
    for dose, each in found:
        of_dose[dose].append(each)
    return of_dose


def _check_amount(dose: Row, version: Version) -> None:
    """The amount of a dose must be one of its version. Raises BadLine."""
    step, turn = dose["step"], dose["turn"] or 0
    if step is None:
        return
    if not 0 <= step < len(version.steps) or not 0 <= turn < len(version.steps[step].content):
        raise BadLine("a dose of a step that is not there")


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
