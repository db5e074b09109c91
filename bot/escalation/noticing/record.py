"""From a person's rows to the days that the detector reads. Pure; missing stays missing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.escalation.recurrence.days import Day, Declared, Doses
from scheduler.timing import Daily, Interval, PerWeekday, Timing, Weekly
from storage import changes
from storage.vocabulary import DoseState, SkipReason

_ONE_DAY = timedelta(days=1)
# Medicines that are written down within a week after the first one were taken before; they are no change.
SETTING_UP = timedelta(days=7)
# Of a timing's parts: those that count by their number, and those that only say when it begins.
_COUNTED = frozenset({"times", "days"})
_WHEN = frozenset({"start", "anchor", "counted_from", "waking"})


class Said(StrEnum):
    """The kinds of declared facts, as they are stored. None may be renamed."""

    USUAL = "usual"  # the baseline that stood on that day is the person's usual
    USUAL_FROM = "usual_from"  # the baseline is to be taken anew from that day on
    STABLE_SINCE = changes.LAST_CHANGED  # the dose changed last about that day
    STABLE_LONG = changes.UNCHANGED_SINCE  # the dose is unchanged since that day at least
    DOSE_CHANGED = changes.CHANGED  # a dose or a medicine changed on that day
    HELPED_SINCE = "helped_since"  # this dose has helped since that day
    NOT_HELPED = "not_helped"  # as of that day this dose has not helped


@dataclass(frozen=True, slots=True)
class Answered:
    """One check-in: its day and its answers, 0..10, as they were given."""

    day: date
    answers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DoseSeen:
    """One dose of a medicine for the mood."""

    day: date
    state: DoseState
    reason: SkipReason | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """What a medicine was from a local day on: the words of its amount, and how often it is taken."""

    since: date
    amount: str
    timing: Timing


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine for the mood: its versions, oldest first, and the day on which it was stopped."""

    versions: tuple[Amount, ...]
    stopped: date | None = None

    @property
    def begun(self) -> date:
        """The day on which it was written down."""
        return self.versions[0].since


@dataclass(frozen=True, slots=True)
class Statement:
    """A declared fact: its kind, the day it is about, and the day it was said."""

    kind: Said
    on: date
    said: date


@dataclass(frozen=True, slots=True)
class Record:
    """All that the detector wants to know of one person. `phq` holds (day, sum of a PHQ-8 or PHQ-9)."""

    checkins: Sequence[Answered] = ()
    doses: Sequence[DoseSeen] = ()
    medicines: Sequence[Taken] = ()
    phq: Sequence[tuple[date, int]] = ()
    statements: Sequence[Statement] = ()


def days_of(record: Record, today: date, remission_days: int) -> tuple[list[Day], Declared]:
    """Every day from the first of which anything is known until today, and what is declared of before.

    `remission_days`: for so long a dose must have helped.
    """
    answers = {each.day: each.answers for each in record.checkins}
    doses = doses_by_day(record.doses)
    phq = _highest(record.phq)
    known = [day for day in (*answers, *doses, *phq) if day <= today]
    if not known:
        return [], _declared(record.statements)
    first = min(known)
    changes = dose_changes(record)
    helped = set(_helped(record.statements, changes, remission_days))
    days = [
        Day(
            date=day,
            down=_item(answers.get(day), "down"),
            interest=_item(answers.get(day), "interest"),
            restless=_item(answers.get(day), "restless"),
            heavy=_item(answers.get(day), "heavy"),
            doses=doses.get(day),
            dose_changed=day in changes,
            phq=phq.get(day),
            helped=day in helped,
        )
        for day in _each_day(first, today)
    ]
    before = [day for day in (*changes, *_long_since(record.statements)) if day < first]
    return days, _declared(record.statements, max(before, default=None))


def dose_changes(record: Record) -> set[date]:
    """The days on which a dose or a medicine for the mood changed, by the record or by the person's word."""
    said = declared_changes(record.statements)
    set_up = min((each.begun for each in record.medicines), default=date.min)
    return said | {day for each in record.medicines for day in _changes_of(each, set_up)}


def declared_changes(statements: Iterable[Statement]) -> set[date]:
    """The changes that hold by the person's word: a later word about the last one overrules all before."""
    return changes.changes((each.kind.value, each.on) for each in statements)


def usual_from(statements: Iterable[Statement]) -> date | None:
    """From when on the baseline is to be taken, by the person's last word."""
    return next((each.on for each in reversed(list(statements)) if each.kind is Said.USUAL_FROM), None)


