"""One line of a file of people, read: what `/export` hands over, checked before anything is written. Pure."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.escalation.care import file, team
from bot.escalation.noticing.told import told_from
from bot.moving.arrivals import Arrival, KeptDose, Medicine, Row, Sealed, Version
from bot.moving.columns import BadLine, day, instant, number, values
from scheduler.localtime import UnknownZone, zone
from scheduler.timing import Bounds, from_data
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
# What reading raises of data that is not as it should be.
_NOT_UNDERSTOOD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def read_line(line: bytes) -> Arrival:
    """A person from a line of JSON. Raises BadLine."""
    given = _plain(line)
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise BadLine(f"not of the format {FORMAT}")
    try:
        return _arrival(given)
    except _NOT_UNDERSTOOD as error:
        raise BadLine(f"not understood ({type(error).__name__})") from None


def _plain(line: bytes) -> Any:
    try:
        return _JSON.decode(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadLine("not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadLine("not JSON") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Which of two values was meant, nobody knows."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadLine("something is said twice")
    return found


def _no_number(_word: str) -> Any:
    raise BadLine("NaN or Infinity, which no number is")


_JSON = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


def _arrival(given: Mapping[str, Any]) -> Arrival:
    left_at = instant(given["exported_at"])
    doses = _many(given, "doses")
    medicines = [_medicine(each, doses, left_at) for each in _many(given, "medicines")]
    plan = given.get("safety_plan")
    care_file = given.get("care_file")
    return Arrival(
        person=_person(given["person"]),
        left_at=left_at,
        consents=[values(Consent, each) for each in _many(given, "consents")],
        medicines=medicines,
        doses=_doses(doses, _many(given, "dose_events"), _many(given, "dose_notes"), medicines),
        checkins=_checkins(_many(given, "checkins")),
        questionnaires=[_answered(Questionnaire, each, list) for each in _many(given, "questionnaires")],
        declared=[
            Sealed(values(DeclaredFact, each), (_words(each, "kind"), day(each["on"])))
            for each in _many(given, "declared")
        ],
        notices=[_notice(each) for each in _many(given, "notices")],
        care_team=[_contact(each) for each in _many(given, "care_team")],
        care_file=_care_file(care_file, left_at) if care_file is not None else None,
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
    if row["state"].settled and row["zone"] is None:
        raise BadLine("person: settled, without a zone")
    _check_zone("person: zone", row["zone"])
    return row


def _check_zone(name: str, key: str | None) -> None:
    try:
        zone(key or "UTC")
    except UnknownZone:
        raise BadLine(f"{name} is not one that we know") from None


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
    _check_zone("regimen: home_zone", row["home_zone"])
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
    Bounds(row["starts_on"], row["ends_on"])  # raises ValueError for an end before the start
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
    given: Sequence[Any], events: Sequence[Any], notes: Sequence[Any], medicines: Sequence[Medicine]
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
    _check_doses(given, events_of.keys() | notes_of.keys())
    homes = _homes(medicines)
    found, slots = [], set()
    for each in given:
        was, key = each["version_id"], each.get("id")
        if was not in homes:
            raise BadLine("a dose of a medicine that is not there")
        medicine, version = homes[was]
        row = _dose(each, version)
        if row["state"] is DoseState.OPEN:
            if row["moved_from"] is None and key not in notes_of:
                continue
            row |= _NOT_ASKED
        slots.add((medicine, row["slot_date"], row["slot_time"], row["kind"]))
        dose = Sealed(row, _recorder(each))
        found.append(KeptDose(dose, was, events_of.get(key, []), notes_of.get(key, [])))
    if len(slots) != len(found):
        raise BadLine("two doses of one slot")
    return found


def _check_doses(given: Sequence[Any], named: Iterable[int]) -> None:
    """Each has an id of its own, and what is said of a dose is said of one that is there. Raises BadLine."""
    ids = [each["id"] for each in given if "id" in each]
    known = set(ids)
    if len(known) != len(ids):
        raise BadLine("two doses with one id")
    if not known.issuperset(named):
        raise BadLine("an event or a note of a dose that is not there")


def _homes(medicines: Sequence[Medicine]) -> dict[int, tuple[int, Version]]:
    """The versions by their numbers in the file, each with the place of its medicine. Raises BadLine."""
    versions = [(place, version) for place, each in enumerate(medicines) for version in each.versions]
    homes = {version.was: (place, version) for place, version in versions}
    if len(homes) != len(versions):
        raise BadLine("two versions with one id")
    return homes


def _dose(given: Mapping[str, Any], version: Version) -> Row:
    row = values(Dose, {"snooze_limit": given["window_end"], **given})
    _check_zone("dose: zone", row["zone"])
    _check_amount(row, version)
    return row


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


def _checkins(given: Sequence[Any]) -> list[Sealed]:
    found = [_answered(Checkin, each, dict) for each in given]
    if len({each.row["day"] for each in found}) != len(found):
        raise BadLine("two check-ins of one day")
    return found


def _answered(
    table: type[Checkin] | type[Questionnaire], given: Mapping[str, Any], kind: type[Any]
) -> Sealed:
    """With its answers: whole numbers, by item or in the order of the items."""
    row, answers = values(table, given), given.get("answers")
    if answers is not None:
        numbers = answers.values() if isinstance(answers, dict) else answers
        if not isinstance(answers, kind) or not all(type(each) is int for each in numbers):
            raise BadLine(f"{table.__tablename__}: answers are not understood")
    return Sealed(row, answers)


def _notice(given: Mapping[str, Any]) -> Sealed:
    content = {name: value for name, value in given.items() if name != "id"}
    told_from(content)  # raises what the room that reads it again would raise
    return Sealed({"told_at": instant(f"{day(given['on'])}T12:00:00+00:00")}, content)


def _contact(given: Mapping[str, Any]) -> Mapping[str, Any]:
    team.read(given, 0)  # as above
    return given


def _care_file(given: Mapping[str, Any], left_at: datetime) -> Sealed:
    file.read(given)  # as above
    return Sealed({"changed_at": left_at}, given)


def _plan(given: Mapping[str, Any]) -> Sealed:
    people = [(_words(each, "name"), _words(each, "reach")) for each in given["people"]]
    steps = given["steps"]
    if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
        raise BadLine("safety_plan: steps are not texts")
    return Sealed(values(SafetyPlan, given), (steps, people))


def _words(given: Mapping[str, Any], name: str) -> str:
    if not isinstance(given[name], str):
        raise BadLine(f"{name} is not text")
    return str(given[name])
