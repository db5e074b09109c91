"""What goes into a visit summary: the record of a period, picked and put in order. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import pairwise, takewhile
from typing import Any

from scheduler.timing import Timing
from storage.adherence import Adherence, DayCount, bare_days, figures
from storage.vocabulary import NoteKind

PERIOD_DAYS = 90
LONGEST_NOTE = 160  # of a note, as much as a page has room for; the export holds the rest
# Medicines that are written down within a week of the first one were taken before: no change of dose.
SETTING_UP = timedelta(days=7)
# The questionnaires there are, by key: what they are called, and their highest sum.
SCALES = {"phq9": ("PHQ-9", 27), "phq8": ("PHQ-8", 24), "phq2": ("PHQ-2", 6)}


@dataclass(frozen=True, slots=True)
class Version:
    """What a regimen was from one local day on."""

    since: date
    name: str
    amount: str
    timing: Timing


@dataclass(frozen=True, slots=True)
class Regimen:
    """A regimen with its versions, oldest first. `until` is the local day on which it was stopped."""

    key: int
    versions: tuple[Version, ...]
    until: date | None = None
    paused: bool = False
    for_mood: bool = True


@dataclass(frozen=True, slots=True)
class Medicine:
    """A regimen as it is now, or was when it was stopped. `number` tells it apart where no name is shown."""

    number: int
    key: int
    name: str
    amount: str
    timing: Timing
    since: date
    amount_since: date
    until: date | None
    paused: bool
    for_mood: bool


class ChangeKind(StrEnum):
    """What changed. DECLARED: the person said so, and said no more."""

    ADDED = "added"
    AMOUNT = "amount"
    TIMES = "times"
    NAME = "name"
    STOPPED = "stopped"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Change:
    """One change on one local day, of the medicine with this number (0 for none)."""

    on: date
    kind: ChangeKind
    number: int = 0
    before: Version | None = None
    after: Version | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A finished questionnaire: when, which, and its sum. `highest` is None where it is not known."""

    on: date
    name: str
    total: int
    highest: int | None


@dataclass(frozen=True, slots=True)
class Noticed:
    """A notice: when, of what kind, and with what class of pattern."""

    on: date
    kind: str
    pattern: str | None


@dataclass(frozen=True, slots=True)
class Appointment:
    """What is planned. `at` is a local wall-clock time."""

    on: date
    at: time | None
    who: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The adherence of one medicine; of all together where `number` is None."""

    number: int | None
    adherence: Adherence


@dataclass(frozen=True, slots=True)
class Note:
    """What the person wrote down with a dose, on its day; `number` is the medicine's, in a record its key."""

    on: date
    number: int
    words: str
    kind: NoteKind


