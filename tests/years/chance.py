"""Made-up people and what they do, all drawn from one seed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from scheduler.localtime import all_zones, zone
from scheduler.timing import (
    AsNeeded,
    Cycle,
    Daily,
    EveryNDays,
    EveryNWeeks,
    Interval,
    MonthDays,
    PerWeekday,
    Timing,
    Weekly,
)
from storage.vocabulary import DoseState, SkipReason
from tests.years import deeds, order
from tests.years.deeds import Deed
from tests.years.person import Dose, Person, Span

YEAR = timedelta(days=365)
HOURS = timedelta(hours=1)
_ZONES = sorted(all_zones())
_FIRST = datetime(2026, 4, 1, tzinfo=UTC)
_MORNINGS = (time(7), time(8), time(8, 30), time(9), time(2, 30), time(0, 0))
_EVENINGS = (time(18), time(20), time(21, 45), time(22), time(23, 30))


@dataclass(slots=True)
class Habits:
    """How somebody deals with reminders: shares of all, from 0 to 1."""

    answers: float
    snoozes: float = 0.06
    skips: float = 0.04
    late: float = 0.1
    undoes: float = 0.02
    corrects: float = 0.03
    early: float = 0.02
    moves: float = 0.0


@dataclass(slots=True)
class Fate:
    """Somebody and their year: what they will do at which instant, and what goes wrong."""

    person: Person
    habits: Habits
    begins: datetime
    ends: datetime
    plan: list[tuple[datetime, Deed]] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)


def fate(chance: Random, length: timedelta = YEAR, eventful: float = 1.0, orderly: bool = True) -> Fate:
    """One person, drawn. `eventful`: how many times as much happens as in an ordinary year.

    `orderly`: they move doses, follow plans, take as needed, and set their day and their quiet hours.
    """
    begins = _FIRST + timedelta(minutes=chance.randrange(3 * 365 * 24 * 60))
    ends = begins + length
    person = Person(
        a_zone(chance),
        nudges=chance.choice((0, 1, 3, 3, 3)),
        every=timedelta(minutes=chance.choice((10, 20, 20, 60))),
        quiet=chance.choice((None, None, None, (time(22), time(7)), (time(23), time(9)), (time(1), time(5)))),
    )
    drawn = Fate(person, Habits(chance.choice((0.97, 0.9, 0.75, 0.4))), begins, ends)
    per_year = eventful * (length / YEAR)
    drawn.away = _spans(chance, begins, ends, 6 * per_year, (0.05, 0.5, 2, 5, 14, 50))
    person.troubles = tuple(_spans(chance, begins, ends, 4 * per_year, (0.05, 0.3, 1, 6)))
    medicines = chance.choice((1, 1, 1, 1, 1, 2, 2, 3))
    for number in range(medicines):
        drawn.plan.append((begins + number * timedelta(minutes=7), deeds.Add(a_timing(chance, begins))))
    drawn.plan += _changes(chance, drawn, medicines, per_year)
    if orderly:
        drawn.habits.moves = chance.choice((0, 0.02, 0.05))
        drawn.plan += order.kept(chance, begins, ends, medicines, per_year)
    drawn.plan.sort(key=lambda planned: planned[0])
    return drawn


def a_zone(chance: Random) -> ZoneInfo:
    return zone(chance.choice(_ZONES))


def a_timing(chance: Random, now: datetime) -> Timing:
    """Of every kind; most people take theirs once a day."""
    kind = chance.choices(range(11), (50, 10, 6, 5, 5, 6, 3, 4, 4, 4, 3))[0]
    at, later, day = chance.choice(_MORNINGS), chance.choice(_EVENINGS), now.date()
    start = day - timedelta(days=chance.randrange(9))
    anchor = (now + chance.randrange(24) * HOURS).replace(minute=0, second=0, microsecond=0)
    makers = (
        lambda: Daily((chance.choice((at, later)),)),
        lambda: Daily((at, later)),
        lambda: Weekly(frozenset(chance.sample(range(7), chance.randrange(1, 6))), (later,)),
        lambda: PerWeekday(((at,),) * 5 + ((later,), ())),
        lambda: MonthDays(frozenset(chance.sample(range(1, 32), 3)), (at,)),
        lambda: EveryNDays(chance.choice((2, 3, 7)), start, (at,)),
        lambda: EveryNWeeks(2, frozenset({1, 4}), start, (later,)),
        lambda: Cycle(21, 7, start, (at,)),
        lambda: Interval(chance.choice((8, 12, 24, 36)), anchor, "due", _waking(chance)),
        lambda: Interval(chance.choice((8, 12, 24, 48)), anchor, "taken"),
        lambda: AsNeeded(4, 4),
    )
    try:
        return makers[kind]()
    except ValueError:  # so many hours do not fit into the waking time
        return Interval(12, anchor)


def _waking(chance: Random) -> tuple[time, time] | None:
    return chance.choice((None, (time(7), time(23)), (time(16), time(9))))


def _spans(
    chance: Random, begins: datetime, ends: datetime, count: float, lengths: tuple[float, ...]
) -> list[Span]:
    """Times of trouble: so many on average, of some hours each, none into another."""
    found: list[Span] = []
    at = begins + HOURS
    while count:
        at += (ends - begins) / count * chance.expovariate(1) + HOURS
        if at >= ends:
            break
        end = at + chance.choice(lengths) * HOURS * chance.uniform(0.5, 1.5)
        found.append((at.replace(microsecond=0), end.replace(microsecond=0)))
        at = end
    return found


def _changes(chance: Random, drawn: Fate, medicines: int, per_year: float) -> list[tuple[datetime, Deed]]:
    """Edits, pauses, travel, blocks and a stop, at any time of the year."""
    found: list[tuple[datetime, Deed]] = []

    def at() -> datetime:
        return (
            drawn.begins
            + HOURS
            + timedelta(seconds=chance.randrange(int((drawn.ends - drawn.begins).total_seconds())))
        )

    def some(most: float) -> range:
        return range(int(chance.uniform(0, most * per_year) + 0.5))

    for _ in some(4):
        when, one = at(), chance.randint(1, medicines)
        found.append((when, deeds.ChangeTimes(one, a_timing(chance, when))))
    for _ in some(4):
        when = at()
        home = drawn.person.zone
        found.append((when, deeds.Travel(a_zone(chance))))
        found.append((when + chance.uniform(8, 500) * HOURS, deeds.Travel(home)))
    for _ in some(3):
        when, which = at(), chance.choice((None, chance.randint(1, medicines)))
        until = when + chance.uniform(0.2, 200) * HOURS
        found += [(when, deeds.Pause(which)), (until, deeds.Resume(which))]
    for _ in some(2):
        when = at()
        found += [(when, deeds.Block()), (when + chance.uniform(0.2, 300) * HOURS, deeds.Unblock())]
    if chance.random() < 0.1:
        found.append((at(), deeds.Stop(chance.randint(1, medicines))))
    return [(when.replace(microsecond=0), deed) for when, deed in found]


def replies(chance: Random, habits: Habits, dose: Dose, now: datetime) -> list[tuple[timedelta, Deed]]:
    """What a reminder of a dose leads to, and how long it takes."""
    soon = timedelta(seconds=int(chance.expovariate(1 / 600)) + 2)
    key = dose.medicine, dose.slot
    luck = chance.random()
    if luck < habits.snoozes:
        return [(soon, deeds.PutOff(*key, chance.choice(("15", "60", "tonight"))))]
    if habits.moves and chance.random() < habits.moves:
        to = (now + timedelta(minutes=chance.randrange(5, 300))).replace(second=0, microsecond=0)
        return [(soon, deeds.Move(*key, to))]
    if luck > habits.answers:
        return []
    if chance.random() < habits.late:
        soon = timedelta(seconds=chance.randrange(12 * 3600))
    skips = chance.random() < habits.skips
    answer = (
        deeds.Answer(*key, DoseState.SKIPPED, chance.choice(tuple(SkipReason)))
        if skips
        else deeds.Answer(*key, DoseState.TAKEN)
    )
    found: list[tuple[timedelta, Deed]] = [(soon, answer)]
    if chance.random() < habits.undoes:
        found.append((soon + timedelta(seconds=chance.randrange(1, 9000)), deeds.Undo()))
    if chance.random() < habits.corrects:
        state = chance.choice((DoseState.TAKEN, DoseState.SKIPPED, DoseState.MISSED))
        reason = SkipReason.ADVISED if state is DoseState.SKIPPED else None
        found.append((soon + chance.uniform(0.1, 60) * HOURS, deeds.Correct(*key, state, reason)))
    return found