def _declared(statements: Sequence[Statement], stable_since: date | None = None) -> Declared:
    return Declared(
        stable_since=stable_since,
        usual_from=usual_from(statements),
        usual_chosen=_usual_chosen(statements),
    )


def _usual_chosen(statements: Sequence[Statement]) -> bool:
    """Whether past days were called usual as they are: both words are said at once."""
    chosen = [each for each in statements if each.kind is Said.USUAL_FROM][-1:]
    return any(
        each.kind is Said.USUAL and each.said == choice.said and choice.on < choice.said
        for choice in chosen
        for each in statements
    )


def rhythm(timing: Timing) -> tuple[object, ...]:
    """How often a timing asks for a dose, without the hours: 08:00 moved to 09:00 is no change of dose.

    Other times at the weekend are none either, when they are as many.
    """
    if isinstance(timing, PerWeekday):
        return _rhythm_of_week([len(times) for times in timing.week if times])
    if isinstance(timing, Interval) and timing.waking is not None:
        return (type(timing).__name__, timing.hours, timing.doses_awake)
    told = {field.name: getattr(timing, field.name) for field in fields(timing)}
    counted = [len(value) if name in _COUNTED else value for name, value in told.items() if name not in _WHEN]
    return (type(timing).__name__, *counted)


def _rhythm_of_week(doses: Sequence[int]) -> tuple[object, ...]:
    """The rhythm of the days that have doses, which is that of a plainer timing when all have as many."""
    if len(set(doses)) > 1:
        return (PerWeekday.__name__, *sorted(doses))
    return (Daily.__name__, doses[0]) if len(doses) == 7 else (Weekly.__name__, len(doses), doses[0])


def _long_since(statements: Iterable[Statement]) -> Iterator[date]:
    return (each.on for each in statements if each.kind is Said.STABLE_LONG)


def _taken_back(word: Statement, later: Sequence[Statement], changes: set[date]) -> bool:
    """Whether the person said otherwise of the same dose: their next word about it is a no."""
    following = later[0] if later else None
    if following is None or following.kind is not Said.NOT_HELPED:
        return False
    return not any(word.said < change <= following.said for change in changes)


def _changes_of(medicine: Taken, set_up: date) -> Iterator[date]:
    if medicine.begun > set_up + SETTING_UP:
        yield medicine.begun
    of_days = {version.since: version for version in medicine.versions}  # the last of a day is what was meant
    for before, after in pairwise(of_days.values()):
        if _dose(before) != _dose(after):
            yield after.since
    if medicine.stopped is not None:
        yield medicine.stopped


def _dose(version: Amount) -> tuple[object, ...]:
    return "".join(version.amount.casefold().split()), rhythm(version.timing)


def _helped(statements: Iterable[Statement], changes: set[date], remission_days: int) -> Iterator[date]:
    """The days from which on a dose counts as one that has helped, by the person's word.

    A word about a dose holds until the dose changes, or until the person says otherwise.
    """
    told = [each for each in statements if each.kind in (Said.HELPED_SINCE, Said.NOT_HELPED)]
    for number, each in enumerate(told):
        if each.kind is Said.NOT_HELPED:
            continue
        from_day = max(each.said, each.on + timedelta(days=remission_days))
        changed = any(each.on < change <= from_day for change in changes)
        if not changed and not _taken_back(each, told[number + 1 :], changes):
            yield from_day


def doses_by_day(doses: Iterable[DoseSeen]) -> dict[date, Doses]:
    """The doses of each day. Open, withdrawn and advised ones were never due."""
    by_day: dict[date, list[DoseState]] = defaultdict(list)
    for dose in doses:
        if dose.state not in (DoseState.OPEN, DoseState.WITHDRAWN) and dose.reason is not SkipReason.ADVISED:
            by_day[dose.day].append(dose.state)
    return {day: _counted(states) for day, states in by_day.items()}


def _counted(states: Sequence[DoseState]) -> Doses:
    taken = states.count(DoseState.TAKEN)
    return Doses(
        due=len(states),
        answered=taken + states.count(DoseState.SKIPPED),
        taken=taken,
        missed=states.count(DoseState.MISSED),
    )


def _highest(sums: Iterable[tuple[date, int]]) -> dict[date, int]:
    highest: dict[date, int] = {}
    for day, total in sums:
        highest[day] = max(total, highest.get(day, 0))
    return highest


def _item(answers: Mapping[str, int] | None, item: str) -> float | None:
    value = answers.get(item) if answers is not None else None
    return None if value is None else float(value)


def _each_day(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _ONE_DAY