@dataclass(frozen=True, slots=True)
class Said:
    """What a caregiver told, on its day, and the person kept; `by` is empty where they have no name."""

    on: date
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class Record:
    """What was read: everything of the period, sorted by nothing but time.

    `skips`: the days and regimens of doses that were skipped because of side effects. `recorders`: who
    recorded a dose for the person, once for each.
    """

    today: date
    regimens: Sequence[Regimen] = ()
    counts: Sequence[DayCount] = ()
    declared_changes: Iterable[date] = ()
    scores: Mapping[date, float | None] | None = None
    results: Sequence[Result] = ()
    notices: Sequence[Mapping[str, Any]] = ()
    plans: Mapping[str, Any] | None = None
    skips: Iterable[tuple[date, int]] = ()
    notes: Iterable[Note] = ()
    said: Iterable[Said] = ()
    recorders: Iterable[str] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that the page says. `named`: it says the names and amounts of the medicines.

    `recorded`: who recorded doses for the person, and how many.
    """

    first: date
    today: date
    named: bool
    appointment: Appointment | None
    questions: tuple[str, ...]
    medicines: tuple[Medicine, ...]
    changes: tuple[Change, ...]
    figures: tuple[Figures, ...]
    mood: tuple[tuple[date, float | None], ...]
    marked: tuple[date, ...]
    bare: tuple[date, ...]
    results: tuple[Result, ...]
    notices: tuple[Noticed, ...]
    side_effects: tuple[tuple[date, int], ...]
    notes: tuple[Note, ...]
    said: tuple[Said, ...]
    recorded: tuple[tuple[str, int], ...]

    @property
    def by_others(self) -> bool:
        """Whether some of it was said or recorded by somebody else."""
        return bool(self.said or self.recorded)


def first_day(today: date) -> date:
    """The first day of the period that ends today."""
    return today - timedelta(days=PERIOD_DAYS - 1)


def summary(record: Record, *, named: bool) -> Summary:
    """The page of a record. Lists of what happened begin with the newest."""
    first, today = first_day(record.today), record.today
    shown = [each for each in record.regimens if each.until is None or each.until >= first]
    numbers = {each.key: number for number, each in enumerate(shown, 1)}
    for_mood = {each.key for each in shown if each.for_mood}
    changes = _changes(record, shown, first)
    scores = record.scores or {}
    days = [first + timedelta(days=number) for number in range(PERIOD_DAYS)]
    medicines = tuple(_medicine(each, number) for number, each in enumerate(shown, 1))
    return Summary(
        first=first,
        today=today,
        named=named,
        appointment=_appointment(record.plans or {}, today),
        questions=_questions(record.plans or {}, shown, named=named),
        medicines=medicines,
        changes=changes,
        figures=_figures(record, shown),
        mood=tuple((day, scores.get(day)) for day in days),
        marked=tuple(sorted(_marked(changes, record.regimens, numbers, for_mood))),
        bare=tuple(day for day in bare_days(c for c in record.counts if c.regimen_id in for_mood)),
        results=tuple(sorted(record.results, key=lambda result: result.on, reverse=True)),
        notices=tuple(_notices(record.notices, first)),
        side_effects=_side_effects(record.skips, numbers),
        notes=_notes(record, shown, numbers, named=named),
        said=_said(record, shown, named=named),
        recorded=tuple(sorted(Counter(record.recorders).items())),
    )


def _medicine(regimen: Regimen, number: int) -> Medicine:
    newest = regimen.versions[-1]
    return Medicine(
        number,
        regimen.key,
        newest.name,
        newest.amount,
        newest.timing,
        regimen.versions[0].since,
        _amount_since(regimen.versions),
        regimen.until,
        regimen.paused,
        regimen.for_mood,
    )


def _amount_since(versions: Sequence[Version]) -> date:
    """From which day on the amount has been what it is now."""
    unchanged = takewhile(lambda version: version.amount == versions[-1].amount, reversed(versions))
    return list(unchanged)[-1].since


def _changes(record: Record, shown: Sequence[Regimen], first: date) -> tuple[Change, ...]:
    """What changed in the period, newest first."""
    found = [Change(day, ChangeKind.DECLARED) for day in set(record.declared_changes)]
    for number, regimen in enumerate(shown, 1):
        found.append(Change(regimen.versions[0].since, ChangeKind.ADDED, number, None, regimen.versions[0]))
        found += _edits(regimen, number)
        if regimen.until is not None:
            found.append(Change(regimen.until, ChangeKind.STOPPED, number))
    inside = [change for change in found if first <= change.on <= record.today]
    return tuple(sorted(inside, key=lambda change: (-change.on.toordinal(), change.number)))


def _edits(regimen: Regimen, number: int) -> Iterable[Change]:
    """The changes between what held at the end of one day and at the end of a later one."""
    settled = list({version.since: version for version in regimen.versions}.values())
    for before, after in pairwise(settled):
        for kind, differs in (
            (ChangeKind.AMOUNT, before.amount != after.amount),
            (ChangeKind.TIMES, before.timing != after.timing),
            (ChangeKind.NAME, before.name != after.name),
        ):
            if differs:
                yield Change(after.since, kind, number, before, after)


def _marked(
    changes: Iterable[Change], regimens: Sequence[Regimen], numbers: Mapping[int, int], for_mood: set[int]
) -> set[date]:
    """The days of a change of dose or medicine that the chart marks: of medicines for the mood."""
    counted = {0, *(numbers[key] for key in for_mood)}
    set_up = min((each.versions[0].since for each in regimens), default=date.min) + SETTING_UP
    return {
        change.on
        for change in changes
        if change.number in counted
        and (
            change.kind in (ChangeKind.AMOUNT, ChangeKind.STOPPED, ChangeKind.DECLARED)
            or (change.kind is ChangeKind.ADDED and change.on > set_up)
        )
    }


def _figures(record: Record, shown: Sequence[Regimen]) -> tuple[Figures, ...]:
    """All together first; then each medicine, when there are several."""
    found = [Figures(None, figures(record.counts, record.today))]
    if len(shown) > 1:
        for number, regimen in enumerate(shown, 1):
            own = [count for count in record.counts if count.regimen_id == regimen.key]
            found.append(Figures(number, figures(own, record.today)))
    return tuple(found)


def _notices(contents: Iterable[Mapping[str, Any]], first: date) -> list[Noticed]:
    """The notices of the period, newest first; a row that cannot be read is left out."""
    found = []
    for content in contents:
        on = _day(content.get("on"))
        if on is not None and on >= first:
            pattern = content.get("class")
            found.append(Noticed(on, str(content.get("kind")), None if pattern is None else str(pattern)))
    return sorted(found, key=lambda notice: notice.on, reverse=True)


def _notes(
    record: Record, shown: Sequence[Regimen], numbers: Mapping[int, int], *, named: bool
) -> tuple[Note, ...]:
    """The person's own words, newest first; without names, a medicine's name is a sign in them, too."""
    names = set() if named else {version.name for regimen in shown for version in regimen.versions}
    kept = (
        replace(note, number=numbers[note.number], words=_short(without_names(note.words, names)))
        for note in record.notes
        if note.number in numbers
    )
    return tuple(sorted(kept, key=lambda note: note.on, reverse=True))


def _said(record: Record, shown: Sequence[Regimen], *, named: bool) -> tuple[Said, ...]:
    """The words of others, newest first, under the same rule of names."""
    names = set() if named else {version.name for regimen in shown for version in regimen.versions}
    kept = (replace(each, words=_short(without_names(each.words, names))) for each in record.said)
    return tuple(sorted(kept, key=lambda each: each.on, reverse=True))


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_NOTE else words[: LONGEST_NOTE - 1] + "…"


def _side_effects(
    skips: Iterable[tuple[date, int]], numbers: Mapping[int, int]
) -> tuple[tuple[date, int], ...]:
    """The days and medicines of doses that were skipped because of side effects, newest first."""
    skipped = {(day, numbers[regimen]) for day, regimen in skips if regimen in numbers}
    return tuple(sorted(skipped, key=lambda each: (-each[0].toordinal(), each[1])))


def _appointment(plans: Mapping[str, Any], today: date) -> Appointment | None:
    """What is planned, if it is not over."""
    found = plans.get("appointment")
    on = _day(found.get("on")) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping) or on is None or on < today:
        return None
    return Appointment(on, _time(found.get("at")), str(found.get("with") or ""))


def _questions(plans: Mapping[str, Any], shown: Sequence[Regimen], *, named: bool) -> tuple[str, ...]:
    """The person's own questions; without names, a medicine's name gives way to a sign in them, too."""
    questions = tuple(str(each) for each in plans.get("questions") or ())
    if named:
        return questions
    names = {version.name for regimen in shown for version in regimen.versions}
    return tuple(without_names(question, names) for question in questions)


def without_names(words: str, names: Iterable[str]) -> str:
    """Words in which each of these names is a sign, in whatever letters it is written."""
    for name in sorted(names, key=len, reverse=True):
        words = re.sub(re.escape(name), "…", words, flags=re.IGNORECASE)
    return words


def _time(found: object) -> time | None:
    try:
        return time.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None


def _day(found: object) -> date | None:
    try:
        return date.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None
